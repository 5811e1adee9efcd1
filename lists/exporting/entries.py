"""A person's list as the writers take it: every entry, private ones and hidden anime too, in a lasting order."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.facade import User
from catalog.facade import Site, anime_outlines, external_ids_of
from lists.models import ListEntry
from lists.services.states import EntryState
from lists.services.stored_states import states_of

CHUNK = 500
IDENTIFYING = (
    Site.HIROBA,
    Site.MAL,
    Site.SHIKIMORI,
    Site.ANILIST,
    Site.ANIDB,
    Site.BANGUMI,
    Site.KITSU,
    Site.LIVECHART,
    Site.ANISEARCH,
    Site.ANIMEPLANET,
    Site.ANIMENEWSNETWORK,
)
"""Sites whose ids name one anime, the strongest first; TheTVDB, TMDB and Simkl count shows."""


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """One entry with what a file says of its anime. `site_id` is the id on the format's site, "" for none there.

    `ids` are {site: ids}; `extras` what an import of the same site left behind.
    """

    anime_id: int
    site_id: str
    title: str
    kind: str
    episode_count: int | None
    ids: Mapping[str, list[str]]
    state: EntryState
    extras: Mapping[str, Any]
    created_at: dt.datetime
    updated_at: dt.datetime


def entries_exported(user: User, *, site: str | None) -> Iterator[ExportedEntry]:
    """By the number of the anime on `site`, those without one after all others by ours; without a site all by ours.

    An id that two anime share (AniList has such) goes to the first of them: there it is one entry. About three queries for
    500 entries and one for 400 ids.
    """
    anime_ids = list(ListEntry.objects.filter(user=user).order_by("anime_id").values_list("anime_id", flat=True))
    order = _order(anime_ids, site)
    for start in range(0, len(order), CHUNK):
        part = order[start : start + CHUNK]
        wanted = [anime_id for _, anime_id in part]
        entries = {row.anime_id: row for row in ListEntry.objects.filter(user=user, anime_id__in=wanted)}
        states = states_of(user, entries.values())
        outlines = anime_outlines(wanted)
        ids = external_ids_of(wanted, sites=[str(known) for known in IDENTIFYING])
        for site_id, anime_id in part:
            entry, outline = entries.get(anime_id), outlines.get(anime_id)
            if entry is None or outline is None:  # removed since the order was read
                continue
            yield ExportedEntry(
                anime_id=anime_id,
                site_id=site_id,
                title=outline.title,
                kind=outline.kind,
                episode_count=outline.episode_count,
                ids=ids.get(anime_id, {}),
                state=states[anime_id],
                extras=entry.extras if isinstance(entry.extras, dict) else {},
                created_at=entry.created_at,
                updated_at=entry.updated_at,
            )


def _order(anime_ids: list[int], site: str | None) -> list[tuple[str, int]]:
    if site is None:
        return [(str(anime_id), anime_id) for anime_id in anime_ids]
    there = external_ids_of(anime_ids, sites=[site])
    taken: dict[str, int] = {}
    for anime_id in anime_ids:
        for value in there.get(anime_id, {}).get(site, []):
            if value.isascii() and value.isdigit() and value not in taken:
                taken[value] = anime_id
                break
    named = sorted(((value, anime_id) for value, anime_id in taken.items()), key=lambda pair: (int(pair[0]), pair[1]))
    known = set(taken.values())
    return named + [("", anime_id) for anime_id in anime_ids if anime_id not in known]


def extras_of(entry: ExportedEntry, name: str) -> dict[str, Any]:
    """What an import of the site `name` knew besides; {} for nothing."""
    found = entry.extras.get(name)
    return dict(found) if isinstance(found, dict) else {}
