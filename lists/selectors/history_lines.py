"""What happened on somebody's list as lines to read, newest first: what was done at once is one line."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Count, Max, Min, Q, QuerySet

from accounts.facade import User
from catalog.facade import anime_cards
from lists.models import ListActivity, WatchedEpisode

PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change (`activity`), or a batch of `count` changes of which `undone` were taken back."""

    id: uuid.UUID
    when: datetime
    activity: ListActivity | None = None
    source: str = ""
    count: int = 1
    undone: int = 0


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HistoryPage(Generic[T]):
    """Some lines; `after` continues below the last one, "" at the end. `cards`: {anime id: document} of those shown."""

    lines: list[T]
    after: str
    cards: dict[int, dict]


def history_lines(user: User, *, after: str = "", limit: int = PAGE) -> HistoryPage[HistoryLine]:
    """The newest changes below the cursor `after`; four queries, however many there are."""
    own = ListActivity.objects.filter(user=user)
    singles = _below(own.filter(batch__isnull=True), after).order_by("-created_at", "-id")[: limit + 1]
    lines = [HistoryLine(row.pk, row.created_at, row) for row in singles]
    batches = (
        own.filter(batch__isnull=False)
        .values("batch")
        .annotate(when=Max("created_at"), count=Count("id"), undone=Count("undone_at"), through=Min("source"))
    )
    for row in _below(batches, after, moment="when", key="batch").order_by("-when", "-batch")[: limit + 1]:
        lines.append(HistoryLine(row["batch"], row["when"], None, row["through"], row["count"], row["undone"]))
    lines.sort(key=lambda line: (line.when, line.id), reverse=True)
    shown = lines[:limit]
    cards = anime_cards(user, [line.activity.anime_id for line in shown if line.activity])
    return HistoryPage(shown, _cursor(shown[-1].when, shown[-1].id) if len(lines) > limit else "", cards)


def batch_lines(user: User, batch: uuid.UUID, *, after: str = "", limit: int = PAGE) -> HistoryPage[HistoryLine]:
    """The changes of one batch; two queries. Empty for others' batches."""
    rows = _below(ListActivity.objects.filter(user=user, batch=batch), after).order_by("-created_at", "-id")
    lines = [HistoryLine(row.pk, row.created_at, row) for row in rows[: limit + 1]]
    shown = lines[:limit]
    cards = anime_cards(user, [line.activity.anime_id for line in shown if line.activity])
    return HistoryPage(shown, _cursor(shown[-1].when, shown[-1].id) if len(lines) > limit else "", cards)


def watched_lines(user: User, *, after: str = "", limit: int = PAGE) -> HistoryPage[WatchedEpisode]:
    """The episodes seen last, without those that were undone; two queries."""
    own = WatchedEpisode.objects.filter(user=user, undone_at__isnull=True)
    rows = list(_below(own, after, moment="watched_at", is_number=True).order_by("-watched_at", "-id")[: limit + 1])
    shown = rows[:limit]
    cards = anime_cards(user, sorted({row.anime_id for row in shown}))
    return HistoryPage(shown, _cursor(shown[-1].watched_at, shown[-1].pk) if len(rows) > limit else "", cards)


def _cursor(when: datetime, key: uuid.UUID | int) -> str:
    return f"{(when - _EPOCH) // _MICROSECOND}.{key.hex if isinstance(key, uuid.UUID) else key}"


def _below(
    rows: QuerySet[Any, Any], after: str, *, moment: str = "created_at", key: str = "id", is_number: bool = False
) -> QuerySet[Any, Any]:
    """`rows` below a cursor; what is no cursor is the top."""
    raw, _, rest = after.partition(".")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 16 and rest.isascii() and 0 < len(rest) <= 32):
        return rows
    try:
        last = int(rest) if is_number else uuid.UUID(rest)
    except ValueError:
        return rows
    if is_number and not 0 <= int(rest) < 1 << 63:
        return rows
    when = _EPOCH + int(raw) * _MICROSECOND
    return rows.filter(Q(**{f"{moment}__lt": when}) | Q(**{moment: when, f"{key}__lt": last}))
