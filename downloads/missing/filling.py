"""One click to fill: what is missing and can be had goes into the queue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import TRANSLATION_KINDS
from core.errors import DomainError, NotFound, ValidationFailed
from downloads.configuration.store import configuration
from downloads.errors import DownloadExists
from downloads.missing.gathering import EpisodeGap, facts_of_many, gaps_of
from downloads.missing.states import Wish
from downloads.models import Priority
from downloads.queue.enqueue import MAX_HEIGHT, download_enqueue

MOST_AT_ONCE = 500
"""Episodes that one request queues; the rest are skipped as `too_many` and go with the next one."""
MOST_CHOSEN = 5000
_BATCH = 50
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Queued:
    """An episode that is in the queue now."""

    kind: str
    number: int
    download_id: UUID


@dataclass(frozen=True, slots=True)
class Skipped:
    """An episode that was not queued. `reason` is a `GapState` (present, in_queue, not_aired, no_source, no_allowed_host),
    `unknown` for a number that the anime does not have, `too_many`, or the code of an error.
    """

    kind: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of each episode that was asked for, in order."""

    queued: tuple[Queued, ...]
    skipped: tuple[Skipped, ...]


def wish_checked(variant_kind: str, variant_language: str) -> Wish:
    """The variant that a person chose; raises `ValidationFailed` for what is none."""
    fields: dict[str, list] = {}
    if variant_kind and variant_kind not in TRANSLATION_KINDS:
        fields["variant_kind"] = [_("One of: dub, sub, raw.")]
    if variant_language and (len(variant_language) > 12 or not _LANGUAGE.fullmatch(variant_language)):
        fields["variant_language"] = [_("A language as in BCP 47, “de” or “pt-BR”.")]
    if fields:
        raise ValidationFailed(fields)
    return Wish(variant_kind, variant_language, is_strict=bool(variant_kind or variant_language))


def quality_checked(quality: int) -> int:
    """A height in pixels; raises `ValidationFailed` for what is none."""
    if not 0 <= quality <= MAX_HEIGHT:
        raise ValidationFailed({"quality": [_("A height in pixels from 0 to 4320.")]})
    return quality


def anime_fill(
    *,
    actor: User | None,
    anime_id: int,
    variant_kind: str | None = None,
    variant_language: str | None = None,
    quality: int | None = None,
    priority: Priority = Priority.NORMAL,
    season: int | None = None,
    episodes: Sequence[int] | None = None,
) -> Filled:
    """Queue the regular episodes of an anime that are missing and can be had now: all, those of a `season` as TheTVDB counts
    them, or those whose numbers are in `episodes`. None as variant or quality takes the operator's; "" takes any.

    Asking twice changes nothing: what is there or in the queue is skipped, and said. An episode whose last download failed is
    tried again. Raises `NotFound` for an anime that there is not, `ValidationFailed` for a variant, quality or season that is
    none.
    """
    values = configuration()
    kind = values.variant if variant_kind is None else variant_kind
    language = values.language if variant_language is None else variant_language
    height = quality_checked(values.quality if quality is None else quality)
    wish = wish_checked(kind, language)
    facts = facts_of_many([anime_id]).get(anime_id)
    if facts is None:
        raise NotFound()
    gaps = {gap.number: gap for gap in gaps_of(facts, wish) if gap.kind == "regular"}
    numbers = _numbers(gaps, season, episodes)
    ready = [number for number in numbers if number in gaps and gaps[number].is_fillable]
    chosen = set(ready[:MOST_AT_ONCE])
    queued, refused = _queue(actor, anime_id, sorted(chosen), wish, height, priority)
    skipped = [
        Skipped("regular", number, _reason(gaps.get(number), refused.get(number, "")))
        for number in numbers
        if number not in queued
    ]
    return Filled(tuple(Queued("regular", number, queued[number]) for number in sorted(queued)), tuple(skipped))


def _numbers(gaps: dict[int, EpisodeGap], season: int | None, episodes: Sequence[int] | None) -> list[int]:
    if episodes is not None:
        if len(episodes) > MOST_CHOSEN:
            raise ValidationFailed({"episodes": [_("At most 5000 episodes.")]})
        return sorted(set(episodes))
    if season is None:
        return sorted(gaps)
    found = sorted(number for number, gap in gaps.items() if gap.season == season)
    if not found and season == 1 and all(gap.season is None for gap in gaps.values()):
        return sorted(gaps)  # nobody counts its seasons: it is one
    if not found:
        raise ValidationFailed({"season": [_("This anime has no such season.")]})
    return found


def _queue(
    actor: User | None, anime_id: int, numbers: Sequence[int], wish: Wish, quality: int, priority: Priority
) -> tuple[dict[int, UUID], dict[int, str]]:
    """{number: download} of what was queued, {number: code} of what was refused. Not longer than a batch in one transaction:
    others write meanwhile.
    """
    queued: dict[int, UUID] = {}
    refused: dict[int, str] = {}
    for start in range(0, len(numbers), _BATCH):
        with transaction.atomic():
            for number in numbers[start : start + _BATCH]:
                try:
                    with transaction.atomic():
                        download = download_enqueue(
                            actor=actor,
                            anime_id=anime_id,
                            number=number,
                            variant_kind=wish.kind,
                            variant_language=wish.language,
                            quality=quality,
                            priority=priority,
                        )
                except DownloadExists:
                    refused[number] = "in_queue"
                except DomainError as error:
                    refused[number] = error.code
                else:
                    queued[number] = download.pk
    return queued, refused


def _reason(gap: EpisodeGap | None, refused: str) -> str:
    if gap is None:
        return "unknown"
    if refused:
        return refused
    return "too_many" if gap.is_fillable else str(gap.state)
