"""Filing a report: what it is about is looked up, kept as it is now, and whoever moderates is told once."""

import logging
import math
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import ValidationFailed
from social.access_reports import NOBODY, OPEN_STATES, Named, Reported, desk_people, get_reported
from social.errors import AlreadyReported
from social.models import Notification, Report
from social.models.reports import MESSAGE_LENGTH, TRANSLATION_LENGTH
from social.notices import REPORT_FILED
from social.services.notifications import Notice, notify
from social.services.report_reasons import reasons_for
from social.services.texts import text_check

logger = logging.getLogger(__name__)

GROUP = "reports"
"""One unread row for all reports that came since somebody last looked."""
LONGEST = 86_400
"""Seconds: no video is longer."""


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What a reporter says. `position_seconds`: where in the video; `translation_code` where no source is known."""

    reason: str
    message: str = ""
    translation_code: str = ""
    position_seconds: float | None = None


def report_file(*, actor: User, named: Named, draft: ReportDraft) -> Report:
    """Report something to those who moderate, and tell them. Muted people report too: a mute takes no protection away.

    Raises what `get_reported` raises, `ValidationFailed` (a reason that does not fit, a text that is too long), and
    `AlreadyReported` (409) while an earlier report of `actor` about the same is open.
    """
    draft = _checked(draft, named)
    found = get_reported(actor, named)
    with transaction.atomic():
        staff = set(desk_people().exclude(pk=found.user_id or NOBODY).values_list("pk", flat=True))
        _held({actor.pk, *staff})
        if Report.objects.filter(**_same(found), reporter=actor, state__in=OPEN_STATES).exists():
            raise AlreadyReported()
        report = Report.objects.create(**_columns(actor, found, draft))
        _tell_staff(report, found, staff)
    logger.info("report %s: %s, %s", report.pk, report.target, report.reason)
    return report


def _checked(draft: ReportDraft, named: Named) -> ReportDraft:
    reasons = [reason.value for reason in reasons_for(named.target)]
    if draft.reason not in reasons:
        raise ValidationFailed({"reason": [_("One of: %(names)s.") % {"names": ", ".join(reasons)}]})
    text_check(body=draft.message, limit=MESSAGE_LENGTH, field="message", is_required=False)
    text_check(body=draft.translation_code, limit=TRANSLATION_LENGTH, field="translation", is_required=False)
    second = draft.position_seconds
    if second is not None and not (math.isfinite(second) and 0 <= second <= LONGEST):
        raise ValidationFailed({"second": [_("A second of the video.")]})
    return draft


def _same(found: Reported) -> dict[str, Any]:
    """What makes two reports be about one thing; another source of the episode is none."""
    names = ("user_id", "post_id", "comment_id", "collection_id", "anime_id", "episode_number")
    return {"target": found.target.value, **{name: found.keys[name] for name in names if name in found.keys}}


def _columns(actor: User, found: Reported, draft: ReportDraft) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "reporter": actor,
        "target": found.target.value,
        "user_id": found.user_id,
        "reason": draft.reason,
        "message": draft.message,
        "snapshot": found.snapshot,
        **found.keys,
    }
    if "anime_id" in found.keys:
        columns["position_seconds"] = draft.position_seconds
        columns.setdefault("translation_code", draft.translation_code)
    return columns


def _held(user_ids: set[uuid.UUID]) -> None:
    """Hold these people until the transaction ends, in one order: of two reports at once one is the second.

    Rows of notifications are locked after them: by themselves they come in another order after every change.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk").values_list("pk"))


def _tell_staff(report: Report, found: Reported, staff: set[uuid.UUID]) -> None:
    """One unread row each, which counts; live and by push only those hear of it who have none yet. They are `_held`."""
    rows = Notification.objects.filter(group=GROUP, read_at=None)
    counted = set(rows.select_for_update().filter(user_id__in=staff).values_list("user_id", flat=True))
    context = {"about": str(found.title), "report": str(report.pk), "reason": report.reason}
    again = {"count": F("count") + 1, "updated_at": timezone.now(), "mailed_at": None}
    rows.filter(user_id__in=counted).update(**again, context=context)
    if fresh := staff - counted:
        url = reverse("admin:social_report_changelist")
        notify(user_ids=fresh, notice=Notice(kind=REPORT_FILED, group=GROUP, url=url, context=context))


__all__ = ["GROUP", "ReportDraft", "report_file"]
