"""What statistics are made of: a list's entries with the facts of their anime, in one query."""

from typing import NamedTuple

from django.db.models import QuerySet

from lists.models import EntryStatus, ListEntry

_COLUMNS = (
    "anime_id",
    "status",
    "score",
    "episodes_watched",
    "rewatch_count",
    "started_on",
    "finished_on",
    "is_favourite",
    "anime__kind",
    "anime__year",
    "anime__episode_count",
    "anime__duration_seconds",
)


class EntryRow(NamedTuple):
    """One entry. `score` 0–100 or None, `seconds` of one episode or None, dates as in `lists.dates`."""

    anime_id: int
    status: str
    score: int | None
    episodes_watched: int
    rewatch_count: int
    started_on: str
    finished_on: str
    is_favourite: bool
    kind: str
    year: int | None
    episode_count: int | None
    seconds: int | None

    @property
    def episodes(self) -> int:
        """Episodes seen in all viewings: those before the present one were whole, as far as the count is known."""
        earlier = self.rewatch_count + (self.status == EntryStatus.REWATCHING)
        return self.episodes_watched + earlier * (self.episode_count or 0)

    @property
    def minutes(self) -> float:
        """Minutes of all viewings; 0 where an episode's length is not known."""
        return self.episodes * (self.seconds or 0) / 60

    @property
    def is_finished(self) -> bool:
        return self.status in (EntryStatus.COMPLETED, EntryStatus.REWATCHING)


def entry_rows(entries: QuerySet[ListEntry]) -> list[EntryRow]:
    """The rows of entries that carry `score` (`access.entries_of`); one query."""
    return list(map(EntryRow._make, entries.order_by().values_list(*_COLUMNS)))
