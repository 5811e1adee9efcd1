"""Rows of the API of comments: under an anime, under what only the owner sees, and under collections."""

from collections.abc import Callable
from typing import Any

from social.access import get_anime_target, get_collection_target
from social.models import Post
from social.services.comments import CommentDraft, comment_publish
from tests.permissions.rows import EVERYONE, SIGNED_IN, Row

_C = "api/v1/comments"
_ONE = f"{_C}/<uuid:id>"
_SHELF = "api/v1/collections"
_ADMIN = "api/v1/admin/collections/comments"
WRITTEN = "401 201 201 201 201 201 201"
OWN = "401 200 404 404 404 404 404"
OWN_201 = "401 201 404 404 404 404 404"
OWN_READ = "404 200 404 404 404 404 404"
DELETED_BY = "401 204 404 404 204 204 204"  # moderators too
AUTHOR = "401 204 404 404 404 404 404"  # of collections staff delete by the admins' address
VOTED = "401 400 200 200 200 200 200"  # not on one's own
VOTED_SECRETLY = "401 400 404 404 404 404 404"
_TEXT = {"body": "hello"}


def setup(world: Any) -> None:
    """Comments of the owner: `api_said` under the anime, `api_kept` under their private collection, `api_shelf` under the
    public one; a post of theirs.
    """
    owner = world.owner

    def said(target: Any) -> Any:
        return comment_publish(actor=owner, target=target, draft=CommentDraft(body="mine"))

    world.api_said = said(get_anime_target(owner, world.anime.pk))
    world.api_shelf = said(get_collection_target(owner, world.collection.pk))
    world.api_kept = said(get_collection_target(owner, world.own_collection.pk))
    world.api_post = _post(owner)


def _post(owner: Any) -> Any:
    from django.utils import timezone

    from social.models import Category

    shelf, _made = Category.objects.get_or_create(slug="talk", defaults={"name": "Talk"})
    return Post.objects.create(
        author=owner, category=shelf, title="Post", body="x", html="x", created_at=timezone.now()
    )


def _of(name: str, rest: str = "") -> Callable[[Any], str]:
    return lambda w: f"/{_C}/{getattr(w, name).pk}{rest}"


def _shelf(name: str) -> Callable[[Any], str]:
    return lambda w: f"/{_SHELF}/{getattr(w, name).pk}/comments"


def _anime(world: Any) -> str:
    return f"/api/v1/anime/{world.anime.pk}/comments"


def _under_post(world: Any) -> str:
    return f"/api/v1/posts/{world.api_post.pk}/comments"


ROWS = [
    Row("GET", "api/v1/anime/<int:id>/comments", EVERYONE, path=_anime),
    Row("POST", "api/v1/anime/<int:id>/comments", WRITTEN, path=_anime, body=lambda _: _TEXT),
    Row("GET", "api/v1/posts/<uuid:id>/comments", EVERYONE, path=_under_post),
    Row("POST", "api/v1/posts/<uuid:id>/comments", WRITTEN, path=_under_post, body=lambda _: _TEXT),
    Row("GET", "api/v1/users/<str:username>/comments", EVERYONE, path=lambda w: f"/api/v1/users/{w.owner}/comments"),
    Row("POST", f"{_C}/preview", SIGNED_IN, path=lambda _: f"/{_C}/preview", body=lambda _: _TEXT),
    Row("GET", _ONE, EVERYONE, path=_of("api_said")),
    Row("GET", _ONE, OWN_READ, path=_of("api_kept")),
    Row("PATCH", _ONE, OWN, path=_of("api_said"), body=lambda _: {"body": "changed"}),
    Row("DELETE", _ONE, DELETED_BY, path=_of("api_said")),
    Row("GET", f"{_ONE}/replies", EVERYONE, path=_of("api_said", "/replies")),
    Row("POST", f"{_ONE}/vote", VOTED, path=_of("api_said", "/vote"), body=lambda _: {"value": 1}),
    Row("POST", f"{_ONE}/vote", VOTED_SECRETLY, path=_of("api_kept", "/vote"), body=lambda _: {"value": 1}),
    Row("DELETE", f"{_ONE}/vote", SIGNED_IN, path=_of("api_said", "/vote")),
    Row("GET", f"{_SHELF}/<uuid:id>/comments", EVERYONE, path=_shelf("collection")),
    Row("POST", f"{_SHELF}/<uuid:id>/comments", WRITTEN, path=_shelf("collection"), body=lambda _: _TEXT),
    Row("GET", f"{_SHELF}/<uuid:id>/comments", OWN_READ, path=_shelf("own_collection")),
    Row("POST", f"{_SHELF}/<uuid:id>/comments", OWN_201, path=_shelf("own_collection"), body=lambda _: _TEXT),
    Row(
        "DELETE",
        f"{_SHELF}/comments/<uuid:comment_id>",
        AUTHOR,
        path=lambda w: f"/{_SHELF}/comments/{w.api_shelf.pk}",
    ),
    Row(
        "DELETE",
        f"{_ADMIN}/<uuid:comment_id>",
        "401 403 403 403 403 204 204",
        path=lambda w: f"/{_ADMIN}/{w.api_shelf.pk}",
    ),
]
