"""A finished download with its file in the library, and people who may or may not have it."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import Role, User
from catalog.tests.factories import AnimeFactory
from downloads.models.downloads import Download, DownloadState

NAME = '広場 "Akari" — 01\r\nX-Evil: 1; ü.mkv'
BYTES = bytes(range(256)) * 64


@pytest.fixture
def library(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty library of the operator's."""
    from downloads.serving import roots

    folder = tmp_path / "library"
    folder.mkdir()
    monkeypatch.setattr(roots, "library_root", lambda: folder)
    monkeypatch.setitem(_roots(), "library", lambda: folder)
    settings.DERIVED_ROOT = tmp_path / "derived"
    return folder


def _roots() -> dict[str, Any]:
    from catalog.streaming import files

    return files._roots


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_user("ada", "ada@example.org", "x", role=Role.ADMIN)


@pytest.fixture
def download(library: Path, db: None) -> Download:
    """Done; its file is 16 KiB."""
    (library / "Akari").mkdir()
    (library / "Akari" / "01.mkv").write_bytes(BYTES)
    return Download.objects.create(
        anime=AnimeFactory(), episode_number=1, state=DownloadState.DONE, path="library:Akari/01.mkv", size=len(BYTES)
    )
