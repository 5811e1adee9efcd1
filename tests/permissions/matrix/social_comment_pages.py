"""Rows of the pages of conversations and comments."""

from collections.abc import Callable
from typing import Any

from social.access import get_anime_target, get_collection_target
from social.services.comments import CommentDraft, comment_edit, comment_publish
from tests.permissions.rows import EVERYONE, NOBODY, Row

_FORM = "302 302 302 302 302 302 302"  # signed out: to the sign-in; signed in: to the comment
_OWN_FORM = "302 302 404 404 404 404 404"
_OWN = "302 200 404 404 404 404 404"
_SIGNED_IN = "302 200 200 200 200 200 200"
_DELETED_BY = "302 302 404 404 302 302 302"
_DELETED_BY_TO_READ = "302 200 404 404 200 200 200"
_OWNERS = "404 200 404 404 404 404 404"  # under something that nobody else sees
_OWNERS_FORM = "404 302 404 404 404 404 404"
_VOTED = "302 302 302 302 302 302 302"
_ONE = "comments/<uuid:comment_id>"


def setup(world: Any) -> None:
    """`said` of the owner under the anime, edited once; `said_secretly` of theirs under their private collection."""
    owner = world.owner
    target = get_anime_target(owner, world.anime.pk)
    world.said = comment_publish(actor=owner, target=target, draft=CommentDraft(body="First"))
    comment_edit(actor=owner, comment_id=world.said.pk, draft=CommentDraft(body="First of all"))
    secret = get_collection_target(owner, world.page_secret.pk)
    world.said_secretly = comment_publish(actor=owner, target=secret, draft=CommentDraft(body="To myself"))


def _of(which: str, rest: str = "") -> Callable[[Any], str]:
    return lambda world: f"/comments/{getattr(world, which).pk}{rest}"


def _thread(kind: str, name: str) -> Callable[[Any], str]:
    return lambda world: f"/threads/{kind}/{getattr(world, name).pk}"


_TEXT = {"body": "Second"}

ROWS = [
    Row("GET", "threads/anime/<int:anime_id>", EVERYONE, path=_thread("anime", "anime")),
    Row("POST", "threads/anime/<int:anime_id>", _FORM, path=_thread("anime", "anime"), body=lambda _: _TEXT),
    Row("GET", "threads/anime/<int:anime_id>/<int:number>", EVERYONE, path=lambda w: f"/threads/anime/{w.anime.pk}/1"),
    Row(
        "POST",
        "threads/anime/<int:anime_id>/<int:number>",
        _FORM,
        path=lambda w: f"/threads/anime/{w.anime.pk}/1",
        body=lambda _: _TEXT,
    ),
    Row("GET", "threads/collection/<uuid:collection_id>", EVERYONE, path=_thread("collection", "page_shown")),
    Row(
        "POST",
        "threads/collection/<uuid:collection_id>",
        _FORM,
        path=_thread("collection", "page_shown"),
        body=lambda _: _TEXT,
    ),
    Row("GET", "threads/post/<uuid:post_id>", EVERYONE, path=_thread("post", "page_post")),
    Row("POST", "threads/post/<uuid:post_id>", _FORM, path=_thread("post", "page_post"), body=lambda _: _TEXT),
    Row("GET", "threads/post/<uuid:post_id>", NOBODY, path=_thread("post", "page_lost"), query="?lost"),
    Row(
        "GET",
        "threads/collection/<uuid:collection_id>",
        _OWNERS,
        path=_thread("collection", "page_secret"),
        query="?secret",
    ),
    Row(
        "POST",
        "threads/collection/<uuid:collection_id>",
        _OWNERS_FORM,
        path=_thread("collection", "page_secret"),
        body=lambda _: _TEXT,
        query="?secret",
    ),
    Row("GET", _ONE, _FORM, path=_of("said")),
    Row("GET", _ONE, _OWNERS_FORM, path=_of("said_secretly"), query="?secret"),
    Row("GET", f"{_ONE}/replies", EVERYONE, path=_of("said", "/replies")),
    Row("GET", f"{_ONE}/replies", _OWNERS, path=_of("said_secretly", "/replies"), query="?secret"),
    Row("GET", f"{_ONE}/reply", _SIGNED_IN, path=_of("said", "/reply")),
    Row("POST", f"{_ONE}/reply", _FORM, path=_of("said", "/reply"), body=lambda _: _TEXT),
    Row("POST", f"{_ONE}/reply", _OWN_FORM, path=_of("said_secretly", "/reply"), body=lambda _: _TEXT, query="?secret"),
    Row("GET", f"{_ONE}/edit", _OWN, path=_of("said", "/edit")),
    Row("POST", f"{_ONE}/edit", _OWN_FORM, path=_of("said", "/edit"), body=lambda _: _TEXT),
    Row("GET", f"{_ONE}/delete", _DELETED_BY_TO_READ, path=_of("said", "/delete")),
    Row("POST", f"{_ONE}/delete", _DELETED_BY, path=_of("said", "/delete")),
    Row("GET", f"{_ONE}/vote", _FORM, path=_of("said", "/vote")),
    Row("POST", f"{_ONE}/vote", _VOTED, path=_of("said", "/vote"), body=lambda _: {"value": "1"}),
    Row(
        "POST",
        f"{_ONE}/vote",
        _OWN_FORM,
        path=_of("said_secretly", "/vote"),
        body=lambda _: {"value": "1"},
        query="?secret",
    ),
    Row("GET", f"{_ONE}/history", EVERYONE, path=_of("said", "/history")),
    Row("GET", f"{_ONE}/history", _OWNERS, path=_of("said_secretly", "/history"), query="?secret"),
    Row("POST", "comments/preview", _SIGNED_IN, body=lambda _: {"body": "**bold**"}),
]
