"""The providers' part of the admin's first page."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import DAYS, Figure, Plot, daily, dashboard_part
from providers.models import HostHour, MatchState, Provider, ProviderTitle
from providers.selectors.health import queue_length


@dashboard_part
def providers_part(request: HttpRequest) -> Iterable[Figure | Plot]:
    """How many are on, what waits for a decision, what was asked and failed by day."""
    if not request.user.has_perm("providers.view_provider"):
        return []
    titles = reverse("admin:providers_providertitle_changelist")
    waiting = queue_length()
    matched = ProviderTitle.objects.filter(match_state__in=(MatchState.AUTO, MatchState.HUMAN)).count()
    since = timezone.now() - timedelta(days=DAYS)
    rows = (
        HostHour.objects.filter(hour__gte=since)
        .annotate(day=TruncDate("hour"))
        .values_list("day")
        .annotate(Sum("requests"), Sum("failures"), Sum("blocked"), Sum("unread"))
        .order_by("day")
    )
    found = list(rows)
    labels, requests = daily((day, asked) for day, asked, *_bad in found)
    _labels, bad = daily((day, failures + blocked + unread) for day, _asked, failures, blocked, unread in found)
    return [
        Figure(
            _("Providers switched on"),
            Provider.objects.filter(is_enabled=True).count(),
            href=reverse("admin:providers_provider_health"),
        ),
        Figure(_("Titles matched"), matched, href=titles),
        Figure(_("Titles that wait for you"), waiting, href=f"{titles}?match_state__exact=queued", is_bad=waiting > 0),
        Plot(_("Requests to providers"), labels, requests, note=_("per day, two weeks")),
        Plot(_("Requests that failed"), labels, bad, note=_("no answer, blocked, or a page that made no sense")),
    ]
