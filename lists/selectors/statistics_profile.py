"""What a profile shows of a list: a few numbers, a few titles, and the latest changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, F, IntegerField, Q, Sum, Value
from django.db.models.functions import Coalesce

from catalog.facade import anime_cards
from lists.access import SeenList
from lists.models import ActivityKind, EntryStatus, ListActivity
from lists.selectors.activities import SHOWN_FIELDS

if TYPE_CHECKING:
    from lists.access import Viewer

WATCHING, FAVOURITES, FINISHED, ACTIVITIES = 6, 8, 6, 5
_READ = 60
"""Changes that are read for the five lines: a binge of one anime is one line."""


@dataclass(frozen=True, slots=True)
class ProfileTitle:
    """An anime on the list with its card document; `percent` 0–100 of its episodes, None where their count is not known."""

    card: dict[str, Any]
    episodes_watched: int
    score: int | None
    finished_on: str

    @property
    def percent(self) -> int | None:
        total = self.card.get("episode_count")
        return min(100, round(100 * self.episodes_watched / total)) if total else None


@dataclass(frozen=True, slots=True)
class ProfileActivity:
    """The latest of `count` changes in a row of one anime."""

    card: dict[str, Any]
    activity: ListActivity
    count: int


@dataclass(frozen=True, slots=True)
class ProfileSummary:
    """The list's part of a profile. `activities` is empty where they are not the viewer's to know."""

    counts: dict[str, int]
    minutes: int
    mean_score: float | None
    watching: list[ProfileTitle]
    favourites: list[ProfileTitle]
    finished: list[ProfileTitle]
    activities: list[ProfileActivity]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def profile_summary(viewer: "Viewer", found: SeenList) -> ProfileSummary:
    """One query for an empty list, else six, five where activity is not shown."""
    counts, minutes, mean = _numbers(found)
    if not counts:
        return ProfileSummary({}, 0, None, [], [], [], [])
    rows = found.entries.order_by()
    busy = Q(status__in=(EntryStatus.WATCHING, EntryStatus.REWATCHING))
    columns = ("anime_id", "episodes_watched", "score", "finished_on")
    watching = list(rows.filter(busy).order_by("-updated_at").values_list(*columns)[:WATCHING])
    favourites = list(
        rows.filter(is_favourite=True)
        .order_by(F("score").desc(nulls_last=True), "-pk")
        .values_list(*columns)[:FAVOURITES]
    )
    done = rows.filter(status=EntryStatus.COMPLETED).exclude(finished_on="")
    finished = list(done.order_by("-finished_on", "-updated_at").values_list(*columns)[:FINISHED])
    lines = _lines(found) if found.seen.shows_activity else []
    ids = {row[0] for row in (*watching, *favourites, *finished)} | {line.anime_id for line, _count in lines}
    cards = anime_cards(viewer, sorted(ids))

    def titles(found_rows: list[tuple[Any, ...]]) -> list[ProfileTitle]:
        return [ProfileTitle(cards[row[0]], *row[1:]) for row in found_rows if row[0] in cards]

    return ProfileSummary(
        counts=counts,
        minutes=minutes,
        mean_score=mean,
        watching=titles(watching),
        favourites=titles(favourites),
        finished=titles(finished),
        activities=[ProfileActivity(cards[line.anime_id], line, n) for line, n in lines if line.anime_id in cards],
    )


def _numbers(found: SeenList) -> tuple[dict[str, int], int, float | None]:
    """(entries by status, minutes of all viewings, mean score); one query."""
    count = Coalesce(F("anime__episode_count"), Value(0))
    earlier = F("rewatch_count") * count
    seconds = Coalesce(F("anime__duration_seconds"), Value(0))
    rows = (
        found.entries.order_by()
        .values("status")
        .annotate(
            entries=Count("pk"),
            watched=Sum((F("episodes_watched") + earlier) * seconds, output_field=IntegerField()),
            first_viewings=Sum(count * seconds, output_field=IntegerField()),
            mean=Avg("score"),
            scored=Count("score"),
        )
        .values_list("status", "entries", "watched", "first_viewings", "mean", "scored")
    )
    counts, total, points, scored = {}, 0, 0.0, 0
    for status, entries, watched, first_viewings, mean, with_score in rows:
        counts[status] = entries
        total += watched + (first_viewings if status == EntryStatus.REWATCHING else 0)
        points += float(mean or 0) * with_score
        scored += with_score
    return counts, round(total / 60), points / scored if scored else None


def _lines(found: SeenList) -> list[tuple[ListActivity, int]]:
    """(latest change, how many in a row) of the entries the viewer sees, without what others do not read; one query."""
    rows = (
        ListActivity.objects.filter(user=found.owner, undone_at=None, was_public=True)
        .exclude(kind=ActivityKind.REMOVED)
        .filter(anime_id__in=found.entries.order_by().filter(is_private=False).values("anime_id"))
        .order_by("-created_at", "-pk")[:_READ]
    )
    told = (row for row in rows if _is_told(row))
    return list(islice(_runs(told), ACTIVITIES))


def _is_told(row: ListActivity) -> bool:
    """Keeps only the changes that others read; False when nothing is left of them."""
    row.changes = {name: pair for name, pair in row.changes.items() if name in SHOWN_FIELDS}
    return bool(row.changes)


def _runs(rows: Iterable[ListActivity]) -> Iterable[tuple[ListActivity, int]]:
    for _anime_id, run in groupby(rows, key=lambda row: row.anime_id):
        first, *others = run
        yield first, 1 + len(others)
