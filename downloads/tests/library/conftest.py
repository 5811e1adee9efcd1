"""A library of small files and a catalogue that knows their anime."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.models import Anime
from catalog.search.service import titles_rebuild
from catalog.tests.factories import AnimeFactory, EpisodeFactory, TitleFactory
from downloads.library import deciding, probing, scanning, watching
from downloads.library.scanning import library_scan
from downloads.models import LibraryScan

OLD = time.time() - 86_400


class Library:
    """A root with files that are a day old, so that nothing waits for them to settle."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, path: str, content: bytes = b"", *, at: float = OLD) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content or path.encode())
        os.utime(file, (at, at))
        return file

    def scan(self, **given) -> LibraryScan:
        return library_scan(root=self.root, is_probing=False, **given)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    from downloads.configuration.values import Configuration

    root = tmp_path / "library"
    root.mkdir()
    for module in (scanning, deciding, probing, watching):
        monkeypatch.setattr(module, "configuration", lambda: Configuration(anime_directory=str(root)))
    return Library(root)


@pytest.fixture
def series(db: None, settings, tmp_path: Path) -> Callable[..., Anime]:
    """Make an anime with its episodes and bring the title index up to date."""
    settings.SEARCH_DIR = tmp_path / "search"

    def make(title: str, *, episodes: int = 12, names: tuple[str, ...] = (), **fields) -> Anime:
        anime = AnimeFactory(title=title, episode_count=episodes, **fields)
        for name in names:
            TitleFactory(anime=anime, text=name)
        for number in range(1, episodes + 1):
            EpisodeFactory(anime=anime, number=number)
        titles_rebuild()
        return anime

    return make
