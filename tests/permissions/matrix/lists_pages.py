"""Rows of the pages of lists: one's own, others', the forms of entries, many at once, the history."""

from typing import Any

from lists.facade import entry_set
from lists.models import ChangeSource
from lists.services.bulk import entries_change
from tests.permissions.rows import EVERYONE, SIGNED_IN_PAGE, Row

_FORM = "302 302 302 302 302 302 302"  # strangers sign in; others come back to the list and are told there


def setup(world: Any) -> None:
    """A change of the owner's and a bulk edit of theirs, both to be undone."""
    world.list_activity = entry_set(user=world.owner, anime_id=world.anime.pk, notes="of the owner").activity
    world.list_batch = entries_change(
        user=world.owner, anime_ids=[world.anime.pk], source=ChangeSource.SITE, is_favourite=True
    ).batch


ROWS = [
    Row("GET", "list", SIGNED_IN_PAGE),
    Row("GET", "users/<str:username>/list", EVERYONE, path=lambda w: f"/users/{w.owner.username}/list"),
    Row("POST", "list/bulk", _FORM, body=lambda w: {"anime": w.anime.pk, "is_private": "yes"}),
    Row("POST", "list/bulk/<uuid:batch>/undo", _FORM, path=lambda w: f"/list/bulk/{w.list_batch}/undo"),
    Row("GET", "list/<int:anime_id>/edit", SIGNED_IN_PAGE, path=lambda w: f"/list/{w.anime.pk}/edit"),
    Row(
        "POST",
        "list/<int:anime_id>/edit",
        _FORM,
        path=lambda w: f"/list/{w.anime.pk}/edit",
        body=lambda w: {"status": "watching"},
    ),
    Row(
        "POST",
        "list/<int:anime_id>/row",
        _FORM,
        path=lambda w: f"/list/{w.anime.pk}/row",
        body=lambda w: {"status": "dropped"},
    ),
    Row("POST", "list/<int:anime_id>/next", _FORM, path=lambda w: f"/list/{w.anime.pk}/next"),
    Row("GET", "list/history", SIGNED_IN_PAGE),
    Row("GET", "list/history/clear", SIGNED_IN_PAGE),
    Row("POST", "list/history/clear", _FORM, body=lambda w: {"what": "changes"}),
    Row(
        "POST",
        "list/history/<uuid:activity_id>/undo",
        _FORM,
        path=lambda w: f"/list/history/{w.list_activity.pk}/undo",
    ),
]
