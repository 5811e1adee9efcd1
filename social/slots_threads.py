"""Conversations on the pages of others: an anime's, the watch page's, a collection's."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from core.site.slots import slot_fill
from social.access import get_anime_target, get_collection_target
from social.pages.thread_views import Link, address, sort_of
from social.pages.threads import thread_html
from social.selectors.thread_counts import anime_thread_counts, episode_comment_count

EPISODES_SHOWN = 24


@slot_fill("anime.sections")
def anime_thread(request: HttpRequest, values: dict[str, Any]) -> str:
    """The conversation about the anime, fetched when it comes into view, and the way to those about its episodes."""
    anime_id = values["anime_id"]
    if "comment" in request.GET:
        return thread_html(request, get_anime_target(request.user, anime_id))
    counts = anime_thread_counts(request.user, anime_id)
    links = [
        Link(
            gettext("Episode %(number)s") % {"number": number},
            reverse("thread-episode", args=[anime_id, number]),
            str(count),
        )
        for number, count in counts.episodes
    ]
    path = reverse("thread-anime", args=[anime_id])
    context = {"episodes": links[-EPISODES_SHOWN:], "earlier": links[:-EPISODES_SHOWN]}
    return _later(request, path, counts.whole, **context)


@slot_fill("watch.below")
def episode_thread(request: HttpRequest, values: dict[str, Any]) -> str:
    """The conversation about the episode that is watched, fetched when it comes into view."""
    place = [values["anime_id"], values["episode_number"]]
    return _later(request, reverse("thread-episode", args=place), episode_comment_count(request.user, *place))


@slot_fill("collection.comments")
def collection_thread(request: HttpRequest, values: dict[str, Any]) -> str:
    """The conversation under a collection."""
    return thread_html(request, get_collection_target(request.user, values["collection_id"]))


def _later(request: HttpRequest, path: str, count: int, **values: Any) -> str:
    """A conversation's place, filled by a script when it is seen: the page itself waits for none of it."""
    sort = sort_of(request)
    context = {"path": address(path, sort=sort), "part": address(path, sort=sort, part="thread"), "count": count}
    return render_to_string("social/threads/later.html", {**context, **values}, request=request)
