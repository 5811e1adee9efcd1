"""What a profile shows of a list: a few numbers and a few titles."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, F, IntegerField, Q, Sum, Value
from django.db.models.functions import Coalesce

from catalog.facade import anime_cards
from lists.access import SeenList
from lists.models import EntryStatus

if TYPE_CHECKING:
    from lists.access import Viewer

WATCHING, FAVOURITES, FINISHED = 6, 8, 6


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
class ProfileSummary:
    """The list's part of a profile. What its owner does is the feed's to tell."""

    counts: dict[str, int]
    minutes: int
    mean_score: float | None
    watching: list[ProfileTitle]
    favourites: list[ProfileTitle]
    finished: list[ProfileTitle]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def profile_summary(viewer: "Viewer", found: SeenList) -> ProfileSummary:
    """One query for an empty list, else five."""
    counts, minutes, mean = _numbers(found)
    if not counts:
        return ProfileSummary({}, 0, None, [], [], [])
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
    ids = {row[0] for row in (*watching, *favourites, *finished)}
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
