"""A title's episode list as its provider has it now."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from providers.adapters.drafts import EpisodeDraft
from providers.models import ProviderEpisode, ProviderTitle
from providers.numbering.belief import number_is_believed
from providers.services.episode_sources import rows_update, sources_sync
from providers.services.mirrors import is_variant

__all__ = ["episodes_store", "sources_sync"]

MOST = 20_000
"""How many entries of one list are kept."""
MAX_NUMBER, MAX_SEASON = 2**31 - 1, 32_767
MAX_URL, MAX_LABEL = 1000, 300
SCHEMES = frozenset({"http", "https", "library"})
FIELDS = ("label", "first", "last", "season", "is_batch", "released_on", "variants", "position", "gone_at")
_BATCH = 500
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, order=True)
class _Newest:
    """An episode's place in the order in which they come out."""

    season: int
    number: int


def episodes_store(*, title: ProviderTitle, drafts: Iterable[EpisodeDraft]) -> list[ProviderEpisode]:
    """Make a title's list what `drafts` say, oldest first, and give back the entries that are new.

    An entry is known by its address; those that the list has no more stay, marked with when they went. A number beyond all
    known ones moves the title's `latest_episode`, and `released_at` to now: it came out since the last look; one far beyond
    all others, and beyond the anime, does not. One short transaction that holds the title; what is not an address, or stands
    there twice, is left out.
    """
    now = timezone.now()
    wanted = _rows(title, drafts)
    with transaction.atomic():
        held = ProviderTitle.objects.select_for_update(of=("self",)).select_related("anime").get(pk=title.pk)
        count = held.anime.episode_count if held.anime else None
        known = {row.url: row for row in ProviderEpisode.objects.filter(title=title)}
        before = _newest(known.values(), count)
        new = [row for url, row in wanted.items() if url not in known]
        changed = [known[url] for url, row in wanted.items() if url in known and _take(known[url], row)]
        for url, row in known.items():
            if url not in wanted and row.gone_at is None:
                row.gone_at = now
                changed.append(row)
        ProviderEpisode.objects.bulk_create(new, batch_size=_BATCH)
        rows_update(changed, FIELDS)
        _title_note(held, before, _newest(wanted.values(), count), now)
        held.save(update_fields=["latest_episode", "released_at", "episodes_at", "updated_at"])
    title.latest_episode, title.released_at, title.episodes_at = held.latest_episode, held.released_at, now
    return new


def _rows(title: ProviderTitle, drafts: Iterable[EpisodeDraft]) -> dict[str, ProviderEpisode]:
    """{address: unsaved row} of what can be stored, in order."""
    rows: dict[str, ProviderEpisode] = {}
    for draft in drafts:
        url = _address(draft.url)
        if not url or url in rows:
            continue
        first = _number(draft.first, MAX_NUMBER)
        rows[url] = ProviderEpisode(
            title=title,
            url=url,
            label=_UNSTORABLE.sub(" ", draft.label).strip()[:MAX_LABEL],
            first=first,
            last=None if first is None else max(first, _number(draft.last, MAX_NUMBER) or first),
            season=_number(draft.season, MAX_SEASON),
            is_batch=draft.is_batch,
            released_on=draft.released_on,
            variants=_variants(draft.variants),
            position=len(rows),
        )
        if len(rows) == MOST:
            break
    return rows


def _take(row: ProviderEpisode, said: ProviderEpisode) -> bool:
    """Set what the list says now; whether that is anything new."""
    differs = [name for name in FIELDS if getattr(row, name) != getattr(said, name)]
    for name in differs:
        setattr(row, name, getattr(said, name))
    return bool(differs)


def _newest(rows: Iterable[ProviderEpisode], count: int | None) -> _Newest | None:
    """The last single episode of the last season; films, extras and batches tell nothing.

    Nor does a number far beyond what the anime has and what stands before it in the list, unless there is no other.
    """
    numbered = sorted(
        _Newest(row.season or 1, row.last)
        for row in rows
        if row.last is not None and row.season != 0 and not row.is_batch
    )
    newest, known = None, count
    for one in numbered:
        if number_is_believed(one.number, known):
            newest, known = one, max(known, one.number) if known else None
    return newest or (numbered[-1] if numbered else None)


def _title_note(title: ProviderTitle, before: _Newest | None, newest: _Newest | None, now: datetime.datetime) -> None:
    """Set the newest episode. The first look at a list says nothing of when it came out."""
    title.episodes_at = now
    if newest is None or (before is not None and newest <= before):
        return
    is_known = title.latest_episode == newest.number and before is None
    if not is_known and (before is not None or title.latest_episode is not None):
        title.released_at = now
    title.latest_episode = newest.number


def _address(url: str) -> str:
    """An address that people may be led to, or a path of the library; "" for anything else."""
    url = url.strip()
    if len(url) > MAX_URL or _UNSTORABLE.search(url):
        return ""
    try:
        return url if urlsplit(url).scheme.lower() in SCHEMES else ""
    except ValueError:
        return ""


def _number(value: int | None, most: int) -> int | None:
    return value if value is not None and 0 <= value <= most else None


def _variants(given: Sequence[tuple[str, str]]) -> list[list[Any]]:
    return [list(one) for one in dict.fromkeys(given) if is_variant(one)]
