"""A library of its own, an allowed host, somebody of the staff, and an anime that can be had."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from catalog.models import Anime, EpisodeSource, SourceKind
from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory, TranslationFactory
from downloads.configuration.changing import configuration_set
from downloads.models import Download
from downloads.queue.enqueue import download_enqueue

HOST = "cdn.example"

Configured = Callable[..., None]


@pytest.fixture
def configured(settings: Any, tmp_path: Path) -> Configured:
    """Folders of this test alone, and what is given; `cdn.example` is an allowed host."""
    for name in ("library", "downloads", "configuration"):
        (tmp_path / name).mkdir()
    settings.LIBRARY_ROOT = tmp_path / "library"
    settings.DOWNLOADS_ROOT = tmp_path / "downloads"
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"

    def configure(**changes: Any) -> None:
        configuration_set(None, {"allowed_hosts": [HOST], "free_space_floor": 0, **changes})

    configure()
    return configure


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(role=Role.ADMIN)


@pytest.fixture
def anime(configured: Configured, db: None) -> Anime:
    """Twelve episodes; 1 to 3 have a German dub in 1080 and 480, 1 also a French sub, 4 stands on a host that is not allowed."""
    found = AnimeFactory(title="Hoshi no Niwa", document=True)
    dub, sub = TranslationFactory(kind="dub", language="de"), TranslationFactory(kind="sub", language="fr")
    for number in range(1, 6):
        EpisodeFactory(anime=found, number=number)
    for number in range(1, 4):
        for height in (480, 1080):
            source_make(found, number, f"https://{HOST}/{number}/{height}.m3u8", dub, height)
    source_make(found, 1, f"https://{HOST}/1/fr.mp4", sub, 720, kind=SourceKind.MP4)
    source_make(found, 4, "https://elsewhere.example/4.m3u8", dub, 1080)
    return found


def source_make(
    anime: Anime, number: int, url: str, translation: Any, height: int, *, kind: str = SourceKind.HLS
) -> EpisodeSource:
    episode = anime.episodes.get(number=number)
    return EpisodeSourceFactory(
        episode=episode, translation=translation, kind=kind, url=url, path="", quality=height, health="unknown"
    )


@pytest.fixture
def queued(admin: User, anime: Anime) -> Callable[..., Download]:
    """Put an episode into the queue."""

    def enqueue(number: int, **given: Any) -> Download:
        return download_enqueue(actor=admin, anime_id=anime.pk, number=number, **given)

    return enqueue
