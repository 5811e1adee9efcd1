"""Rows of the missing board and of standing orders: admins write, moderators may look; strangers are sent to sign in by pages."""

from typing import Any

from catalog.tests.factories import AnimeFactory, EpisodeFactory
from downloads.models import VariantFollow
from tests.permissions.rows import Row

_READERS = "401 403 403 403 200 200 200"
_ADMINS = "401 403 403 403 403 200 200"
_ADMINS_204 = "401 403 403 403 403 204 204"
_READERS_PAGE = "302 404 404 404 200 200 200"
_ADMINS_PAGE = "302 404 404 404 404 302 302"
_BOARD = "api/v1/admin/library/missing"
_ANIME = f"{_BOARD}/<bigid:anime_id>"
_PAGE = "downloads/missing/<bigid:anime_id>"


def setup(world: Any) -> None:
    """An anime of two episodes that a standing order waits for."""
    world.lacking_anime = AnimeFactory(document=True, title="Lacking", episode_count=2)
    for number in (1, 2):
        EpisodeFactory(anime=world.lacking_anime, number=number)
    VariantFollow.objects.create(anime=world.lacking_anime, variant_kind="dub", variant_language="de")


def _path(tail: str = "", base: str = _BOARD) -> Any:
    return lambda world: f"/{base}/{world.lacking_anime.pk}{tail}"


def _dub(world: Any) -> dict[str, str]:
    return {"variant_kind": "dub", "language": "fr"}


ROWS = [
    Row("GET", _BOARD, _READERS),
    Row("GET", _ANIME, _READERS, path=_path()),
    Row("POST", f"{_ANIME}/fill", _ADMINS, path=_path("/fill"), body=lambda world: {}),
    Row("GET", f"{_ANIME}/follow", _READERS, path=_path("/follow")),
    Row("PUT", f"{_ANIME}/follow", _ADMINS, path=_path("/follow"), body=_dub),
    Row("DELETE", f"{_ANIME}/follow", _ADMINS_204, path=_path("/follow"), query="?variant_kind=dub&language=de"),
    Row("GET", "api/v1/admin/library/follows", _READERS),
    Row("GET", "downloads/missing", _READERS_PAGE),
    Row("GET", _PAGE, _READERS_PAGE, path=_path(base="downloads/missing")),
    Row("POST", f"{_PAGE}/fill", _ADMINS_PAGE, path=_path("/fill", "downloads/missing"), body=lambda world: {}),
    Row(
        "POST",
        f"{_PAGE}/follow",
        _ADMINS_PAGE,
        path=_path("/follow", "downloads/missing"),
        body=lambda world: {"variant": "sub", "language": "en"},
    ),
]
