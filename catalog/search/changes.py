"""What the database says: the anime with their names, and which of them changed since the index was written."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Self

import orjson
from django.db import connection

from catalog.importing.precedence import STUB
from catalog.models import Anime, CatalogChange, Title, Visibility
from catalog.search.engine import SCHEMA_VERSION, Source

_CHUNK = 2_000
# PostgreSQL hands out ids before the commit: a lower id may appear after a higher one. Ids that are missing are looked
# for again this long, which no catalogue transaction takes.
_LATE_SECONDS = 600
_LATE_LIMIT = 1_000
# More news than this is read faster by building the index anew.
_LOG_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class State:
    """How far an index has followed the database. Committed together with the documents it speaks of.

    `change` is the id of the last change applied (0: none) and `stamp` its time, which tells a database that was
    restored or replaced from the one that was indexed. `late` are skipped ids that may still appear → Unix time noticed.
    """

    change: int
    stamp: str
    late: dict[int, float] = field(default_factory=dict)
    version: int = field(default_factory=lambda: SCHEMA_VERSION)

    def dump(self) -> str:
        """The text that `load` reads."""
        return orjson.dumps(asdict(self), option=orjson.OPT_NON_STR_KEYS).decode()

    @classmethod
    def load(cls, text: str) -> Self:
        """Raises ValueError when the text is not a state of this version."""
        try:
            values = orjson.loads(text)
            late = {int(change): noticed for change, noticed in values["late"].items()}
            state = cls(values["change"], values["stamp"], late, values["version"])
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("not a state of the title index") from error
        if state.version != SCHEMA_VERSION:
            raise ValueError("the title index has another version")
        return state


@dataclass(frozen=True, slots=True)
class Changes:
    """What must be done to follow the database: everything anew, or just `anime_ids`."""

    state: State
    anime_ids: frozenset[int] = frozenset()
    is_everything: bool = False


def newest() -> tuple[int, str]:
    """Id and time of the newest change; (0, "") when nothing was ever changed. One indexed query."""
    row = CatalogChange.objects.order_by("-id").values_list("id", "created_at").first()
    return (row[0], row[1].isoformat()) if row else (0, "")


def state_now() -> State:
    """The state of an index that is built from what the database holds now; read it before the anime."""
    change, stamp = newest()
    start = max(0, change - _LATE_LIMIT)
    seen = set(CatalogChange.objects.filter(id__gt=start, id__lte=change).values_list("id", flat=True))
    return State(change, stamp, _late_ids(State(start, ""), seen, change))


def is_behind(state: State) -> bool:
    """Whether the database has moved on, was replaced, or shows a change that came late."""
    if newest() != (state.change, state.stamp):
        return True
    return bool(state.late) and CatalogChange.objects.filter(id__in=list(state.late)).exists()


def changes_since(state: State) -> Changes:
    """What happened after `state`; everything, when the log does not reach back to it or says so."""
    target = state_now()
    everything = Changes(target, is_everything=True)
    if not state.change or target.change < state.change:
        return everything
    log = CatalogChange.objects.filter(id__gte=state.change).order_by("id")
    rows = list(log.values_list("id", "anime_id", "created_at")[: _LOG_LIMIT + 1])
    if not rows or len(rows) > _LOG_LIMIT or (rows[0][0], rows[0][2].isoformat()) != (state.change, state.stamp):
        return everything
    last_id, _, last_time = rows[-1]
    late = list(CatalogChange.objects.filter(id__in=list(state.late)).values_list("id", "anime_id"))
    changed = [anime_id for _, anime_id, _ in rows[1:]] + [anime_id for _, anime_id in late]
    anime_ids = frozenset(anime_id for anime_id in changed if anime_id is not None)
    if None in changed:
        return everything
    waiting = _late_ids(state, {row[0] for row in rows} | {change for change, _ in late}, last_id)
    return Changes(State(last_id, last_time.isoformat(), waiting), anime_ids)


def _late_ids(state: State, seen: set[int], last_id: int) -> dict[int, float]:
    """Skipped ids that an open transaction may still bring. SQLite has one writer at a time: none there."""
    if connection.vendor == "sqlite":
        return {}
    now = time.time()
    waiting = {change: noticed for change, noticed in state.late.items() if change not in seen}
    first = max(state.change, last_id - 10 * _LATE_LIMIT) + 1
    waiting |= {change: now for change in range(first, last_id) if change not in seen and change not in waiting}
    fresh = {change: noticed for change, noticed in waiting.items() if now - noticed < _LATE_SECONDS}
    return dict(sorted(fresh.items())[-_LATE_LIMIT:])


def anime_sources(anime_ids: Sequence[int] | None = None) -> Iterator[Source]:
    """What the index keeps of the given anime (all of them without an argument), a few thousand at a time.

    Anime that are gone or merged into another are left out: the caller removes them.
    """
    if anime_ids is not None:
        for start in range(0, len(anime_ids), _CHUNK):
            yield from _sources(list(anime_ids[start : start + _CHUNK]))
        return
    last = 0
    while chunk := list(Anime.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:_CHUNK]):
        yield from _sources(chunk)
        last = chunk[-1]


def _sources(anime_ids: list[int]) -> Iterator[Source]:
    names: dict[int, list[str]] = defaultdict(list)
    titles = Title.objects.filter(anime_id__in=anime_ids).order_by("anime_id", "position", "id")
    for anime_id, text in titles.values_list("anime_id", "text"):
        names[anime_id].append(text)
    rows = Anime.objects.filter(id__in=anime_ids, merged_into__isnull=True).order_by("id")
    fields = ("id", "title", "title_english", "title_native", "popularity", "is_adult", "visibility", "origin")
    for anime_id, romaji, english, native, members, is_adult, visibility, origin in rows.values_list(*fields):
        titles_of = tuple(dict.fromkeys(text for text in (romaji, english, native, *names[anime_id]) if text))
        yield Source(anime_id, titles_of, members, is_adult, visibility == Visibility.HIDDEN or origin == STUB)
