"""Reports on the admin's first page."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import Figure, Plot, dashboard_part, per_day
from social.access_reports import OPEN_STATES, reports_for, works_on_reports
from social.services.report_reasons import URGENT


@dashboard_part
def reports_part(request: HttpRequest) -> Iterable[Figure | Plot]:
    """How many reports wait, those that cannot, and how many came by day."""
    user = request.user
    if not (user.is_authenticated and works_on_reports(user)):
        return []
    queue, rows = reverse("admin:social_report_changelist"), reports_for(user)
    waiting = rows.filter(state__in=OPEN_STATES)
    urgent = waiting.filter(reason__in=URGENT).count()
    labels, values = per_day(rows, "created_at")
    return [
        Figure(_("Reports that wait"), waiting.count(), href=queue),
        Figure(_("Reports that cannot wait"), urgent, href=f"{queue}?reason=self_harm", is_bad=bool(urgent)),
        Plot(_("Reports"), labels, values, note=_("per day, two weeks")),
    ]
