"""Rows of `/admin/anime`: admins and superadmins, nobody else."""

from typing import Any

from catalog.tests.factories import AnimeFactory
from tests.permissions.rows import Row

_ADMINS = "401 403 403 403 403 200 200"
_ADMINS_201 = "401 403 403 403 403 201 201"
_ADMINS_202 = "401 403 403 403 403 202 202"
_ANIME = "api/v1/admin/anime/<bigid:id>"


def setup(world: Any) -> None:
    """An anime that staff look after."""
    world.kept_anime = AnimeFactory(document=True, title="Kept by staff")


def _path(tail: str = "") -> Any:
    return lambda world: f"/api/v1/admin/anime/{world.kept_anime.pk}{tail}"


ROWS = [
    Row("POST", "api/v1/admin/anime", _ADMINS_201, body=lambda world: {"title": "Made by hand"}),
    Row("PATCH", _ANIME, _ADMINS, path=_path(), body=lambda world: {"synopsis": "By hand."}),
    Row("PATCH", f"{_ANIME}/sources", _ADMINS, path=_path("/sources"), body=lambda world: {"synopsis": "staff"}),
    Row("POST", f"{_ANIME}/sync", _ADMINS_202, path=_path("/sync")),
    Row("GET", f"{_ANIME}/candidates", _ADMINS, path=_path("/candidates")),
]
