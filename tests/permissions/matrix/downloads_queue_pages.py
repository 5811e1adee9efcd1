"""Rows of the pages of the queue: keepers alone; strangers are sent to sign in, others find nothing."""

from typing import Any

from catalog.tests.factories import AnimeFactory
from downloads.models import Download
from tests.permissions.rows import Row

_PAGE = "302 404 404 404 404 200 200"
_ACT = "302 404 404 404 404 302 302"
_ONE = "downloads/queue/<uuid:id>"


def setup(world: Any) -> None:
    """One that waits in the queue."""
    world.paged_download = Download.objects.create(anime=AnimeFactory(document=True, title="Paged"), episode_number=3)


def _path(tail: str = "") -> Any:
    return lambda world: f"/downloads/queue/{world.paged_download.pk}{tail}"


ROWS = [
    Row("GET", "downloads", _PAGE),
    Row("POST", "downloads/queue", _ACT, body=lambda world: {"action": "stop"}),
    Row("POST", _ONE, _ACT, path=_path(), body=lambda world: {"action": "pause"}),
    Row("POST", f"{_ONE}/file", _ACT, path=_path("/file"), body=lambda world: {}),
]
