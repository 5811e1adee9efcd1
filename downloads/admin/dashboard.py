"""The part of downloads on the admin's first page."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import DAYS, Figure, Plot, dashboard_part, per_day
from downloads.access import keeps_library
from downloads.models import LIVE_STATES, Download, DownloadState


@dashboard_part
def downloads_part(request: HttpRequest) -> Iterable[Figure | Plot]:
    """What stands in the queue, what failed in two weeks, how many files came each day. Two queries."""
    if not keeps_library(request.user):
        return []
    since = timezone.now() - timedelta(days=DAYS)
    failed = Q(state=DownloadState.FAILED, finished_at__gte=since)
    counts = Download.objects.aggregate(
        live=Count("pk", filter=Q(state__in=LIVE_STATES)), bad=Count("pk", filter=failed)
    )
    here = reverse("downloads-queue")
    labels, done = per_day(Download.objects.filter(state=DownloadState.DONE), "finished_at")
    return [
        Figure(_("Downloads in the queue"), counts["live"], href=here),
        Figure(_("Downloads that failed"), counts["bad"], href=f"{here}?over=failed#history", is_bad=counts["bad"] > 0),
        Plot(_("Downloads done"), labels, done, note=_("per day, two weeks")),
    ]
