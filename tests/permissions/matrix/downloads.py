"""Rows of `/admin/downloads`: admins and superadmins, nobody else."""

from typing import Any

from catalog.tests.factories import AnimeFactory, EpisodeFactory
from downloads.models import Download, DownloadState
from tests.permissions.rows import Row

_ADMINS = "401 403 403 403 403 200 200"
_ADMINS_201 = "401 403 403 403 403 201 201"
_ADMINS_204 = "401 403 403 403 403 204 204"
_NO_TICKET = "401 401 401 401 401 401 401"
_LIST = "api/v1/admin/downloads"
_ONE = f"{_LIST}/<uuid:id>"


def setup(world: Any) -> None:
    """An anime with one episode in the queue and another that is not."""
    world.fetched_anime = AnimeFactory(document=True, title="Fetched by staff")
    for number in (1, 2):
        EpisodeFactory(anime=world.fetched_anime, number=number)
    world.download = Download.objects.create(anime=world.fetched_anime, episode_number=1, position=1)
    world.fetched = Download.objects.create(
        anime=world.fetched_anime, episode_number=2, state=DownloadState.DONE, path="library:gone/2.mp4"
    )


def _path(tail: str = "") -> Any:
    return lambda world: f"/{_LIST}/{world.download.pk}{tail}"


def _file(world: Any) -> str:
    """Its file is not on disk: whoever has a ticket learns that it is gone (410), all others that they have none."""
    return f"/api/v1/downloads/{world.fetched.pk}/file"


ROWS = [
    Row("GET", _LIST, _ADMINS),
    Row("POST", _LIST, _ADMINS_201, body=lambda world: {"anime_id": world.fetched_anime.pk, "episode": 2}),
    Row("GET", f"{_LIST}/queue", _ADMINS),
    Row("POST", f"{_LIST}/queue/<slug:mode>", _ADMINS, path=f"/{_LIST}/queue/stop"),
    Row("GET", _ONE, _ADMINS, path=_path()),
    Row("PATCH", _ONE, _ADMINS, path=_path(), body=lambda world: {"priority": "high"}),
    Row("DELETE", _ONE, _ADMINS_204, path=_path()),
    Row("POST", f"{_ONE}/<slug:action>", _ADMINS, path=_path("/pause")),
    Row("POST", f"{_ONE}/ticket", _ADMINS_201, path=lambda world: f"/{_LIST}/{world.fetched.pk}/ticket"),
    Row("GET", "api/v1/downloads/<uuid:id>/file", _NO_TICKET, path=_file),
    Row("POST", f"{_ONE}/move", _ADMINS, path=_path("/move"), body=lambda world: {"before": None}),
]
