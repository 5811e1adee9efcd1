"""AniDB's numbers of a series to TheTVDB's and back, as the list of both says (anime-list-master.xml)."""

from collections.abc import Iterable, Iterator
from typing import Any

from providers.models import SeriesNumbering

Numbered = tuple[int, int, int]
"""(id, season, number) at a site; season 0 are specials, at AniDB 1 all others."""
REGULAR, SPECIALS = 1, 0


def tvdb_of(anidb_id: int, season: int, number: int) -> Numbered | None:
    """Where TheTVDB has an episode of AniDB, None where nobody knows; of several parts the first. One query."""
    series = SeriesNumbering.objects.filter(anidb_id=anidb_id).first()
    return tvdb_place(series, season, number) if series else None


def anidb_of(tvdb_id: int, season: int, number: int) -> Numbered | None:
    """Which episode of AniDB one of TheTVDB is, None where none or more than one claims it. One query."""
    return anidb_place(SeriesNumbering.objects.filter(tvdb_id=tvdb_id).order_by("anidb_id"), season, number)


def tvdb_place(series: SeriesNumbering, season: int, number: int) -> Numbered | None:
    """As `tvdb_of`, of a loaded series: single exceptions, then ranges, then the series' own season and offset."""
    if series.tvdb_id is None:
        return None
    rows = [row for row in series.mappings if row["anidb_season"] == season]
    paired = [(row["tvdb_season"], one) for row in rows for one in row["pairs"].get(str(number), ())]
    if paired:
        return next(((series.tvdb_id, *pair) for pair in paired if pair[1]), None)
    for row in rows:
        if _is_range(row) and (row["start"] or 1) <= number and (row["end"] is None or number <= row["end"]):
            return _numbered(series.tvdb_id, row["tvdb_season"], number + row["offset"])
    if season == SPECIALS:
        return None if series.default_season == "0" else _numbered(series.tvdb_id, SPECIALS, number)
    if not series.default_season.isdecimal():
        return None
    return _numbered(series.tvdb_id, int(series.default_season), number + series.offset)


def anidb_place(of_show: Iterable[SeriesNumbering], season: int, number: int) -> Numbered | None:
    """As `anidb_of`, of the loaded series of one show: what a series says expressly wins, then the greatest offset."""
    found: list[tuple[tuple[bool, int], Numbered]] = []
    for series in of_show:
        for rank, anidb_season, candidate in _candidates(series, season, number):
            if tvdb_place(series, anidb_season, candidate) == (series.tvdb_id, season, number):
                found.append((rank, (series.anidb_id, anidb_season, candidate)))
    best = max((rank for rank, _ in found), default=None)
    places = {place for rank, place in found if rank == best}
    return min(places) if len({place[0] for place in places}) == 1 else None


def _candidates(series: SeriesNumbering, season: int, number: int) -> Iterator[tuple[tuple[bool, int], int, int]]:
    """(how much it says, season, number at AniDB) of what could be that episode."""
    for row in series.mappings:
        if row["tvdb_season"] != season:
            continue
        for own, theirs in row["pairs"].items():
            if number in theirs:
                yield (True, 0), row["anidb_season"], int(own)
        if _is_range(row):
            yield (True, 0), row["anidb_season"], number - row["offset"]
    if season == SPECIALS:
        yield (False, 0), SPECIALS, number
    if series.default_season == str(season) and number > series.offset:
        yield (False, series.offset), REGULAR, number - series.offset


def _is_range(row: dict[str, Any]) -> bool:
    return row["start"] is not None or not row["pairs"]


def _numbered(tvdb_id: int, season: int, number: int) -> Numbered | None:
    return (tvdb_id, season, number) if number > 0 else None
