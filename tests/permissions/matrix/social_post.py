"""Rows of the API of posts and of the community's feeds: a post of the owner's, and one of theirs that was deleted."""

import base64
from collections.abc import Callable
from typing import Any

from core.tests.media.pictures import picture
from social.services.posts import PostDraft, post_edit, post_publish
from social.tests.posts import category_of
from tests.permissions.rows import EVERYONE, NOBODY, SIGNED_IN, SIGNED_IN_204, Row

_P = "api/v1/posts"
_ONE = f"{_P}/<uuid:id>"
WRITTEN = "401 201 201 201 201 201 201"
OWN = "401 200 404 404 404 404 404"  # staff delete, they do not put words into mouths
DELETED_BY = "401 204 404 404 204 204 204"
MODERATORS = "401 403 403 403 200 200 200"
MODERATORS_204 = "401 403 403 403 204 204 204"
LOST = "401 404 404 404 404 404 404"
LOST_TO_STAFF = "401 403 403 403 404 404 404"
STAFF_WRITE = "401 403 403 403 201 201 201"
NO_PICTURE = "401 415 415 415 415 415 415"


def setup(world: Any) -> None:
    """`api_own_post`, edited once; `api_lost_post`, deleted."""
    category_of()
    category_of("news")
    world.api_own_post = post_publish(actor=world.owner, draft=PostDraft(title="Mine", body="Words"))
    post_edit(actor=world.owner, post_id=world.api_own_post.pk, body="Other words")
    world.api_lost_post = post_publish(actor=world.owner, draft=PostDraft(title="Gone", body="Words"))
    world.api_lost_post.deleted_at = world.api_lost_post.created_at
    world.api_lost_post.save(update_fields=["deleted_at"])


def _at(rest: str = "", which: str = "api_own_post") -> Callable[[Any], str]:
    return lambda world: f"/{_P}/{getattr(world, which).pk}{rest}"


def _of(method: str, rest: str, expect: str, lost: str, body: dict[str, Any] | None = None) -> list[Row]:
    """The same of the post that is there and of the one that is not any more."""
    return [
        Row(method, _ONE + rest, expect, path=_at(rest), body=(lambda _: body) if body is not None else None),
        Row(
            method,
            _ONE + rest,
            lost,
            path=_at(rest, "api_lost_post"),
            body=(lambda _: body) if body is not None else None,
            query="?deleted" if method != "GET" else "",
        ),
    ]


_TEXT = {"title": "New", "body": "Words"}

ROWS = [
    Row("GET", _P, EVERYONE),
    Row("GET", _P, EVERYONE, query="?sort=hot&category=general"),
    Row("POST", _P, WRITTEN, body=lambda _: _TEXT),
    Row("POST", _P, STAFF_WRITE, body=lambda _: {**_TEXT, "category": "news"}, query="?news"),
    Row("GET", f"{_P}/top", EVERYONE, query="?period=all"),
    Row("POST", f"{_P}/preview", SIGNED_IN, body=lambda _: {"body": "**bold**"}),
    Row("POST", f"{_P}/images", NO_PICTURE, body=lambda _: {"file": base64.b64encode(picture()).decode()}),
    Row("GET", "api/v1/categories", EVERYONE),
    *_of("GET", "", EVERYONE, NOBODY),
    *_of("PATCH", "", OWN, LOST, {"title": "Newer"}),
    *_of("DELETE", "", DELETED_BY, LOST),
    *_of("GET", "/revisions", EVERYONE, NOBODY),
    *_of("POST", "/reaction", SIGNED_IN, LOST, {"kind": "love"}),
    *_of("DELETE", "/reaction", SIGNED_IN_204, LOST),
    *_of("POST", "/pin", MODERATORS, LOST_TO_STAFF),
    *_of("DELETE", "/pin", MODERATORS_204, LOST_TO_STAFF),
    *_of("POST", "/lock", MODERATORS, LOST_TO_STAFF),
    *_of("DELETE", "/lock", MODERATORS_204, LOST_TO_STAFF),
    Row("GET", "community/feed.xml", EVERYONE),
    Row("GET", "community/feed.atom", EVERYONE, query="?sort=hot"),
]
