"""An anime of twelve episodes that has something of everything."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory, TranslationFactory
from downloads.models import Download, FileState, LibraryFile
from downloads.tests.queue.conftest import HOST, Configured, admin, configured

__all__ = ["admin", "configured"]


def file_make(anime: Anime, first: int, last: int | None = None, **given: Any) -> LibraryFile:
    """A file of the library that holds these episodes."""
    path = given.pop("path", f"{anime.pk}/{given.get('episode_kind', 'regular')}-{first}-{len(given)}.mkv")
    defaults = {"size": 400, "mtime_ns": 1, "state": FileState.MATCHED, "matched_by": "name"}
    return LibraryFile.objects.create(anime=anime, path=path, first=first, last=last or first, **defaults | given)


def source_make(
    anime: Anime, number: int, *, kind: str = "dub", language: str = "de", host: str = HOST, **given: Any
) -> Any:
    """A stream of an episode, whose row is made if need be."""
    episode = anime.episodes.filter(number=number, kind="regular").first() or EpisodeFactory(anime=anime, number=number)
    translation = TranslationFactory(kind=kind, language=language)
    return EpisodeSourceFactory(
        episode=episode,
        translation=translation,
        url=f"https://{host}/{anime.pk}/{number}/{kind}-{language}.m3u8",
        **given,
    )


def download_make(anime: Anime, number: int, state: str, **given: Any) -> Download:
    return Download.objects.create(anime=anime, episode_number=number, state=state, **given)


@pytest.fixture(autouse=True)
def search_dir(settings: Any, tmp_path: Path) -> None:
    """An index of titles of each test's own."""
    settings.SEARCH_DIR = tmp_path / "search"


@pytest.fixture
def anime(configured: Configured, db: None) -> Anime:
    """1–3 on disk (2 and 3 in one file), 4 in the queue, 5 failed three times, 6 can be fetched as a German dub, 7 only as an
    English sub elsewhere, 8 only where a source is dead or switched off, 9 airs in a year, 10–12 have no row.
    """
    found = AnimeFactory(title="Hoshi no Niwa", status="finished", episode_count=12, document=True)
    for number in range(1, 9):
        EpisodeFactory(anime=found, number=number, title=f"Part {number}")
    EpisodeFactory(anime=found, number=9, aired_on=datetime.date.today() + datetime.timedelta(days=365))  # noqa: DTZ011
    file_make(found, 1, info=TRACKS, probed_at=None)
    file_make(found, 2, 3)
    download_make(found, 4, "running", percent=42.0, stage="fetch")
    for number in (4, 5, 6):
        source_make(found, number)
    download_make(found, 5, "failed", attempt=3, error_code="segment_failed", variant_kind="dub", variant_language="de")
    source_make(found, 7, kind="sub", language="en", host="elsewhere.example")
    source_make(found, 8, health="dead")
    source_make(found, 8, language="fr", is_enabled=False)
    return found


TRACKS = {
    "streams": [
        {"kind": "video", "height": 1080, "language": ""},
        {"kind": "audio", "language": "ja"},
        {"kind": "subtitle", "language": "en"},
    ]
}
"""Japanese sound with English subtitles."""
