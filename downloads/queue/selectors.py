"""What the queue looks like."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from downloads.models import LIVE_STATES, Download, DownloadState
from downloads.queue.dispatch import waits_because
from downloads.queue.quiet import queue_mode

MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Counts of downloads by state, `speed` in bytes a second and `size` in bytes of all that stand in the queue or run.

    `mode` is what staff set.
    """

    mode: str
    total: int
    queued: int
    running: int
    paused: int
    done: int
    failed: int
    cancelled: int
    speed: int
    size: int


@dataclass(frozen=True, slots=True)
class QueueStatus(QueueFigures):
    """With `waits_because`: why nothing starts all the same (quiet_hours, disk_full, folder_unavailable, or "")."""

    waits_because: str


def queue_figures() -> QueueFigures:
    """What the database knows, without a look at any disk. Two queries."""
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in DownloadState}
    running = Q(state=DownloadState.RUNNING)
    found: dict[str, Any] = Download.objects.aggregate(
        **counts,
        total=Count("pk"),
        speed=Sum("speed", filter=running, default=0),
        size=Sum("bytes_total", filter=Q(state__in=LIVE_STATES), default=0),
    )
    return QueueFigures(mode=str(queue_mode()), **found)


def queue_status() -> QueueStatus:
    """Two queries."""
    return QueueStatus(**asdict(queue_figures()), waits_because=waits_because())


def downloads_live() -> QuerySet[Download]:
    """What stands in the queue, in its order: what runs first, then what waits, then what is paused."""
    order = Case(
        When(state=DownloadState.RUNNING, then=Value(0)),
        When(state=DownloadState.QUEUED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Download.objects.filter(state__in=LIVE_STATES).annotate(state_order=order)
    return rows.select_related("anime", "requested_by").order_by("state_order", "-priority", "position", "pk")


def downloads_over() -> QuerySet[Download]:
    """What is over, the last first."""
    rows = Download.objects.exclude(state__in=LIVE_STATES).select_related("anime", "requested_by")
    return rows.order_by("-finished_at", "-pk")


def downloads_recent(limit: int) -> list[Download]:
    """The newest by the time they were asked for; at most 200. One query."""
    rows = Download.objects.select_related("anime").order_by("-created_at", "-pk")
    return list(rows[: max(1, min(limit, MAX_LIMIT))])
