"""From a number as a name has it to an episode of ours: seasons, numbers that count on through the seasons, specials."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.facade import (
    SERIES,
    EpisodeNumbers,
    SerialPart,
    anime_outlines,
    episode_numbers,
    episode_places,
    serial_of,
)

UNKNOWN_MOST = 3000
"""The highest episode that is believed of an anime whose length nobody knows."""
AIRED_AHEAD = 2
"""How far beyond the last known episode of a series that runs a number may be."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Episode `number` of (anime, kind); `cost` is what the way there takes off the confidence, `why` a code of `reasons`."""

    anime_id: int
    kind: str
    number: int
    cost: int
    why: str


class Numbering:
    """Places numbers; what it learns of a series is kept for the next file of it."""

    def __init__(self) -> None:
        self._serials: dict[int, list[SerialPart]] = {}
        self._numbers: dict[int, list[EpisodeNumbers]] = {}
        self._places: dict[int, set[tuple[str, int]]] = {}
        self._counts: dict[int, int | None] = {}

    def count_learn(self, counts: dict[int, int | None]) -> None:
        """Known numbers of episodes, so that they are not asked for."""
        self._counts.update(counts)

    def place(self, anime_id: int, season: int | None, number: int, *, own_season: int = 0) -> Placed | None:
        """A regular episode; None where the catalogue has no room for it. `own_season`: the season that the anime's name tells."""
        if number < 1:
            return self.place_special(anime_id, number)
        if season and season > 1 and own_season != season:
            return self._seasonal(anime_id, season, number)
        # "S01E05" is how TheTVDB counts, which now and then is not how we do.
        own = self._told([anime_id], season, number) if season else None
        if own is not None and own[1] != number:
            return Placed(anime_id, "regular", own[1], 1, "season_tvdb")
        count = self._count(anime_id)
        if count is not None and number <= count:
            return Placed(anime_id, "regular", number, 0, "")
        if season:
            told = self._told(self._around(anime_id), season, number)
            if told is not None:
                return Placed(told[0], "regular", told[1], 3, "season_tvdb")
        beyond = self._beyond(anime_id, number)
        if beyond is not None:
            return beyond
        if count is None and self._is_open(anime_id, number):
            return Placed(anime_id, "regular", number, 4, "length_unknown")
        if ("regular", number) in self._places_of(anime_id):
            return Placed(anime_id, "regular", number, 2, "")
        return None

    def place_special(self, anime_id: int, number: int) -> Placed | None:
        """A special of season 0: by TheTVDB's number, else the anime's own special of that number."""
        for row in self._numbers_of([anime_id]):
            if row.season == 0 and row.season_number == number and number > 0:
                return Placed(anime_id, row.kind, row.number, 6, "special_tvdb")
        return self.place_kind(anime_id, "special", number)

    def place_kind(self, anime_id: int, kind: str, number: int) -> Placed | None:
        """An episode of another kind, where the catalogue has it."""
        if number > 0 and (kind, number) in self._places_of(anime_id):
            return Placed(anime_id, kind, number, 8, "kind_known")
        return None

    def serial(self, anime_id: int) -> list[SerialPart]:
        """The anime and what follows it (`serial_of`), asked once."""
        if anime_id not in self._serials:
            self._serials[anime_id] = serial_of(anime_id)
        return self._serials[anime_id]

    def _seasonal(self, anime_id: int, season: int, number: int) -> Placed | None:
        own = self._told([anime_id], season, number)
        if own is not None:
            return Placed(*own[:1], "regular", own[1], 1, "season_tvdb")
        part = self._season_part(anime_id, season)
        if part is not None:
            count = self._count(part)
            if count is None or number <= count:
                return Placed(part, "regular", number, 4, "season_sequel")
        told = self._told(self._around(anime_id), season, number)
        if told is not None:
            return Placed(told[0], "regular", told[1], 3, "season_tvdb")
        if part is not None:
            return self._beyond(part, number) or self._counted_on(anime_id, part, number)
        return None

    def _season_part(self, anime_id: int, season: int) -> int | None:
        """The anime that is this season: the one that is named so, else the one that comes so many series after the first."""
        serial = [part for part in self.serial(anime_id) if part.kind in SERIES or part.id == anime_id]
        named = [part.id for part in serial if part.named_season == season and not part.is_later_part]
        if named:
            return named[0]
        firsts = [part.id for part in serial if not part.is_later_part]
        if not serial or serial[0].has_prequel or len(firsts) < season:
            return None
        return firsts[season - 1]

    def _counted_on(self, first: int, part: int, number: int) -> Placed | None:
        """ "S04E60": the number counts from the first episode of all. Only what lands in the season that was named."""
        placed = self._beyond(first, number)
        return placed if placed is not None and placed.anime_id == part else None

    def _beyond(self, anime_id: int, number: int) -> Placed | None:
        """A number beyond the anime's own episodes, counted on along its sequels."""
        left = number
        for part in self.serial(anime_id):
            count = part.episode_count
            if part.kind not in SERIES and part.id != anime_id:
                continue
            if count is None:
                is_room = part.id != anime_id and left <= self._highest(part.id) + AIRED_AHEAD
                return Placed(part.id, "regular", left, 6, "counted_on") if is_room else None
            if left <= count:
                return Placed(part.id, "regular", left, 5, "counted_on") if part.id != anime_id else None
            left -= count
        return None

    def _told(self, anime_ids: Iterable[int], season: int, number: int) -> tuple[int, int] | None:
        """The one regular episode of these anime that TheTVDB counts so."""
        rows = {
            (row.anime_id, row.number)
            for row in self._numbers_of(anime_ids)
            if row.kind == "regular" and row.season == season and row.season_number == number
        }
        return rows.pop() if len(rows) == 1 else None

    def _around(self, anime_id: int) -> list[int]:
        return [part.id for part in self.serial(anime_id)] or [anime_id]

    def _numbers_of(self, anime_ids: Iterable[int]) -> list[EpisodeNumbers]:
        ids = list(anime_ids)
        missing = [one for one in ids if one not in self._numbers]
        if missing:
            found: dict[int, list[EpisodeNumbers]] = defaultdict(list)
            for row in episode_numbers(missing):
                found[row.anime_id].append(row)
            self._numbers.update({one: found[one] for one in missing})
        return [row for one in ids for row in self._numbers[one]]

    def _highest(self, anime_id: int) -> int:
        return max((row.number for row in self._numbers_of([anime_id]) if row.kind == "regular"), default=0)

    def _is_open(self, anime_id: int, number: int) -> bool:
        highest = self._highest(anime_id)
        return number <= (highest + AIRED_AHEAD if highest else UNKNOWN_MOST)

    def _places_of(self, anime_id: int) -> set[tuple[str, int]]:
        if anime_id not in self._places:
            self._places[anime_id] = episode_places(anime_id)
        return self._places[anime_id]

    def _count(self, anime_id: int) -> int | None:
        if anime_id not in self._counts:
            outline = anime_outlines([anime_id]).get(anime_id)
            self._counts[anime_id] = outline.episode_count if outline else None
        return self._counts[anime_id]
