"""One's friends, requests, follows and blocks; and whom others show around them."""

from dataclasses import asdict, dataclass
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.facade import Seen, User, people_search, person_by_username
from catalog.facade import Pages, page_number, pages_of
from core.errors import NotFound, RateLimited, Text
from core.throttles import throttle_check, throttle_key
from social.limits import PEOPLE_SEARCH
from social.pages.people_pieces import PersonLine, lines_of
from social.selectors import friends as selectors

PAGE_SIZE = 30
FOUND_SIZE = 20
QUERY_LENGTH = 50

OWN_TABS: dict[str, tuple[Text, str]] = {
    "friends": (_("Friends"), "users"),
    "requests": (_("Requests"), "user-plus"),
    "sent": (_("Sent"), "send"),
    "following": (_("Following"), "rss"),
    "followers": (_("Followers"), "user-check"),
    "blocked": (_("Blocked"), "ban"),
}
SHOWN_TABS: dict[str, tuple[Text, str]] = {
    "friends": (_("Friends"), "users"),
    "mutual": (_("In common"), "user-check"),
    "followers": (_("Followers"), "bell"),
    "following": (_("Following"), "rss"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of people and its address. `count` None: not counted."""

    name: str
    label: Text
    icon: str
    href: str
    count: int | None
    is_chosen: bool


@require_safe
@never_cache
@login_required
def friends_page(request: HttpRequest) -> HttpResponse:
    """`?tab=` one of one's own lists, `?page=`; `?q=` looks for people by their names instead."""
    viewer = cast(User, request.user)
    q = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]
    tab = request.GET.get("tab", "")
    chosen = "" if q else (tab if tab in OWN_TABS else "friends")
    context = {"q": q, "tab": chosen, "tabs": own_tabs(viewer, chosen), "here": request.get_full_path()}
    return render(
        request, "social/friends/friends.html", {**context, **(found(request, q) if q else own(request, tab))}
    )


@require_safe
@never_cache
def user_friends_page(request: HttpRequest, username: str) -> HttpResponse:
    """Friends, followers and follows of a person, as far as they and these people show themselves; 404 else.

    `?tab=mutual`: friends in common, for those who are signed in and look at somebody else.
    """
    seen = person_by_username(request.user, username)
    if seen.is_private:
        raise NotFound()
    if seen.user.username != username:
        return redirect("user-friends", seen.user.username)
    names = [name for name in SHOWN_TABS if name != "mutual" or (request.user.is_authenticated and not seen.is_self)]
    tab = request.GET.get("tab", "")
    context = shown(request, seen, tab if tab in names else "friends", names)
    return render(request, "social/friends/user_friends.html", context)


def own_tabs(viewer: User, chosen: str) -> list[Tab]:
    """One's own lists with their counts."""
    counts = asdict(selectors.own_counts(viewer))
    names = {"requests": "incoming", "sent": "outgoing"}
    return [
        Tab(name, label, icon, own_href(name), counts[names.get(name, name)], name == chosen)
        for name, (label, icon) in OWN_TABS.items()
    ]


def own_href(tab: str, page: int = 1) -> str:
    """The address of a page of one of one's own lists."""
    parts = {"tab": tab if tab != "friends" else "", "page": str(page) if page > 1 else ""}
    return _address(reverse("friends"), parts)


def own(request: HttpRequest, tab: str) -> dict[str, Any]:
    """One page of one of one's own lists."""
    viewer, number = cast(User, request.user), page_number(request.GET)
    tab = tab if tab in OWN_TABS else "friends"
    stretch = {"offset": (number - 1) * PAGE_SIZE, "size": PAGE_SIZE}
    if tab == "blocked":
        listed = selectors.blocked_page(viewer, **stretch)
    elif tab == "following":
        listed = selectors.following_page(viewer, viewer, **stretch)
    elif tab == "followers":
        listed = selectors.followers_page(viewer, viewer, **stretch)
    else:
        which = {"requests": "incoming", "sent": "outgoing"}.get(tab, "friends")
        listed = selectors.friendships_page(viewer, which=which, **stretch)
    pages = _pages(number, listed.count, lambda page: own_href(tab, page))
    return {"lines": lines_of(request, listed.rows), "count": listed.count, "pages": pages}


def found(request: HttpRequest, q: str) -> dict[str, Any]:
    """People of this name, without oneself; nobody and the words when somebody searches too often."""
    try:
        throttle_check(PEOPLE_SEARCH, throttle_key(PEOPLE_SEARCH, request))
    except RateLimited as error:
        return {"lines": [], "count": 0, "refused": error.title}
    count, people = people_search(request.user, q, offset=0, size=FOUND_SIZE)
    rows = [selectors.Relation(seen) for seen in people if not seen.is_self]
    count -= len(people) - len(rows)
    return {"lines": lines_of(request, rows), "count": count, "is_cut": count > len(rows)}


def shown(request: HttpRequest, seen: Seen, tab: str, names: list[str]) -> dict[str, Any]:
    """One page of one of somebody's lists."""
    viewer, owner, number = request.user, seen.user, page_number(request.GET)
    stretch = {"offset": (number - 1) * PAGE_SIZE, "size": PAGE_SIZE}
    if tab == "mutual":
        listed = selectors.mutual_page(cast(User, viewer), owner, **stretch)
    else:
        page = {
            "friends": selectors.friends_page,
            "followers": selectors.followers_page,
            "following": selectors.following_page,
        }[tab]
        listed = page(viewer, owner, **stretch)

    def href(name: str, page: int = 1) -> str:
        parts = {"tab": name if name != "friends" else "", "page": str(page) if page > 1 else ""}
        return _address(reverse("user-friends", args=[owner.username]), parts)

    counts: dict[str, int] = asdict(selectors.shown_counts(viewer, owner))
    return {
        "person": owner,
        "is_own": seen.is_self,
        "tab": tab,
        "tabs": [Tab(name, *SHOWN_TABS[name], href(name), counts.get(name), name == tab) for name in names],
        "lines": lines_of(request, listed.rows),
        "count": listed.count,
        "pages": _pages(number, listed.count, lambda page: href(tab, page)),
        "here": request.get_full_path(),
    }


def _pages(number: int, count: int, href: Any) -> Pages:
    return pages_of(current=number, count=count, size=PAGE_SIZE, href=href)


def _address(path: str, parts: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"{path}?{query}" if query else path


__all__ = ["PersonLine", "Tab", "friends_page", "user_friends_page"]
