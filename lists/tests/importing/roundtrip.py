"""A list that uses everything a list has, and what of an exported file must come back: for the tests of reading, writing, import."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

import orjson

from accounts.models import User
from catalog.models import Anime, ExternalId
from catalog.tests.factories import AnimeFactory
from lists.exporting import list_write
from lists.importing.reading import list_read
from lists.importing.records import ReadList
from lists.models import ListEntry
from lists.services.states import EntryState
from lists.services.stored_states import states_store

ODD_NOTES = "Two\nlines, a \"quote\", <b>no tag</b> & an ]]> end, 日本語, emoji 🎌, &#1; and 'apostrophes'"
STATES = (
    EntryState(status="planned"),
    EntryState(status="watching", score=70, episodes_watched=3, started_on="2024-05-17", tags=("kept", "later on")),
    EntryState(
        status="completed",
        score=100,
        episodes_watched=12,
        rewatch_count=2,
        started_on="2019-01-02",
        finished_on="2020-05-01",
        notes=ODD_NOTES,
        is_favourite=True,
    ),
    EntryState(status="on_hold", score=10, episodes_watched=11, is_private=True, notes='=HYPERLINK("http://evil","x")'),
    EntryState(status="dropped", episodes_watched=1, notes="'=1 as it was written"),
    EntryState(status="rewatching", score=50, episodes_watched=5, rewatch_count=1, tags=("a tag",)),
)
"""Scores in whole tens and whole dates: every format can say those."""
PRECISE = (
    EntryState(status="watching", score=73, episodes_watched=2, started_on="2020-05"),
    EntryState(status="completed", score=0, episodes_watched=12, finished_on="2021", tags=("a,b", "aa")),
)
"""What only some formats can say."""
EXTRAS = {
    "mal": {"my_priority": "HIGH", "my_storage": "Hard Drive", "my_id": "77", "my_dvd": "3"},
    "anilist": {"priority": 2, "hiddenFromStatusLists": True, "advancedScores": {"Story": 8.5}},
    "kitsu": {"id": "991", "progressedAt": "2023-09-01T12:00:00.000Z"},
}


def list_fill(
    user: User, states: Iterable[EntryState] = STATES, *, first_id: int = 100, site_ids: bool = True
) -> list[Anime]:
    """An entry for each state, of anime with ids on every site (or on none); the first has `EXTRAS`. Returns the anime."""
    made = []
    for offset, state in enumerate(states):
        number = first_id + offset
        title = f"Title <{number}> & “=more”"
        anime = AnimeFactory(title=title, episode_count=12, mal_id=number) if site_ids else AnimeFactory(title=title)
        if site_ids:
            for site, value in (("anilist", number + 5_000), ("kitsu", number + 7_000)):
                ExternalId.objects.create(anime=anime, site=site, value=str(value))
        states_store(user, {anime.pk: (None, state)})
        made.append(anime)
    if made and site_ids:
        ListEntry.objects.filter(user=user, anime=made[0]).update(extras=EXTRAS)
    return made


def exported(user: User, format: str) -> bytes:
    return b"".join(list_write(user=user, format=format))


def read_back(data: bytes) -> ReadList:
    return list_read(file=io.BytesIO(data))


_TIMES = frozenset({"createdAt", "updatedAt", "created_at", "updated_at", "progressed_at"})
_OWNER = re.compile(rb"<user_name>[^<]*</user_name>")


def content_of(format: str, data: bytes, *, has_times: bool = False) -> Any:
    """What must be the same when a list is exported, imported into an empty account and exported again: everything but whose
    it is and, unless `has_times`, when entries were changed.
    """
    dropped = frozenset({"name", "owner"}) | (frozenset() if has_times else _TIMES)
    if format in ("mal", "shiki_xml"):
        return _OWNER.sub(b"", data)
    if format == "yamtrack":
        rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
        return [{name: cell for name, cell in row.items() if name not in dropped} for row in rows]
    return _without(orjson.loads(data), dropped)


def _without(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(one, names) for name, one in value.items() if name not in names}
    return [_without(one, names) for one in value] if isinstance(value, list) else value
