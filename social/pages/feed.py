"""The activity feed: of friends, of everybody, one's own; of one person; own lines taken out of it."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.facade import User, Visibility, person_by_username
from core.errors import DomainError, NotFound, Text
from core.site.own_addresses import own_address
from core.site.posted import posted_from
from core.throttles import throttle_check, throttle_key
from lists.facade import list_preferences_of
from social.limits import FEED_WRITES
from social.pages.feed_rows import rows_of
from social.selectors.feed import FeedPage, feed_friends, feed_mine, feed_of, feed_public
from social.services import feed as services

PAGE_SIZE = 20
TABS: dict[str, tuple[Text, str]] = {
    "friends": (_("Friends and following"), "users"),
    "public": (_("Everybody"), "globe"),
    "mine": (_("Mine"), "user"),
}
_READ = {"friends": feed_friends, "public": feed_public, "mine": feed_mine}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class FeedTab:
    """One of the three feeds and its address."""

    name: str
    label: Text
    icon: str
    href: str
    is_chosen: bool


@require_safe
@never_cache
@login_required
def feed_page(request: HttpRequest) -> HttpResponse:
    """`?tab=` friends (with those followed), public or mine; `?cursor=` goes on below."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "friends"
    viewer = cast(User, request.user)
    page = _page_of(request, lambda cursor: _READ[tab](viewer, cursor=cursor, limit=PAGE_SIZE))
    tabs = [
        FeedTab(name, label, icon, reverse("feed") + (f"?tab={name}" if name != "friends" else ""), name == tab)
        for name, (label, icon) in TABS.items()
    ]
    context = {"tab": tab, "tabs": tabs, "circle": viewer.activity_visibility, "circles": Visibility}
    return _drawn(request, "social/feed/feed.html", page, {**context, "keep": f"tab={tab}&"})


@require_safe
@never_cache
def user_activity(request: HttpRequest, username: str) -> HttpResponse:
    """What one person did, as far as they show it to the viewer; else 404."""
    page = _page_of(request, lambda cursor: feed_of(request.user, username, cursor=cursor, limit=PAGE_SIZE))
    seen = person_by_username(request.user, username)
    return _drawn(request, "social/feed/person.html", page, {"person": seen.user, "is_own": seen.is_self})


def _page_of(request: HttpRequest, read: Any) -> FeedPage:
    """The page at the cursor; a cursor that is none leads to the top."""
    try:
        return cast(FeedPage, read(request.GET.get("cursor")))
    except DomainError as error:
        if error.code == NotFound.code:
            raise
        return cast(FeedPage, read(None))


def _drawn(request: HttpRequest, template: str, page: FeedPage, context: dict[str, Any]) -> HttpResponse:
    score_format = list_preferences_of(request.user).score_format
    keep = context.pop("keep", "")
    more = f"?{keep}cursor={page.next_cursor}" if page.next_cursor else ""
    found = {"rows": rows_of(request, page.rows), "score_format": score_format, "more": more}
    is_piece = bool(getattr(request, "htmx", False)) and request.GET.get("cursor")
    context = {**context, **found, "is_further": bool(request.GET.get("cursor")), "here": request.get_full_path()}
    return render(request, "social/feed/rows.html" if is_piece else template, context)


@posted_from("feed")
@login_required
def lines_remove(request: HttpRequest) -> HttpResponse:
    """`line` (several) of one's own go out of the feed; what is said about it can undo it."""
    throttle_check(FEED_WRITES, throttle_key(FEED_WRITES, request))
    moment = services.lines_hide(actor=cast(User, request.user), line_ids=_ids(request.POST.getlist("line")))
    undo = reverse("feed-restore", args=[(moment - _EPOCH) // _MICROSECOND])
    messages.success(request, _("Taken out of your activity. Your list stays as it is."), extra_tags=f"undo:{undo}")
    return redirect(_back(request))


@posted_from("feed")
@login_required
def lines_restore(request: HttpRequest, moment: int) -> HttpResponse:
    """Bring back what was taken out at `moment` (microseconds since 1970)."""
    throttle_check(FEED_WRITES, throttle_key(FEED_WRITES, request))
    try:
        when = _EPOCH + moment * _MICROSECOND
    except OverflowError as error:
        raise NotFound() from error
    count = services.lines_restore_at(actor=cast(User, request.user), moment=when)
    if not count:
        raise NotFound()
    messages.success(request, ngettext("It is back in your activity.", "They are back in your activity.", count))
    return redirect(_back(request))


def _ids(raw: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(one) for one in raw]
    except ValueError as error:
        raise NotFound() from error


def _back(request: HttpRequest) -> str:
    """The page of this site that the form stood on."""
    wanted = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    return own_address(request, wanted) or f"{reverse('feed')}?tab=mine"
