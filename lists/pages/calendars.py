"""The page with the secret addresses of one's calendar."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.facade import User, sees_adult
from catalog.facade import calendar, feed_events, feed_window
from core.site.preferences import time_zone_of, title_language_of
from lists.selectors.entries import followed_ids
from lists.services.calendars import calendar_key, calendar_paths, calendar_revoke

NEXT_SHOWN = 6


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Both addresses, what airs next, and the button that makes a new address (POST)."""
    user, now = cast(User, request.user), timezone.now()
    if request.method == "POST":
        calendar_revoke(user=user)
        messages.success(request, _("Your calendar has a new address. The old one is dead."))
        return redirect("list-calendar")
    found = calendar(feed_window(now), adult=sees_adult(user))
    events = feed_events(
        found, followed_ids(user), language=title_language_of(request), absolute=request.build_absolute_uri
    )
    today = now.date()
    coming = [event for event in events if (event.airs_at > now if event.airs_at else event.day >= today)]
    paths = calendar_paths(calendar_key(user=user))
    addresses = {kind: request.build_absolute_uri(path) for kind, path in paths.items()}
    context = {
        **addresses,
        "webcal": "webcal:" + addresses["ics"].partition(":")[2],
        "coming": coming[:NEXT_SHOWN],
        "coming_count": len(coming),
    }
    with timezone.override(time_zone_of(request)):
        return render(request, "lists/calendar.html", context)
