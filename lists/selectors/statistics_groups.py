"""Entries counted under something they share: a genre, a format, a year. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

from catalog.facade import LabelledAnime
from lists.selectors.statistics_rows import EntryRow


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that share `key`. `mean_score` 0–100 of the scored ones, None without; minutes are whole."""

    key: str
    name: str
    count: int
    mean_score: float | None
    minutes: int


class _Sum:
    __slots__ = ("count", "minutes", "points", "scored")

    def __init__(self) -> None:
        self.count, self.scored, self.points, self.minutes = 0, 0, 0, 0.0

    def add(self, score: int | None, minutes: float) -> None:
        self.count += 1
        self.minutes += minutes
        if score is not None:
            self.scored += 1
            self.points += score

    def group(self, key: str, name: str) -> Group:
        mean = round(self.points / self.scored, 1) if self.scored else None
        return Group(key, name, self.count, mean, round(self.minutes))


def grouped_by(rows: Iterable[EntryRow], key: Callable[[EntryRow], Hashable | None]) -> list[Group]:
    """Groups by what `key` gives, without None; the largest first, then by key."""
    sums: dict[Hashable, _Sum] = defaultdict(_Sum)
    for row in rows:
        found = key(row)
        if found is not None:
            sums[found].add(row.score, row.minutes)
    groups = [one.group(str(found), str(found)) for found, one in sums.items()]
    return sorted(groups, key=lambda group: (-group.count, group.key))


def grouped_by_label(
    facts: Mapping[int, tuple[int | None, float]], labelled: LabelledAnime, *, limit: int
) -> list[Group]:
    """The `limit` largest groups under labels of the catalogue. `facts` is {anime id: (score, minutes)} of the entries."""
    sums: dict[int, _Sum] = defaultdict(_Sum)
    for anime_id, label in labelled.pairs:
        fact = facts.get(anime_id)
        if fact is not None:
            sums[label].add(*fact)
    largest = sorted(sums.items(), key=lambda item: (-item[1].count, labelled.labels[item[0]][1]))[:limit]
    return [one.group(*labelled.labels[label]) for label, one in largest]
