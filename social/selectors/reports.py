"""Reports: a reporter's own with what became of them, the queue of those who moderate, one with all that helps to decide."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from social.access_reports import OPEN_STATES, reports_for
from social.models import Report, ReportNote, ReportTarget
from social.services.report_reasons import URGENT

if TYPE_CHECKING:
    from accounts.facade import User

_KEYS = {
    ReportTarget.USER: ("user_id",),
    ReportTarget.POST: ("post_id",),
    ReportTarget.COMMENT: ("comment_id",),
    ReportTarget.COLLECTION: ("collection_id",),
    ReportTarget.EPISODE: ("anime_id", "episode_number"),
}


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What of the queue is wanted; "" and None: everything. `state`: a `ReportState`, `waiting` (open or assigned) or
    `closed`. `is_mine`: those that the asker looks at; `assignee_id`: somebody else's.
    """

    state: str = "waiting"
    target: str = ""
    reason: str = ""
    assignee_id: uuid.UUID | None = None
    is_mine: bool = False
    is_unassigned: bool = False


def reports_of(user: "User") -> QuerySet[Report]:
    """What `user` reported, newest first."""
    return Report.objects.filter(reporter=user).order_by("-created_at", "-id")


def same_filter(report: Report) -> dict[str, Any]:
    """What reports about the same thing have in common. One whose thing is gone for good is alone."""
    values = {name: getattr(report, name) for name in _KEYS[ReportTarget(report.target)]}
    return {"target": report.target, **values} if None not in values.values() else {"pk": report.pk}


def queue(actor: "User", query: QueueQuery) -> QuerySet[Report]:
    """The reports that `actor` may work on, those that cannot wait first, then the oldest; with `same_count`."""
    rows = queue_ordered(reports_for(actor))
    if query.state == "waiting":
        rows = rows.filter(state__in=OPEN_STATES)
    elif query.state == "closed":
        rows = rows.exclude(state__in=OPEN_STATES)
    elif query.state:
        rows = rows.filter(state=query.state)
    for name in ("target", "reason"):
        if getattr(query, name):
            rows = rows.filter(**{name: getattr(query, name)})
    if query.is_unassigned:
        rows = rows.filter(assignee=None)
    assignee_id = actor.pk if query.is_mine else query.assignee_id
    return rows.filter(assignee_id=assignee_id) if assignee_id else rows


def queue_ordered(rows: QuerySet[Report]) -> QuerySet[Report]:
    """`rows` as they are worked off: `urgency` 0 those that cannot wait, 1 the open ones, 2 the closed ones.

    `same_count` is how many reports there are about the same thing, this one included.
    """
    urgency = Case(
        When(state__in=OPEN_STATES, reason__in=sorted(URGENT), then=Value(0)),
        When(state__in=OPEN_STATES, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = rows.select_related("reporter", "user", "assignee", "closed_by", "anime")
    return found.annotate(urgency=urgency, same_count=_same_count()).order_by("urgency", "created_at", "id")


def waiting_count(actor: "User") -> int:
    """How many reports wait for `actor` or any other of the staff."""
    return reports_for(actor).filter(state__in=OPEN_STATES).count()


def notes_of(report: Report) -> QuerySet[ReportNote]:
    """What staff told each other about it, the oldest first."""
    return ReportNote.objects.filter(report=report).select_related("author").order_by("id")


def same_of(actor: "User", report: Report) -> QuerySet[Report]:
    """Other reports about the same thing that `actor` may work on, newest first."""
    rows = reports_for(actor).filter(**same_filter(report)).exclude(pk=report.pk)
    return rows.select_related("reporter").order_by("-created_at")


def _same_count() -> Any:
    """A correlated count over the indexes of the keys, so that a page of the queue is one query."""
    one_thing = Q(target=ReportTarget.USER, user=OuterRef("user"))
    for name in ("post", "comment", "collection"):
        one_thing |= Q(target=name, **{name: OuterRef(name)})
    one_thing |= Q(target=ReportTarget.EPISODE, anime=OuterRef("anime"), episode_number=OuterRef("episode_number"))
    rows = Report.objects.filter(one_thing, target=OuterRef("target")).order_by()
    counted = rows.annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(1))


__all__ = [
    "QueueQuery",
    "notes_of",
    "queue",
    "queue_ordered",
    "reports_of",
    "same_filter",
    "same_of",
    "waiting_count",
]
