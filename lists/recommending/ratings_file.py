"""A table of many people's ratings, as data sets of MAL lists come: one line a person and anime."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lists.models import EntryStatus

COLUMNS = ("user_id", "anime_id", "rating", "watching_status", "watched_episodes")
_STATUSES = {
    "1": EntryStatus.WATCHING,
    "2": EntryStatus.COMPLETED,
    "3": EntryStatus.ON_HOLD,
    "4": EntryStatus.DROPPED,
    "6": EntryStatus.PLANNED,
}
"""MAL's numbers; there is no 5."""


@dataclass(frozen=True, slots=True)
class RatingLine:
    """`person` is the table's own number, `mal_id` names the anime, `score` is 0–100 or None."""

    person: str
    mal_id: int
    score: int | None
    status: str
    episodes_watched: int


def ratings_read(lines: Iterable[str]) -> Iterator[RatingLine]:
    """The lines of a CSV with the columns `COLUMNS` (ratings 1–10, 0 is none). Raises ValueError with the line's number."""
    table = csv.DictReader(lines)
    if missing := set(COLUMNS) - set(table.fieldnames or ()):
        raise ValueError(f"columns are missing: {', '.join(sorted(missing))}")
    for row in table:
        try:
            rating = float(row["rating"])
            if not 0 <= rating <= 10:
                raise ValueError("a rating from 0 to 10")
            yield RatingLine(
                person=row["user_id"],
                mal_id=int(row["anime_id"]),
                score=round(rating * 10) or None,
                status=_STATUSES[row["watching_status"]],
                episodes_watched=max(0, int(row["watched_episodes"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {table.line_num}: {error}") from error
