"""What posts put on the pages of others: a row on the front page, lists under an anime and on a profile."""

from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.site.preferences import time_zone_of, title_language_of
from core.site.slots import slot_fill
from social.pages.post_views import post_views
from social.selectors.posts import PostQuery, post_rows, posts_found, posts_page

HOME_POSTS = 8
SHORT_POSTS = 5
HOME_SECONDS = 60
"""How long strangers see the same row of the front page, and so at most a post that was deleted meanwhile."""


@slot_fill("home.bottom")
def home_row(request: HttpRequest, values: dict[str, Any]) -> str:
    """What is hot in the community. Strangers share one row for a minute."""
    if request.user.is_authenticated or connection.in_atomic_block:  # what is seen in there may never be committed
        return _home_row(request)
    key = f"home-posts:{get_language()}:{title_language_of(request)}:{time_zone_of(request)}"
    kept = cache.get(key)
    if kept is None:
        kept = str(_home_row(request))
        cache.set(key, kept, HOME_SECONDS)
    return SafeString(kept)


def _home_row(request: HttpRequest) -> str:
    page = posts_page(request.user, PostQuery(sort="hot"), limit=HOME_POSTS)
    posts = post_views(page.pinned, request, shows_pin=True) + post_views(page.rows, request)
    if not posts:
        return ""
    context = {"posts": posts[:HOME_POSTS], "href": reverse("community")}
    return render_to_string("social/posts/home_row.html", context, request=request)


@slot_fill("anime.sections")
def anime_part(request: HttpRequest, values: dict[str, Any]) -> str:
    """The latest posts about the anime; for those signed in also the way to write one."""
    anime_id = values["anime_id"]
    context = _latest(request, PostQuery(anime_id=anime_id), f"?anime={anime_id}")
    if not context["posts"] and not request.user.is_authenticated:
        return ""
    write = f"{reverse('post-new')}?anime={anime_id}"
    return render_to_string("social/posts/anime_part.html", {**context, "write": write}, request=request)


@slot_fill("profile.main")
def profile_part(request: HttpRequest, values: dict[str, Any]) -> str:
    """The latest posts of the person whose profile it is."""
    context = _latest(request, PostQuery(author_id=values["person_id"]), f"?by={values['username']}")
    return render_to_string("social/posts/profile_part.html", context, request=request) if context["posts"] else ""


def _latest(request: HttpRequest, query: PostQuery, params: str) -> dict[str, Any]:
    """A few posts, and the address of the whole list when there are more."""
    found = list(posts_found(request.user, query).order_by("-id")[: SHORT_POSTS + 1])
    posts = post_views(post_rows(request.user, found[:SHORT_POSTS]), request)
    href = f"{reverse('community')}{params}&sort=recent" if len(found) > SHORT_POSTS else ""
    return {"posts": posts, "href": href}
