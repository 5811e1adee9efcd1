"""Writing timecodes: reviewed openings and endings of one (episode, translation)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from catalog.errors import TimecodeNotFound
from catalog.models import Anime, Episode, EpisodeKind, Timecode, Translation
from catalog.services.changes import catalog_change_record
from core.errors import NotFound, ValidationFailed

SLACK_SECONDS = 30.0
"""How far past the known length a time may lie: lengths are rounded, cuts differ between releases."""
MAX_SECONDS = 6 * 3600.0
"""The latest time of an episode whose length nobody knows."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Opening and ending in seconds; a pair of None says "reviewed: there is none"."""

    intro_start: float | None = None
    intro_end: float | None = None
    outro_start: float | None = None
    outro_end: float | None = None


@transaction.atomic
def timecode_set(*, actor: User, anime: Anime, episode_number: int, translation_id: str = "", spans: Spans) -> Timecode:
    """Write the row of one (episode, translation); "" is the fallback of all translations.

    Raises `NotFound` for an episode that the anime does not have, `ValidationFailed` for times that are no spans within it.
    """
    _check_translation(translation_id, "translation_id")
    _check_spans(spans, latest=_latest(anime, episode_number))
    row, _created = Timecode.objects.update_or_create(
        anime=anime,
        episode_number=episode_number,
        translation_id=translation_id,
        defaults={
            "intro_start": spans.intro_start,
            "intro_end": spans.intro_end,
            "outro_start": spans.outro_start,
            "outro_end": spans.outro_end,
            "updated_by": actor,
        },
    )
    catalog_change_record(anime_ids=[anime.pk])
    return row


@transaction.atomic
def timecode_copy(*, actor: User, anime: Anime, episode_number: int, source: str, target: str) -> Timecode:
    """Copy the times of one translation's row to another's of the same episode; either may be "" (the fallback).

    The source row is locked, so that what is copied is what was there. Raises `TimecodeNotFound`, `ValidationFailed`.
    """
    if source == target:
        raise ValidationFailed({"to": [_("Copying needs two different translations.")]})
    _check_translation(target, "to")
    rows = Timecode.objects.select_for_update().filter(anime=anime, episode_number=episode_number)
    found = rows.filter(translation_id=source).first()
    if found is None:
        raise TimecodeNotFound()
    row, _created = Timecode.objects.update_or_create(
        anime=anime,
        episode_number=episode_number,
        translation_id=target,
        defaults={
            "intro_start": found.intro_start,
            "intro_end": found.intro_end,
            "outro_start": found.outro_start,
            "outro_end": found.outro_end,
            "updated_by": actor,
        },
    )
    catalog_change_record(anime_ids=[anime.pk])
    return row


@transaction.atomic
def timecode_delete(*, anime: Anime, episode_number: int, translation_id: str = "") -> bool:
    """Take the row away, so that the episode counts as not reviewed; False when there was none."""
    deleted, _by_model = Timecode.objects.filter(
        anime=anime, episode_number=episode_number, translation_id=translation_id
    ).delete()
    if deleted:
        catalog_change_record(anime_ids=[anime.pk])
    return bool(deleted)


def _check_translation(code: str, parameter: str) -> None:
    if code and not Translation.objects.filter(code=code).exists():
        raise ValidationFailed({parameter: [_("There is no such translation.")]})


def _latest(anime: Anime, episode_number: int) -> float:
    """The last second that a time of this episode may name; raises `NotFound` when there is no such episode."""
    episode = Episode.objects.filter(anime=anime, kind=EpisodeKind.REGULAR, number=episode_number).first()
    if episode is None and not 1 <= episode_number <= (anime.episode_count or 0):
        raise NotFound()
    length = (episode.duration_seconds if episode else None) or anime.duration_seconds
    return length + SLACK_SECONDS if length else MAX_SECONDS


def _check_spans(spans: Spans, *, latest: float) -> None:
    fields: dict[str, list] = {}
    for name, start, end in (
        ("intro", spans.intro_start, spans.intro_end),
        ("outro", spans.outro_start, spans.outro_end),
    ):
        if (start is None) != (end is None):
            fields[f"{name}_end" if end is None else f"{name}_start"] = [_("Give both ends or neither.")]
        elif start is not None and end is not None:
            if start < 0:
                fields[f"{name}_start"] = [_("Times begin at 0.")]
            elif start >= end:
                fields[f"{name}_end"] = [_("The end must come after the start.")]
            elif end > latest:
                fields[f"{name}_end"] = [_("The episode is shorter than that.")]
    if not fields and _overlap(spans):
        fields["outro_start"] = [_("Opening and ending overlap.")]
    if fields:
        raise ValidationFailed(fields)


def _overlap(spans: Spans) -> bool:
    if spans.intro_start is None or spans.outro_start is None:
        return False
    return spans.intro_start < (spans.outro_end or 0) and spans.outro_start < (spans.intro_end or 0)
