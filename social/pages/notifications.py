"""The pages of notifications: the list by day, one that leads to its place, reading and deleting, the bell's panel."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.facade import User
from core.errors import MalformedRequest, NotFound
from core.site.own_addresses import own_address
from core.site.posted import posted_from
from core.site.preferences import time_zone_of, title_language_of
from social.models import Notification
from social.pages.notification_pieces import asked, days_of, lines_of, tabs_of
from social.selectors.notifications import NotificationPage, notification_shown, notifications_page
from social.services.digests import digest_reader_note
from social.services.notification_marks import (
    notification_delete_undoably,
    notification_restore,
    notifications_delete,
    notifications_read,
)

PANEL_ROWS, PAGE_ROWS = 8, 30


@login_required
@require_safe
@never_cache
@vary_on_headers("HX-Request")
def notifications_list(request: HttpRequest) -> HttpResponse:
    """What happened, by day; `?type=`, `?unread=1`, `?cursor=` continues further back. Scripts get the days alone."""
    user = cast(User, request.user)
    shelf, kinds, is_unread = asked(request.GET)
    try:
        page = _page(request, kinds=kinds, is_unread=is_unread, cursor=request.GET.get("cursor"), limit=PAGE_ROWS)
    except MalformedRequest:
        return redirect("notifications")
    digest_reader_note(user=user, time_zone=request.COOKIES.get("tz", ""), language=get_language() or "")
    query = request.GET.copy()
    query["cursor"] = page.next_cursor or ""
    context = {
        "days": days_of(lines_of(request, page.rows)),
        "tabs": tabs_of(shelf, is_unread=is_unread),
        "more": f"?{query.urlencode()}" if page.next_cursor else "",
        "is_filtered": bool(shelf or is_unread),
        "is_further": bool(request.GET.get("cursor")),
        "here": request.get_full_path(),
    }
    template = "social/notifications/days.html" if _is_piece(request) else "social/notifications/list.html"
    with timezone.override(time_zone_of(request)):
        return render(request, template, context)


@login_required
@require_safe
@never_cache
def notification_open(request: HttpRequest, notification_id: uuid.UUID) -> HttpResponse:
    """Mark one's own notification read and lead to its place; 404 for others'. A browser that only looks ahead marks nothing."""
    user = cast(User, request.user)
    row = Notification.objects.filter(user=user, pk=notification_id).first()
    if row is None:
        raise NotFound()
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        notifications_read(user=user, ids=[row.pk])
    return redirect(own_address(request, row.url) or reverse("notifications"))


@posted_from("notifications")
@never_cache
@login_required
def notifications_mark(request: HttpRequest) -> HttpResponse:
    """Mark one (`id`) or all read."""
    user = cast(User, request.user)
    if "id" in request.POST:
        notifications_read(user=user, ids=[_uuid(request.POST["id"])])
    else:
        count = notifications_read(user=user)
        said = ngettext("%(count)s notification is read.", "%(count)s notifications are read.", count)
        if not _is_piece(request):
            messages.success(request, said % {"count": count})
    return HttpResponse(status=204) if _is_piece(request) else redirect(_back(request))


@posted_from("notifications")
@never_cache
@login_required
def notification_delete(request: HttpRequest, notification_id: uuid.UUID) -> HttpResponse:
    """Delete one; the message that says so takes it back."""
    if notification_delete_undoably(user=cast(User, request.user), notification_id=notification_id):
        undo = reverse("notification-restore", args=[notification_id])
        messages.success(request, _("The notification is deleted."), extra_tags=f"undo:{undo}")
    return redirect(_back(request))


@posted_from("notifications")
@never_cache
@login_required
def notification_restored(request: HttpRequest, notification_id: uuid.UUID) -> HttpResponse:
    """Bring back the one that was deleted a moment ago."""
    if notification_restore(user=cast(User, request.user), notification_id=notification_id):
        messages.success(request, _("The notification is back."))
    else:
        messages.error(request, _("It is too late to take that back."))
    return redirect("notifications")


@posted_from("notifications")
@never_cache
@login_required
def notifications_clear(request: HttpRequest) -> HttpResponse:
    """Delete all; the form stands behind a question."""
    count = notifications_delete(user=cast(User, request.user))
    said = ngettext("%(count)s notification is deleted.", "%(count)s notifications are deleted.", count)
    messages.success(request, said % {"count": count})
    return redirect("notifications")


@login_required
@require_safe
@never_cache
def notifications_panel(request: HttpRequest) -> HttpResponse:
    """The latest eight, for the bell."""
    page = _page(request, limit=PANEL_ROWS)
    with timezone.override(time_zone_of(request)):
        context = {"lines": lines_of(request, page.rows)}
        return render(request, "social/notifications/panel.html", context)


@login_required
@require_safe
@never_cache
def notification_line(request: HttpRequest, notification_id: uuid.UUID) -> HttpResponse:
    """One of one's own as the list draws it, for an open page that was told of it; 404 for others'."""
    shown = notification_shown(cast(User, request.user), notification_id, titles=title_language_of(request))
    if shown is None:
        raise NotFound()
    with timezone.override(time_zone_of(request)):
        context = {"line": lines_of(request, [shown])[0], "here": reverse("notifications")}
        return render(request, "social/notifications/line.html", context)


def _page(request: HttpRequest, **wanted: Any) -> NotificationPage:
    return notifications_page(cast(User, request.user), titles=title_language_of(request), **wanted)


def _is_piece(request: HttpRequest) -> bool:
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request  # type: ignore[union-attr]


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound() from None


def _back(request: HttpRequest) -> str:
    return own_address(request, request.POST.get("next", "")) or reverse("notifications")
