"""The queue of reports for those who moderate."""

from typing import Any, cast
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import Role, User
from core.api.pagination import PageQuery, page_envelope
from core.api.permissions import role_in
from core.api.views import View
from core.errors import ValidationFailed
from social.api.serializers.reports import (
    QueuedReportOut,
    QueueOut,
    ReportChangeIn,
    ReportDetailOut,
    ReportNoteIn,
    ReportNoteOut,
)
from social.api.views.friends import PAGING
from social.models import ReportState, ReportTarget
from social.selectors.report_details import report_detail
from social.selectors.reports import QueueQuery, queue
from social.services import report_desk as services
from social.services.report_reasons import ReportReason

TAGS = ["Reports"]
Staff = role_in(Role.MODERATOR, Role.ADMIN, Role.SUPERADMIN)
_CHOICES = {
    "state": ["waiting", "closed", *ReportState.values],
    "target": ReportTarget.values,
    "reason": ReportReason.values,
}
ANSWERS = {"409": "`report_closed`: somebody decided before; `report_taken`: somebody else looks at it"}


class AdminReports(View):
    access, query = Staff, frozenset({"state", "target", "reason", "assignee", "page", "page_size"})

    @extend_schema(
        operation_id="admin_reports_list",
        tags=TAGS,
        parameters=[
            *[OpenApiParameter(name, str, enum=values) for name, values in _CHOICES.items()],
            OpenApiParameter("assignee", str, description="`me`, `nobody`, or a person's id."),
            *PAGING,
        ],
        responses=QueueOut,
    )
    def get(self, request: Request) -> Response:
        """What waits (unless `state` says otherwise): what cannot wait first, then the oldest."""
        page, actor = PageQuery.of(request.query_params), cast(User, request.user)
        rows = queue(actor, query_of(request.query_params))
        found = QueuedReportOut(rows[page.offset : page.offset + page.size], many=True).data
        return Response(page_envelope(request.path, request.query_params, page, count=rows.count(), results=found))


class AdminReport(View):
    access, query = Staff, frozenset()
    also_answers = ANSWERS

    @extend_schema(operation_id="admin_report", tags=TAGS, responses=ReportDetailOut)
    def get(self, request: Request, id: UUID) -> Response:
        """A report with its notes, others about the same thing, and that thing as it was and as it is. Nobody sees
        reports about themselves: 404.
        """
        return Response(ReportDetailOut(report_detail(cast(User, request.user), id)).data)

    @extend_schema(operation_id="admin_report_update", tags=TAGS, request=ReportChangeIn, responses=ReportDetailOut)
    def patch(self, request: Request, id: UUID) -> Response:
        """Take or give a report, close it with an outcome, or open it again."""
        actor = cast(User, request.user)
        change(actor, id, self.parse(ReportChangeIn))
        return Response(ReportDetailOut(report_detail(actor, id)).data)


class AdminReportNotes(View):
    access = Staff

    @extend_schema(operation_id="admin_report_note", tags=TAGS, request=ReportNoteIn, responses={201: ReportNoteOut})
    def post(self, request: Request, id: UUID) -> Response:
        """Tell other staff something about a report; whom it concerns and who filed it never see it."""
        body = self.parse(ReportNoteIn)["body"]
        note = services.report_note(actor=cast(User, request.user), report_id=id, body=body)
        return Response(ReportNoteOut(note).data, status=201)


def query_of(params: QueryDict) -> QueueQuery:
    """What of the queue is asked for. Raises `ValidationFailed`."""
    wrong = {}
    for name, values in _CHOICES.items():
        if params.get(name) and params[name] not in values:
            wrong[name] = [_("One of: %(names)s.") % {"names": ", ".join(values)}]
    assignee, assignee_id = params.get("assignee", ""), None
    if assignee not in ("", "me", "nobody"):
        try:
            assignee_id = UUID(assignee)
        except ValueError:
            wrong["assignee"] = [_("A UUID.")]
    if wrong:
        raise ValidationFailed(wrong)
    return QueueQuery(
        state=params.get("state") or "waiting",
        target=params.get("target", ""),
        reason=params.get("reason", ""),
        assignee_id=assignee_id,
        is_mine=assignee == "me",
        is_unassigned=assignee == "nobody",
    )


def change(actor: User, report_id: UUID, data: dict[str, Any]) -> None:
    """One change of a report. Raises `ValidationFailed` unless it says exactly one, else what its service raises."""
    if ("assignee_id" in data) == ("state" in data):
        raise ValidationFailed({"non_field_errors": [_("Either assignee_id or state.")]})
    if data.get("state") == ReportState.OPEN:
        services.report_reopen(actor=actor, report_id=report_id)
    elif "state" in data:
        is_upheld = data["state"] == ReportState.RESOLVED
        services.report_close(
            actor=actor,
            report_id=report_id,
            is_upheld=is_upheld,
            outcome=data["outcome"],
            with_same=data["with_same"],
        )
    elif data["assignee_id"] == actor.pk:
        services.report_take(actor=actor, report_id=report_id, is_takeover=data["is_takeover"])
    else:
        services.report_assign(actor=actor, report_id=report_id, assignee_id=data["assignee_id"])
