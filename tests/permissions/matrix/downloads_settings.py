"""Rows of the operator's configuration, the library's files and the recycle bin: for admins alone, pages too."""

from typing import Any

from catalog.tests.factories import AnimeFactory, EpisodeFactory
from downloads.configuration.backups import backup_create
from downloads.models import FileState, LibraryFile
from tests.permissions.rows import Row

_ADMINS = "401 403 403 403 403 200 200"
_ADMINS_201 = "401 403 403 403 403 201 201"
_ADMINS_202 = "401 403 403 403 403 202 202"
_ADMINS_204 = "401 403 403 403 403 204 204"
_ADMINS_404 = "401 403 403 403 403 404 404"
_PAGE = "302 404 404 404 404 200 200"
_PAGE_302 = "302 404 404 404 404 302 302"
_PAGE_404 = "302 404 404 404 404 404 404"
_SET = "api/v1/admin/library/configuration"
_FILES = "api/v1/admin/library/files"
_BIN = "api/v1/admin/library/recycled"


def setup(world: Any) -> None:
    """A file that nobody recognised, an anime that it may be; backups are made where a row asks for one."""
    world.unknown_anime = AnimeFactory(document=True, title="Unknown", episode_count=2)
    EpisodeFactory(anime=world.unknown_anime, number=1)
    world.unknown_file = LibraryFile.objects.create(
        path="Unknown - 01.mkv", size=1, mtime_ns=1, state=FileState.UNMATCHED, parsed={"title": "Unknown"}
    )


def _file(tail: str = "", base: str = _FILES) -> Any:
    return lambda world: f"/{base}/{world.unknown_file.pk}{tail}"


def _backup(tail: str = "", base: str = f"{_SET}/backups") -> Any:
    return lambda world: f"/{base}/{backup_create().name}{tail}"


def _assigned(world: Any) -> dict[str, Any]:
    return {"anime_id": world.unknown_anime.pk, "first": 1}


ROWS = [
    Row("GET", _SET, _ADMINS),
    Row("PUT", _SET, _ADMINS, body=lambda world: {"max_attempts": 5}),
    Row("POST", f"{_SET}/validate", _ADMINS, body=lambda world: {"max_attempts": 7}),
    Row("POST", f"{_SET}/reset", _ADMINS),
    Row("GET", f"{_SET}/preview", _ADMINS),
    Row("GET", f"{_SET}/backups", _ADMINS),
    Row("POST", f"{_SET}/backups", _ADMINS_201),
    Row("DELETE", f"{_SET}/backups/<str:name>", _ADMINS_204, path=_backup()),
    Row("POST", f"{_SET}/backups/<str:name>/restore", _ADMINS, path=_backup("/restore")),
    Row("GET", _FILES, _ADMINS),
    Row("PATCH", f"{_FILES}/<bigid:file_id>", _ADMINS, path=_file(), body=_assigned),
    Row("GET", "api/v1/admin/library/scans", _ADMINS),
    Row("POST", "api/v1/admin/library/scans", _ADMINS_202),
    Row("GET", _BIN, _ADMINS),
    Row("POST", f"{_BIN}/<str:name>/restore", _ADMINS_404, path=f"/{_BIN}/2026-01-01_00-00-00-01234567/restore"),
    Row("GET", "downloads/settings", _PAGE),
    Row("POST", "downloads/settings", _PAGE_302, body=lambda world: {}),
    Row("GET", "downloads/settings/preview", _PAGE),
    Row("POST", "downloads/settings/backups", _PAGE_302, body=lambda world: {}),
    Row(
        "POST",
        "downloads/settings/backups/<str:name>",
        _PAGE_302,
        path=_backup(base="downloads/settings/backups"),
        body=lambda world: {"do": "restore"},
    ),
    Row("GET", "downloads/files", _PAGE),
    Row("GET", "downloads/files/scan", _PAGE_302),
    Row("POST", "downloads/files/scan", _PAGE_302, body=lambda world: {}),
    Row("GET", "downloads/files/<bigid:file_id>", _PAGE, path=_file(base="downloads/files")),
    Row(
        "POST",
        "downloads/files/<bigid:file_id>",
        _PAGE_302,
        path=_file(base="downloads/files"),
        body=lambda world: {"do": "ignore"},
    ),
    Row("POST", "downloads/files/<bigid:file_id>/undo", _PAGE_302, path=_file("/undo", "downloads/files")),
    Row(
        "POST",
        "downloads/recycled/<str:name>",
        _PAGE_404,
        path="/downloads/recycled/2026-01-01_00-00-00-01234567",
        body=lambda world: {},
    ),
]
