"""The desk of those who moderate: a queue, and one report with what was reported, what it is now, and what can be done."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied as Refused
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.facade import User
from core.admin import BaseAdmin
from core.admin.base import error_message
from core.errors import DomainError, ValidationFailed
from social.access_reports import OPEN_STATES, desk_people, reports_for
from social.admin.report_filters import AssigneeFilter, ReasonFilter, StateFilter
from social.admin.report_rows import compared
from social.models import Report, ReportTarget
from social.models.reports import MESSAGE_LENGTH, OUTCOME_LENGTH
from social.selectors.report_details import report_detail
from social.selectors.reports import queue_ordered
from social.services import report_actions, report_desk
from social.services.report_desk import about_of
from social.services.report_reasons import URGENT, reason_label

OLD = timedelta(days=1)
"""What waits longer is marked."""
MUTES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}
LIST = "admin:social_report_changelist"


@admin.register(Report)
class ReportAdmin(BaseAdmin):
    """Every change goes through `services.report_desk` and `report_actions`; nobody sees reports about themselves."""

    list_display = ["what", "why", "concerns", "same", "age", "looked_at_by", "state"]
    list_display_links = ["what"]
    list_filter = [StateFilter, "target", ReasonFilter, AssigneeFilter]
    search_fields = ["message", "user__username", "reporter__username", "anime__title"]
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return queue_ordered(reports_for(request.user))

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """The queue's own: what cannot wait, then the oldest."""
        return []

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act))
        return [path("<uuid:report_id>/act/", act, name="social_report_act"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The desk. It is read here alone; its forms go to `act`."""
        if not self.has_view_permission(request):
            raise Refused
        try:
            context = self.desk(request, uuid.UUID(object_id))
        except ValueError:
            return redirect(LIST)
        except DomainError as error:
            error_message(request, error)
            return redirect(LIST)
        return TemplateResponse(request, "admin/social/report/desk.html", context)

    def desk(self, request: HttpRequest, report_id: uuid.UUID) -> dict[str, Any]:
        """What the desk shows of a report. Raises `NotFound`."""
        detail = report_detail(request.user, report_id)
        report = detail.report
        is_open = report.state in OPEN_STATES
        return {
            **self.admin_site.each_context(request),
            "title": f"{report.get_target_display()}: {about_of(report)}",
            "opts": self.opts,
            "detail": detail,
            "report": report,
            "reason": reason_label(report.reason),
            "is_open": is_open,
            "is_urgent": is_open and report.reason in URGENT,
            "is_mine": report.assignee_id == request.user.pk,
            "rows": compared(report.snapshot, detail.now),
            "is_gone": detail.now is None,
            "is_deleted": bool(detail.now and detail.now.get("is_deleted")),
            "may_change": self.has_change_permission(request),
            "may_remove": self._may_remove(request, report, detail.now),
            "staff": [one for one in desk_people().order_by("username")[:50] if one.pk != report.user_id],
            "mutes": [("hour", _("an hour")), ("day", _("a day")), ("week", _("a week")), ("month", _("30 days"))],
            "is_muted": _is_muted(report.user),
            "outcome_limit": OUTCOME_LENGTH,
            "note_limit": MESSAGE_LENGTH,
            "open_same": [one for one in detail.same if one.state in OPEN_STATES],
            "reason_of": reason_label,
        }

    def act(self, request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
        """One of the desk's forms: `act` says which. What is refused (a race too) is said on the desk."""
        if not self.has_change_permission(request):
            raise Refused
        act = _ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise ValidationFailed({"act": [_("This action does not exist.")]})
            messages.success(request, act(request, report_id))
        except DomainError as error:
            error_message(request, error)
        if request.POST.get("act") == "close":
            return redirect(LIST)
        return redirect("admin:social_report_change", report_id)

    def _may_remove(self, request: HttpRequest, report: Report, now: dict[str, Any] | None) -> bool:
        if now is None or now.get("is_deleted") or not report_actions.removes_at_once(report.target):
            return False
        if report.target == ReportTarget.COLLECTION:
            return "title" in now and request.user.has_perm("lists.delete_collection")
        return True

    @admin.display(description=gettext_lazy("what"))
    def what(self, report: Report) -> SafeString:
        mark = format_html('<b class="report-urgent">{}</b> ', _("Cannot wait:")) if _is_urgent(report) else ""
        return format_html("{}{}: <bdi>{}</bdi>", mark, report.get_target_display(), about_of(report)[:80])

    @admin.display(description=gettext_lazy("reason"))
    def why(self, report: Report) -> str:
        return str(reason_label(report.reason))

    @admin.display(description=gettext_lazy("whom it concerns"))
    def concerns(self, report: Report) -> str:
        return report.user.username if report.user else "—"

    @admin.display(description=gettext_lazy("reports about it"))
    def same(self, report: Any) -> int:
        return report.same_count

    @admin.display(description=gettext_lazy("age"))
    def age(self, report: Report) -> SafeString:
        is_old = report.state in OPEN_STATES and timezone.now() - report.created_at > OLD
        words = timesince(report.created_at, depth=1)
        return format_html('<span class="{}">{}</span>', "report-old" if is_old else "", words)

    @admin.display(description=gettext_lazy("who looks at it"))
    def looked_at_by(self, report: Report) -> str:
        return report.assignee.username if report.assignee else "—"

    class Media:
        css = {"all": ["css/admin-reports.css"]}


def _is_urgent(report: Report) -> bool:
    return report.state in OPEN_STATES and report.reason in URGENT


def _is_muted(person: User | None) -> bool:
    until = person.muted_until if person else None
    return until is not None and until > timezone.now()


def _take(request: HttpRequest, report_id: uuid.UUID) -> str:
    report_desk.report_take(actor=request.user, report_id=report_id, is_takeover=request.POST.get("is_takeover") == "1")
    return _("You look at it now.")


def _assign(request: HttpRequest, report_id: uuid.UUID) -> str:
    raw = request.POST.get("assignee", "")
    try:
        assignee_id = uuid.UUID(raw) if raw else None
    except ValueError:
        raise ValidationFailed({"assignee": [_("A UUID.")]}) from None
    report_desk.report_assign(actor=request.user, report_id=report_id, assignee_id=assignee_id)
    return _("It is theirs now.") if raw else _("It is back in the queue.")


def _note(request: HttpRequest, report_id: uuid.UUID) -> str:
    body = request.POST.get("body", "").replace("\r\n", "\n")
    report_desk.report_note(actor=request.user, report_id=report_id, body=body)
    return _("Noted.")


def _remove(request: HttpRequest, report_id: uuid.UUID) -> str:
    report_actions.report_remove(actor=request.user, report_id=report_id)
    return _("It is gone. The report is still open: close it with an outcome.")


def _mute(request: HttpRequest, report_id: uuid.UUID) -> str:
    duration = MUTES.get(request.POST.get("duration", ""))
    if duration is None:
        raise ValidationFailed({"duration": [_("Choose for how long.")]})
    person = report_actions.report_mute(actor=request.user, report_id=report_id, duration=duration)
    return _("%(name)s cannot write for now.") % {"name": person.username}


def _close(request: HttpRequest, report_id: uuid.UUID) -> str:
    if request.POST.get("is_upheld") not in ("0", "1"):
        raise ValidationFailed({"is_upheld": [_("Say whether something was done.")]})
    closed = report_desk.report_close(
        actor=request.user,
        report_id=report_id,
        is_upheld=request.POST.get("is_upheld") == "1",
        outcome=request.POST.get("outcome", "").replace("\r\n", "\n").strip(),
        with_same=request.POST.get("with_same") == "1",
    )
    return ngettext("%d report is closed", "%d reports are closed", len(closed)) % len(closed)


def _reopen(request: HttpRequest, report_id: uuid.UUID) -> str:
    report_desk.report_reopen(actor=request.user, report_id=report_id)
    return _("It is open again, and yours.")


_ACTS = {
    "take": _take,
    "assign": _assign,
    "note": _note,
    "remove": _remove,
    "mute": _mute,
    "close": _close,
    "reopen": _reopen,
}
