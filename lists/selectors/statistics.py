"""The statistics of a list: how much, how good, of what, and when."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from catalog.facade import AnimeKind, anime_cards, genres_of_many, studios_of_many, tags_of_many
from lists.access import SeenList
from lists.models import EntryStatus, EntryTag, ListEntry
from lists.selectors.statistics_activity import Activity, activity_of
from lists.selectors.statistics_groups import Group, grouped_by, grouped_by_label
from lists.selectors.statistics_rows import EntryRow, entry_rows

if TYPE_CHECKING:
    from lists.access import Viewer

BUCKETS = 10
LABELS_SHOWN = 20
TITLES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of the whole list. Scores 0–100, rates 0–1 of what was begun (all but planned), None where nothing is known."""

    total: int
    counts: dict[str, int]
    scored: int
    average_score: float | None
    episodes_watched: int
    minutes_watched: int
    of_unknown_length: int
    """Entries with episodes seen whose length is not known: they add no minutes."""
    completion_rate: float | None
    drop_rate: float | None
    mean_days_to_finish: float | None
    rewatches: int


@dataclass(frozen=True, slots=True)
class TitleFigure:
    """An anime (its card document) and a number about it: how often rewatched, or its score."""

    card: dict[str, Any]
    number: int | None


@dataclass(frozen=True, slots=True)
class ListStatistics:
    """Everything. `scores` has the counts of 1–10, 11–20, … 91–100 (0 is in the first); `activity` is None when it is not
    the viewer's to know."""

    totals: Totals
    scores: tuple[int, ...]
    formats: list[Group]
    genres: list[Group]
    studios: list[Group]
    tags: list[Group]
    own_tags: list[tuple[str, int]]
    years: list[Group]
    decades: list[Group]
    most_rewatched: list[TitleFigure]
    favourites: list[TitleFigure]
    activity: Activity | None


def list_statistics(viewer: "Viewer", found: SeenList, *, zone: ZoneInfo) -> ListStatistics:
    """The statistics of a list as `viewer` sees it (`access.get_list` decided that they do); days are those of `zone`.

    Nine queries however long the list is, eight where the activity is not shown.
    """
    rows = entry_rows(found.entries)
    facts = {row.anime_id: (row.score, row.minutes) for row in rows}
    # Ids of the whole list, which the database joins quicker than those the viewer sees; `facts` has only these.
    ids = ListEntry.objects.filter(user=found.owner).values("anime_id")
    genres, studios, tags = genres_of_many(ids), studios_of_many(ids), tags_of_many(ids)
    rewatched, favourites = _titles(viewer, rows)
    return ListStatistics(
        totals=totals_of(rows),
        scores=score_buckets(rows),
        formats=[replace(group, name=str(AnimeKind(group.key).label)) for group in grouped_by(rows, lambda r: r.kind)],
        genres=grouped_by_label(facts, genres, limit=LABELS_SHOWN),
        studios=grouped_by_label(facts, studios, limit=LABELS_SHOWN),
        tags=grouped_by_label(facts, tags, limit=LABELS_SHOWN),
        own_tags=_own_tags(found),
        years=sorted(grouped_by(rows, lambda row: row.year), key=lambda group: group.key),
        decades=sorted(grouped_by(rows, _decade), key=lambda group: group.key),
        most_rewatched=rewatched,
        favourites=favourites,
        activity=activity_of(found, rows, zone) if found.seen.shows_activity else None,
    )


def totals_of(rows: Sequence[EntryRow]) -> Totals:
    """The figures of the whole; pure."""
    counts = Counter(row.status for row in rows)
    begun = len(rows) - counts[EntryStatus.PLANNED]
    finished = counts[EntryStatus.COMPLETED] + counts[EntryStatus.REWATCHING]
    scores = [row.score for row in rows if row.score is not None]
    days = [n for row in rows if (n := _days_taken(row)) is not None]
    return Totals(
        total=len(rows),
        counts={status: counts[status] for status in EntryStatus.values},
        scored=len(scores),
        average_score=round(fmean(scores), 1) if scores else None,
        episodes_watched=sum(row.episodes for row in rows),
        minutes_watched=round(sum(row.minutes for row in rows)),
        of_unknown_length=sum(1 for row in rows if row.seconds is None and row.episodes),
        completion_rate=round(finished / begun, 4) if begun else None,
        drop_rate=round(counts[EntryStatus.DROPPED] / begun, 4) if begun else None,
        mean_days_to_finish=round(fmean(days), 1) if days else None,
        rewatches=sum(row.rewatch_count for row in rows),
    )


def score_buckets(rows: Iterable[EntryRow]) -> tuple[int, ...]:
    """How many scores lie in 1–10, 11–20, … 91–100, as the rating plot of an anime counts them."""
    counts = Counter(min(BUCKETS, max(1, -(-row.score // 10))) for row in rows if row.score is not None)
    return tuple(counts[number] for number in range(1, BUCKETS + 1))


def _days_taken(row: EntryRow) -> int | None:
    """From the first day to the last, both counted; None unless both are known. Of a rewatch we know the last day only."""
    if not row.is_finished or row.rewatch_count or len(row.started_on) != 10 or len(row.finished_on) != 10:
        return None
    taken = (datetime.date.fromisoformat(row.finished_on) - datetime.date.fromisoformat(row.started_on)).days + 1
    return taken if taken > 0 else None


def _decade(row: EntryRow) -> int | None:
    return None if row.year is None else row.year // 10 * 10


def _own_tags(found: SeenList) -> list[tuple[str, int]]:
    """(word, number of entries) of the words the owner put on entries that the viewer sees, the most used first."""
    rows = EntryTag.objects.filter(entry__user=found.owner)
    if not found.is_own:
        rows = rows.filter(entry__in=found.entries.order_by().values("pk"))
    return list(rows.folders(is_largest_first=True)[:LABELS_SHOWN])


def _titles(viewer: "Viewer", rows: Sequence[EntryRow]) -> tuple[list[TitleFigure], list[TitleFigure]]:
    """(most rewatched, favourites by score) with their cards; one query."""
    rewatched = sorted((row for row in rows if row.rewatch_count), key=lambda row: -row.rewatch_count)[:TITLES_SHOWN]
    favourites = sorted((row for row in rows if row.is_favourite), key=lambda row: -(row.score or 0))[:TITLES_SHOWN]
    cards = anime_cards(viewer, sorted({row.anime_id for row in (*rewatched, *favourites)}))
    return (
        [TitleFigure(cards[row.anime_id], row.rewatch_count) for row in rewatched if row.anime_id in cards],
        [TitleFigure(cards[row.anime_id], row.score) for row in favourites if row.anime_id in cards],
    )
