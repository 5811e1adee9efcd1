"""Rows of the feed: the owner shows nobody what they do, but has lines of their own."""

from typing import Any

from django.utils import timezone

from social.models import FeedItem, FeedVerb
from social.services.feed import lines_hide
from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

_API = "api/v1/feed"
_SHOWN_TO_STAFF = "404 200 404 404 200 200 200"
_OWN_204 = "401 204 404 404 404 404 404"
_OWN_FORM = "302 302 404 404 404 404 404"


def setup(world: Any) -> None:
    """`line` can be removed, `removed_line` brought back."""
    now = timezone.now()
    owner, anime = world.owner, world.anime
    world.line = FeedItem.objects.create(user=owner, anime=anime, verb=FeedVerb.STARTED, created_at=now, updated_at=now)
    world.removed_line = FeedItem.objects.create(
        user=owner, anime=anime, verb=FeedVerb.COMPLETED, created_at=now, updated_at=now
    )
    moment = lines_hide(actor=owner, line_ids=[world.removed_line.pk])
    world.line_removed_at = round(moment.timestamp() * 1_000_000)


ROWS = [
    Row("GET", _API, SIGNED_IN),
    Row("DELETE", f"{_API}/<uuid:id>", _OWN_204, path=lambda w: f"/{_API}/{w.line.pk}"),
    Row("POST", f"{_API}/<uuid:id>/restore", _OWN_204, path=lambda w: f"/{_API}/{w.removed_line.pk}/restore"),
    Row(
        "GET",
        "api/v1/users/<str:username>/feed",
        _SHOWN_TO_STAFF,
        path=lambda w: f"/api/v1/users/{w.owner.username}/feed",
    ),
    Row("GET", "feed", SIGNED_IN_PAGE),
    Row("GET", "feed", SIGNED_IN_PAGE, query="?tab=public"),
    Row("GET", "feed", SIGNED_IN_PAGE, query="?tab=mine"),
    Row(
        "GET",
        "users/<str:username>/activity",
        _SHOWN_TO_STAFF,
        path=lambda w: f"/users/{w.owner.username}/activity",
    ),
    Row("POST", "feed/remove", _OWN_FORM, body=lambda w: {"line": [str(w.line.pk)]}),
    Row("GET", "feed/remove", "302 302 302 302 302 302 302"),
    Row("POST", "feed/restore/<int:moment>", _OWN_FORM, path=lambda w: f"/feed/restore/{w.line_removed_at}"),
    Row(
        "GET",
        "feed/restore/<int:moment>",
        "302 302 302 302 302 302 302",
        path=lambda w: f"/feed/restore/{w.line_removed_at}",
    ),
]
