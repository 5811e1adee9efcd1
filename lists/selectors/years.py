"""A year in review: what somebody saw, finished and liked most between two New Years of a time zone."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from catalog.facade import anime_cards, anime_outlines, genres_of_many
from core.errors import NotFound
from lists.access import SeenList
from lists.dates import FIRST_YEAR, LAST_YEAR, partial_date_parts
from lists.models import ActivityKind, ChangeSource, EntryStatus, ListActivity
from lists.selectors.statistics_activity import finishes_by_day, in_days, longest_streak, watched_seen
from lists.selectors.statistics_groups import Group, grouped_by_label
from lists.selectors.statistics_rows import EntryRow, entry_rows

if TYPE_CHECKING:
    from lists.access import Viewer

TOP, GENRES, WALL = 5, 8, 120


@dataclass(frozen=True, slots=True)
class Month:
    """Month 1–12: episodes seen and entries finished in it."""

    number: int
    episodes: int
    finished: int


@dataclass(frozen=True, slots=True)
class YearTitle:
    """An anime of the year with its card document; `score` 0–100 or None, `on` as in `lists.dates`."""

    card: dict[str, Any]
    score: int | None
    on: str


@dataclass(frozen=True, slots=True)
class YearReview:
    """One year. `episodes` are those that were noted, and all of what was finished this year without any note of its
    episodes (imported lists know the day of the finish only). Titles without a card (hidden ones) are counted, not shown.
    """

    year: int
    years: list[int]
    episodes: int
    minutes: int
    active_days: int
    longest_streak: int
    finished_count: int
    started_count: int
    dropped_count: int
    mean_score: float | None
    months: list[Month]
    busiest_month: Month | None
    busiest_day: tuple[datetime.date, int] | None
    genres: list[Group]
    top: list[YearTitle]
    first_finished: YearTitle | None
    last_finished: YearTitle | None
    finished: list[YearTitle]
    """At most 120, in the order they were finished."""

    @property
    def is_empty(self) -> bool:
        return not (self.episodes or self.finished_count or self.started_count or self.dropped_count)


@dataclass(frozen=True, slots=True)
class _Watched:
    """The noted episodes of all years: (anime id, local day)."""

    pairs: list[tuple[int, datetime.date]]

    def of(self, year: int) -> list[tuple[int, datetime.date]]:
        return [pair for pair in self.pairs if pair[1].year == year]


def year_review(viewer: "Viewer", found: SeenList, *, year: int, zone: ZoneInfo) -> YearReview:
    """The year of a list that the viewer sees; six queries, one more when something was watched that is not on the list.

    Raises `NotFound` where the owner's activity is not the viewer's to know, and for years that no date can have.
    """
    if not found.seen.shows_activity or not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound()
    rows = entry_rows(found.entries)
    watched = _watched(found, zone)
    noted = watched.of(year)
    finished = sorted((row for row in rows if row.is_finished and row.finished_on[:4] == str(year)), key=_when)
    unnoted = _unnoted(finished, {anime_id for anime_id, _day in watched.pairs})
    days = _days(noted, finished)
    top = sorted((row for row in finished if row.score is not None), key=lambda row: -(row.score or 0))[:TOP]
    cards = anime_cards(viewer, sorted({row.anime_id for row in (*finished[:WALL], *finished[-1:], *top)}))
    shown = [title for row in finished[:WALL] if (title := _title(row, cards))]
    dated = [title for row in finished if len(row.finished_on) == 10 and (title := _title(row, cards))]
    months = _months(noted, finished, unnoted)
    scores = [row.score for row in finished if row.score is not None]
    return YearReview(
        year=year,
        years=_years(rows, watched),
        episodes=len(noted) + sum(unnoted.values()),
        minutes=_minutes(noted, unnoted, rows),
        active_days=len(days),
        longest_streak=longest_streak(sorted(days)),
        finished_count=len(finished),
        started_count=sum(1 for row in rows if row.started_on[:4] == str(year)),
        dropped_count=_dropped(found, rows, year, zone),
        mean_score=round(sum(scores) / len(scores), 1) if scores else None,
        months=months,
        busiest_month=_busiest_month(months),
        busiest_day=_busiest(noted, days),
        genres=_genres(noted, finished, rows),
        top=[title for row in top if (title := _title(row, cards))],
        first_finished=dated[0] if dated else None,
        last_finished=dated[-1] if len(dated) > 1 else None,
        finished=shown,
    )


def _years(rows: Sequence[EntryRow], watched: _Watched) -> list[int]:
    dated = {int(day[:4]) for row in rows for day in (row.started_on, row.finished_on) if day}
    return sorted(dated | {day.year for _anime_id, day in watched.pairs}, reverse=True)


def _watched(found: SeenList, zone: ZoneInfo) -> _Watched:
    rows = watched_seen(found).values_list("anime_id", "watched_at")
    return _Watched([(anime_id, moment.astimezone(zone).date()) for anime_id, moment in rows])


def _when(row: EntryRow) -> tuple[str, int]:
    """What is known of the day orders; "2024" stands before "2024-01"."""
    return row.finished_on, row.anime_id


def _unnoted(finished: Sequence[EntryRow], noted: set[int]) -> dict[int, int]:
    """{anime id: episodes} of what was finished without a note of any episode."""
    return {row.anime_id: row.episode_count or row.episodes_watched for row in finished if row.anime_id not in noted}


def _days(noted: Sequence[tuple[int, datetime.date]], finished: Sequence[EntryRow]) -> Counter[datetime.date]:
    """{day: what happened on it}, episodes and finishes."""
    return Counter(day for _anime_id, day in noted) + Counter(finishes_by_day(finished))


def _months(
    noted: Sequence[tuple[int, datetime.date]], finished: Sequence[EntryRow], unnoted: dict[int, int]
) -> list[Month]:
    episodes = Counter(day.month for _anime_id, day in noted)
    ends: Counter[int] = Counter()
    for row in finished:
        _year, month, _day = partial_date_parts(row.finished_on)
        if month:
            ends[month] += 1
            episodes[month] += unnoted.get(row.anime_id, 0)
    return [Month(number, episodes[number], ends[number]) for number in range(1, 13)]


def _busiest_month(months: Sequence[Month]) -> Month | None:
    best = max(months, key=lambda month: (month.episodes, month.finished))
    return best if best.episodes or best.finished else None


def _busiest(
    noted: Sequence[tuple[int, datetime.date]], days: Counter[datetime.date]
) -> tuple[datetime.date, int] | None:
    """The day of the most noted episodes, else of the most that happened; the earlier of equals."""
    counts = Counter(day for _anime_id, day in noted) or days
    return min(counts.items(), key=lambda item: (-item[1], item[0])) if counts else None


def _minutes(noted: Sequence[tuple[int, datetime.date]], unnoted: dict[int, int], rows: Sequence[EntryRow]) -> int:
    seconds = {row.anime_id: row.seconds or 0 for row in rows}
    missing = {anime_id for anime_id, _day in noted} - seconds.keys()
    if missing:
        seconds |= {outline.id: outline.duration_seconds or 0 for outline in anime_outlines(missing).values()}
    total = sum(seconds.get(anime_id, 0) for anime_id, _day in noted)
    return round((total + sum(seconds[anime_id] * count for anime_id, count in unnoted.items())) / 60)


def _dropped(found: SeenList, rows: Sequence[EntryRow], year: int, zone: ZoneInfo) -> int:
    """Entries that are dropped now and were so in this year: by the history, or by the day an import brought."""
    dropped = {row.anime_id: row.finished_on for row in rows if row.status == EntryStatus.DROPPED}
    span = in_days("created_at", datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1), zone)
    history = ListActivity.objects.filter(span, user=found.owner, undone_at=None, changes__status__1="dropped").exclude(
        source=ChangeSource.IMPORT
    )
    if not found.is_own:
        history = history.filter(was_public=True)
    told = set(history.exclude(kind=ActivityKind.REMOVED).values_list("anime_id", flat=True))
    return sum(1 for anime_id, day in dropped.items() if anime_id in told or day[:4] == str(year))


def _genres(
    noted: Sequence[tuple[int, datetime.date]], finished: Sequence[EntryRow], rows: Sequence[EntryRow]
) -> list[Group]:
    seen = {anime_id for anime_id, _day in noted} | {row.anime_id for row in finished}
    facts: dict[int, tuple[int | None, float]] = dict.fromkeys(seen, (None, 0.0))
    facts |= {row.anime_id: (row.score, row.minutes) for row in rows if row.anime_id in seen}
    return grouped_by_label(facts, genres_of_many(sorted(seen)), limit=GENRES)


def _title(row: EntryRow, cards: dict[int, dict]) -> YearTitle | None:
    card = cards.get(row.anime_id)
    return None if card is None else YearTitle(card, row.score, row.finished_on)
