"""Finds the posters of the catalogue that look like a given cover.

All hashes stand in memory, once a process: comparing 100,000 takes 0.1 ms, where PostgreSQL would read the whole table and
SQLite cannot count bits. A row is never changed, only replaced (`services.poster_hashes`), so what is new has a higher id.
"""

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from providers.models import CoverHash

if TYPE_CHECKING:
    import numpy

    Ids = numpy.ndarray[Any, numpy.dtype[numpy.int64]]
    Values = numpy.ndarray[Any, numpy.dtype[numpy.uint64]]

RELOAD_SECONDS = 600.0
"""After this long everything is read again: rows that other processes committed out of order, or deleted."""

Row = tuple[int, int, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """`last` is the row (id, value, hashed_at) with the highest id, None of an empty table; `at` monotonic seconds."""

    ids: "Ids"
    values: "Values"
    last: Row | None
    at: float


_known: _Known | None = None
_lock = threading.Lock()


def covers_near(value: int, *, within: int) -> list[tuple[int, int]]:
    """[(anime_id, distance)] of all posters up to `within` bits from `value` (signed), nearest first, then by id.

    Two short queries and nothing else while the table stands still; what was stored before the call is found.
    """
    import numpy as np

    known = _refreshed()
    wanted = np.array([value], np.int64).view(np.uint64)
    distances = np.bitwise_count(known.values ^ wanted)
    places = np.flatnonzero(distances <= within)
    if not len(places):
        return []
    near = {int(known.ids[place]): int(distances[place]) for place in places}
    # The rows say whose they are now: an anime may have been merged away since.
    rows = CoverHash.objects.filter(pk__in=near).values_list("pk", "anime_id")
    return sorted(((anime_id, near[pk]) for pk, anime_id in rows), key=lambda found: (found[1], found[0]))


def _refreshed() -> _Known:
    """What is known, with the rows that came since. The last known row is asked for as well: it tells whether it still is."""
    global _known
    with _lock:
        known = _known
        if known is not None and known.last is not None and time.monotonic() - known.at < RELOAD_SECONDS:
            rows = _rows(known.last[0])
            if rows and rows[0] == known.last:
                if len(rows) > 1:
                    known = _known = _joined(known, rows[1:])
                return known
        _known = _joined(None, _rows(0))
        return _known


def _rows(first_id: int) -> list[Row]:
    return list(CoverHash.objects.filter(pk__gte=first_id).order_by("pk").values_list("pk", "value", "hashed_at"))


def _joined(known: _Known | None, rows: list[Row]) -> _Known:
    import numpy as np

    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    values = np.fromiter((row[1] for row in rows), np.int64, len(rows)).view(np.uint64)
    if known is None:
        return _Known(ids, values, rows[-1] if rows else None, time.monotonic())
    return _Known(np.concatenate([known.ids, ids]), np.concatenate([known.values, values]), rows[-1], known.at)
