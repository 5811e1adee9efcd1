"""Working on reports: taking one, noting, closing with an outcome, reopening."""

import json
import logging
import uuid
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import Conflict, ValidationFailed
from core.events import emit
from social.access_reports import OPEN_STATES, desk_people, get_report, reports_for
from social.errors import ReportTaken
from social.events import ReportClosed
from social.models import Report, ReportNote, ReportState
from social.models.reports import MESSAGE_LENGTH, OUTCOME_LENGTH
from social.notices import REPORT_OUTCOME
from social.selectors.reports import same_filter
from social.services.notifications import Notice, notify
from social.services.texts import text_check

logger = logging.getLogger(__name__)


def report_take(*, actor: User, report_id: uuid.UUID, is_takeover: bool = False) -> Report:
    """Look at a report oneself. Raises `ReportIsClosed`, and `ReportTaken` (409) where somebody else does already,
    unless it `is_takeover`; else as `get_report`.
    """
    with transaction.atomic():
        report = get_report(actor, report_id, lock=True, is_open=True)
        if report.assignee_id not in (None, actor.pk) and not is_takeover:
            raise ReportTaken()
        return _assign(actor, report, actor)


def report_assign(*, actor: User, report_id: uuid.UUID, assignee_id: uuid.UUID | None) -> Report:
    """Give a report to somebody who works on reports, or (None) back to the queue.

    Raises `ReportIsClosed`, `ValidationFailed` for somebody who does not, or whom it is about; else as `get_report`.
    """
    with transaction.atomic():
        report = get_report(actor, report_id, lock=True, is_open=True)
        assignee = None
        if assignee_id is not None:
            assignee = desk_people().filter(pk=assignee_id).first()
            if assignee is None or assignee.pk == report.user_id:
                raise ValidationFailed({"assignee_id": [_("This person does not work on it.")]})
        return _assign(actor, report, assignee)


def report_note(*, actor: User, report_id: uuid.UUID, body: str) -> ReportNote:
    """Tell other staff something about a report, a closed one too. Raises `ValidationFailed`; else as `get_report`."""
    text_check(body=body, limit=MESSAGE_LENGTH)
    with transaction.atomic():
        report = get_report(actor, report_id, lock=True)
        note = ReportNote.objects.create(report=report, author=actor, body=body)
        report_log(actor, report, {"added": {"name": str(ReportNote._meta.verbose_name), "object": f"#{note.pk}"}})
    return note


def report_close(
    *, actor: User, report_id: uuid.UUID, is_upheld: bool, outcome: str = "", with_same: bool = False
) -> list[Report]:
    """Decide on a report, and (`with_same`) on every open one about the same; each reporter is told `outcome`.

    Raises `ReportIsClosed` (409) when somebody decided before, `ValidationFailed`; else as `get_report`.
    """
    text_check(body=outcome, limit=OUTCOME_LENGTH, field="outcome", is_required=False)
    with transaction.atomic():
        named = get_report(actor, report_id)
        wanted = same_filter(named) if with_same else {"pk": named.pk}
        rows = reports_for(actor).filter(**wanted, state__in=OPEN_STATES).order_by("pk")
        held = list(rows.select_for_update(no_key=True, of=("self",)))
        get_report(actor, report_id, is_open=True)
        for report in held:
            _close(actor, report, is_upheld=is_upheld, outcome=outcome)
    return held


def report_reopen(*, actor: User, report_id: uuid.UUID) -> Report:
    """Look at a closed report again; its reporter is told anew when it closes. Raises `Conflict` where it is open."""
    with transaction.atomic():
        report = get_report(actor, report_id, lock=True)
        if report.state in OPEN_STATES:
            raise Conflict(_("This report is open."))
        report.state, report.assignee = ReportState.ASSIGNED, actor
        report.outcome, report.closed_by, report.closed_at = "", None, None
        report.save(update_fields=["state", "assignee", "outcome", "closed_by", "closed_at"])
        report_log(actor, report, {"changed": {"fields": ["state"]}})
    return report


def _assign(actor: User, report: Report, assignee: User | None) -> Report:
    report.assignee = assignee
    report.state = ReportState.OPEN if assignee is None else ReportState.ASSIGNED
    report.save(update_fields=["assignee", "state"])
    report_log(actor, report, {"changed": {"fields": ["assignee"]}})
    return report


def _close(actor: User, report: Report, *, is_upheld: bool, outcome: str) -> None:
    report.state = ReportState.RESOLVED if is_upheld else ReportState.DISMISSED
    report.outcome, report.closed_by, report.closed_at = outcome, actor, timezone.now()
    report.save(update_fields=["state", "outcome", "closed_by", "closed_at"])
    report_log(actor, report, {"changed": {"fields": ["state", "outcome"]}})
    if report.reporter_id is not None:
        notice = Notice(
            kind=REPORT_OUTCOME,
            group=f"report:{report.pk}",
            url=f"{reverse('my-reports')}#report-{report.pk}",
            context={"about": about_of(report), "excerpt": outcome, "state": report.state},
        )
        notify(user_ids=[report.reporter_id], notice=notice)
    emit(ReportClosed(report_id=report.pk, is_upheld=is_upheld))


def about_of(report: Report) -> str:
    """What a report is about, in the words of its snapshot."""
    snapshot = report.snapshot
    name = snapshot.get("title") or snapshot.get("about") or snapshot.get("display_name") or snapshot.get("username")
    episode = snapshot.get("episode")
    return " · ".join(str(part) for part in (name or report.get_target_display(), episode) if part)


def report_log(actor: User, report: Report, change: dict[str, Any]) -> None:
    """Who did what, for the history of the report in the admin (whichever door it came through) and the log."""
    LogEntry.objects.create(
        user_id=actor.pk,
        content_type_id=ContentType.objects.get_for_model(Report).pk,
        object_id=str(report.pk),
        object_repr=str(report)[:200],
        action_flag=CHANGE,
        change_message=json.dumps([change]),
    )
    logger.info("report %s: %s by %s", report.pk, change, actor.pk)


__all__ = [
    "about_of",
    "report_assign",
    "report_close",
    "report_log",
    "report_note",
    "report_reopen",
    "report_take",
]
