"""Rows of the community's pages: reading for everybody, writing for those signed in, a post for its author, marks for staff."""

from collections.abc import Callable
from typing import Any

from social.services.posts import PostDraft, post_edit, post_publish
from social.tests.posts import category_of
from tests.permissions.rows import EVERYONE, NOBODY, SIGNED_IN_PAGE, Row

_FORM = "302 302 302 302 302 302 302"  # signed out: to the sign-in; signed in: back to the page
_OWN = "302 200 404 404 404 404 404"  # its author alone: staff delete, they do not put words into mouths
_OWN_FORM = "302 302 404 404 404 404 404"
_REMOVES = "302 200 404 404 200 200 200"
_REMOVES_FORM = "302 302 404 404 302 302 302"
_STAFF_FORM = "302 404 404 404 302 302 302"
_SENT = "302 200 200 200 200 200 200"
_INCOMPLETE = "302 422 422 422 422 422 422"
_ONE = "community/posts/<uuid:post_id>"


def setup(world: Any) -> None:
    """`page_post`: the owner's, edited once; `page_lost`: one of theirs that was deleted."""
    category_of()
    draft = PostDraft(title="Rain", body="It rains.", category="general", anime_id=world.anime.pk)
    world.page_post = post_publish(actor=world.owner, draft=draft)
    post_edit(actor=world.owner, post_id=world.page_post.pk, body="It rained.")
    world.page_lost = post_publish(actor=world.owner, draft=PostDraft(title="Gone", body="Nothing."))
    world.page_lost.deleted_at = world.page_lost.created_at
    world.page_lost.save(update_fields=["deleted_at"])


def _at(rest: str = "", which: str = "page_post") -> Callable[[Any], str]:
    return lambda world: f"/community/posts/{getattr(world, which).pk}{rest}"


def _one(route: str, expect: str, body: dict[str, Any] | None = None, method: str = "POST") -> Row:
    return Row(method, f"{_ONE}/{route}", expect, path=_at(f"/{route}"), body=lambda _: body or {})


_TEXT = {"title": "Sun", "body": "It shines.", "category": "general", "act": "publish"}

ROWS = [
    Row("GET", "community", EVERYONE),
    Row("GET", "community", EVERYONE, query="?q=rain"),
    Row("GET", "community/<slug:category>", EVERYONE, path="/community/general"),
    Row("GET", "community/<slug:category>", NOBODY, path="/community/no-such-shelf", query="?sort=recent"),
    Row("GET", "community/new", SIGNED_IN_PAGE),
    Row("POST", "community/new", _FORM, body=lambda _: _TEXT),
    Row("POST", "community/new", _INCOMPLETE, body=lambda _: {"title": "Alone"}, query="?refused"),
    Row("POST", "community/preview", _SENT, body=lambda _: {"body": "**bold**"}),
    Row("POST", "community/images", _INCOMPLETE),
    Row("GET", "community/preview", _FORM),
    Row("GET", "community/images", _FORM),
    Row("GET", "community/anime", _FORM),
    Row("GET", _ONE, EVERYONE, path=_at()),
    Row("GET", _ONE, NOBODY, path=_at(which="page_lost"), query="?deleted"),
    _one("edit", _OWN, method="GET"),
    _one("edit", _OWN_FORM, _TEXT),
    _one("revisions", EVERYONE, method="GET"),
    _one("delete", _REMOVES, method="GET"),
    _one("delete", _REMOVES_FORM),
    _one("reaction", _FORM, {"kind": "love"}),
    _one("reaction", _FORM, method="GET"),
    _one("pin", _STAFF_FORM, {"is_on": "1"}),
    _one("pin", _FORM, method="GET"),
    _one("lock", _STAFF_FORM, {"is_on": "1"}),
    _one("lock", _FORM, method="GET"),
]
