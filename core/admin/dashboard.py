"""The first page of the admin: what there is, what changed lately, what is broken. Apps add cards of their own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Job, JobState

DAYS = 14


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: `note` says what it is made of, `href` leads to the rows."""

    title: Any
    value: int
    note: Any = ""
    href: str = ""
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars over labels, drawn by the server as SVG. `values` and `labels` have one length."""

    title: Any
    labels: list[str]
    values: list[int]
    note: Any = ""
    bars: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        top = max(self.values, default=0) or 1
        step = 100 / max(1, len(self.values))
        bars = [
            {
                "x": round(index * step + step * 0.12, 2),
                "width": round(step * 0.76, 2),
                "y": round(60 - 56 * value / top, 2),
                "height": round(56 * value / top, 2),
                "label": label,
                "value": value,
            }
            for index, (label, value) in enumerate(zip(self.labels, self.values, strict=True))
        ]
        object.__setattr__(self, "bars", bars)


Part = Callable[[HttpRequest], Iterable[Figure | Plot]]
_parts: list[Part] = []


def dashboard_part(function: Part) -> Part:
    """Decorator: add figures and plots to the dashboard; the function sees the request and leaves out what the role may not see."""
    if function not in _parts:
        _parts.append(function)
    return function


def daily(rows: Iterable[tuple[date, int]], days: int = DAYS) -> tuple[list[str], list[int]]:
    """Labels and values for each of the last `days` days, gaps filled with 0."""
    counts = dict(rows)
    today = timezone.now().date()
    all_days = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [f"{day:%d.%m.}" for day in all_days], [counts.get(day, 0) for day in all_days]


def per_day(queryset: Any, name: str, days: int = DAYS) -> tuple[list[str], list[int]]:
    """How many rows of `queryset` have their time `name` on each of the last days; one query."""
    since = timezone.now() - timedelta(days=days)
    rows = (
        queryset.filter(**{f"{name}__gte": since})
        .annotate(day=TruncDate(name))
        .values_list("day")
        .annotate(Count("pk"))
    )
    return daily(rows.order_by("day"), days)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's callback: `figures` and `plots` for templates/admin/index.html."""
    items = [item for part in _parts for item in part(request)]
    context["figures"] = [item for item in items if isinstance(item, Figure)]
    context["plots"] = [item for item in items if isinstance(item, Plot)]
    return context


@dashboard_part
def jobs_part(request: HttpRequest) -> Iterable[Figure | Plot]:
    """Jobs that wait, run or failed."""
    if not request.user.has_perm("core.view_job"):
        return []
    counts = dict(Job.objects.values_list("state").annotate(Count("pk")).order_by())
    failed = counts.get(JobState.FAILED, 0)
    href = reverse("admin:core_job_changelist")
    live = counts.get(JobState.RUNNING, 0) + counts.get(JobState.QUEUED, 0)
    return [
        Figure(_("Jobs at work"), live, href=href),
        Figure(_("Jobs that failed"), failed, href=f"{href}?state__exact=failed", is_bad=bool(failed)),
    ]
