"""Rows of lists: progress through the API, the list menu and the beacon of the pages."""

from typing import Any

from lists.facade import entry_set, progress_save
from tests.permissions.rows import SIGNED_IN, Row

_FORM = "302 302 302 302 302 302 302"  # signed out: to the sign-in; signed in: back to the page
_PROGRESS = "api/v1/users/me/progress"


def setup(world: Any) -> None:
    """The owner is in the middle of an episode and has the anime on the list."""
    progress_save(user=world.owner, anime_id=world.anime.pk, episode_number=1, position=600, duration=1400)
    entry_set(user=world.owner, anime_id=world.anime.pk, status="watching")


def _heartbeat(world: Any) -> dict[str, Any]:
    return {"anime_id": world.anime.pk, "episode_num": 1, "timecode": 5, "duration": 1400}


def _import(world: Any) -> dict[str, Any]:
    return {"entries": [{**_heartbeat(world), "updated_at": "2026-01-01T00:00:00Z"}]}


ROWS = [
    Row("GET", _PROGRESS, SIGNED_IN),
    Row("PUT", _PROGRESS, SIGNED_IN, body=_heartbeat),
    Row("DELETE", _PROGRESS, SIGNED_IN),
    Row("POST", f"{_PROGRESS}/import", SIGNED_IN, body=_import),
    Row(
        "POST",
        "anime/<int:anime_id>/list",
        _FORM,
        path=lambda w: f"/anime/{w.anime.pk}/list",
        body=lambda w: {"status": "completed", "score": "9"},
    ),
    Row("POST", "watch/progress", "401 204 204 204 204 204 204", body=_heartbeat),
    Row(
        "POST",
        "watch/progress/<bigid:anime_id>/remove",
        _FORM,
        path=lambda w: f"/watch/progress/{w.anime.pk}/remove",
    ),
]
