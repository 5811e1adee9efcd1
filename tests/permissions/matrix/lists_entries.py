"""Rows of list entries: the own list, others' lists, many at once, history and its undo."""

from typing import Any

from lists.facade import entry_set, episode_next
from lists.models import ListActivity
from lists.services import entries_change
from tests.permissions.rows import EVERYONE, SIGNED_IN, Row

_OWN_ONLY = "401 200 404 404 404 404 404"
_OWN_ONLY_204 = "401 204 404 404 404 404 404"
_LIST = "api/v1/anime-list"
_ENTRY = f"{_LIST}/<bigid:anime_id>"


def setup(world: Any) -> None:
    """The owner has the anime on the list; one change and one bulk edit of it can be undone."""
    from catalog.tests.factories import AnimeFactory

    world.listed_anime = AnimeFactory.create(mal_id=990_001, episode_count=24, document=True)
    entry_set(user=world.owner, anime_id=world.listed_anime.pk, status="watching")
    episode_next(user=world.owner, anime_id=world.listed_anime.pk)
    world.list_activity = ListActivity.objects.filter(user=world.owner, anime=world.listed_anime).latest("id")
    ids = [world.listed_anime.pk]
    world.list_batch = entries_change(user=world.owner, anime_ids=ids, source="site", is_favourite=True).batch


def _entry(world: Any) -> str:
    return f"/{_LIST}/{world.listed_anime.pk}"


ROWS = [
    Row(
        "GET",
        "api/v1/users/<str:username>/anime-list",
        EVERYONE,
        path=lambda w: f"/api/v1/users/{w.owner.username}/anime-list",
    ),
    Row(
        "GET",
        "api/v1/users/<str:username>/anime-list/history",
        "404 200 404 404 200 200 200",  # shown to friends unless its owner says otherwise; who moderates sees it
        path=lambda w: f"/api/v1/users/{w.owner.username}/anime-list/history",
    ),
    Row("GET", _LIST, SIGNED_IN),
    Row(
        "POST",
        _LIST,
        "401 200 201 201 201 201 201",
        body=lambda w: {"anime_id": w.listed_anime.pk, "status": "planned"},
    ),
    Row("GET", f"{_LIST}/tags", SIGNED_IN),
    Row("POST", f"{_LIST}/bulk", SIGNED_IN, body=lambda w: {"anime_ids": [w.listed_anime.pk], "status": "on_hold"}),
    Row("POST", f"{_LIST}/bulk/<uuid:batch>/undo", _OWN_ONLY, path=lambda w: f"/{_LIST}/bulk/{w.list_batch}/undo"),
    Row("GET", f"{_LIST}/history", SIGNED_IN),
    Row("DELETE", f"{_LIST}/history", SIGNED_IN),
    Row(
        "POST",
        f"{_LIST}/history/<uuid:id>/undo",
        _OWN_ONLY,
        path=lambda w: f"/{_LIST}/history/{w.list_activity.pk}/undo",
    ),
    Row("GET", _ENTRY, _OWN_ONLY, path=_entry),
    Row("PATCH", _ENTRY, SIGNED_IN, path=_entry, body=lambda w: {"score": 80}),
    Row("DELETE", _ENTRY, _OWN_ONLY_204, path=_entry),
    Row("POST", f"{_ENTRY}/episode", SIGNED_IN, path=lambda w: f"{_entry(w)}/episode", body=lambda w: {}),
    Row(
        "DELETE",
        f"{_LIST}/shikimori/<shikimori:shikimori_id>",
        _OWN_ONLY_204,
        path=lambda w: f"/{_LIST}/shikimori/990001",
    ),
]
