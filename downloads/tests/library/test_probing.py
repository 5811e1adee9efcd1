"""Looking inside files: once as long as they stand; what is found reaches the catalogue."""

from pathlib import Path

import pytest

from catalog.models import EpisodeSource
from downloads.errors import MediaBroken
from downloads.library import probing
from downloads.library.fingerprints import fingerprint_of
from downloads.library.probing import library_probe
from downloads.media.info import MediaInfo, Stream
from downloads.models import FileState, LibraryFile, MatchedBy

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked(monkeypatch) -> list[str]:
    """The names of the files that were looked into; "broken" in a name is one that cannot be read."""
    seen: list[str] = []

    def probe(path: Path, *, beat=None) -> MediaInfo:
        seen.append(path.name)
        if "broken" in path.name:
            raise MediaBroken()
        if "odd" in path.name:
            return MediaInfo("matroska", 1.0, 1, tags=(("title", "a\0b\udcff"),))
        streams = (
            Stream(0, "video", "h264", width=1280, height=720),
            Stream(1, "audio", "aac", language="de"),
            Stream(2, "audio", "aac", language="ja", is_default=True),
        )
        tags = (
            (("show", "Hoshi no Niwa"), ("season_number", "1"), ("episode_sort", "3")) if "tagged" in path.name else ()
        )
        return MediaInfo("matroska", 1440.0, path.stat().st_size, streams=streams, tags=tags)

    monkeypatch.setattr(probing, "probe", probe)
    return seen


def test_each_file_is_looked_into_once_until_it_changes(library, series, looked):
    series("Hoshi no Niwa")
    file = library.add("Hoshi no Niwa/Hoshi no Niwa - 01.mkv")
    library.add("broken.mkv")
    library.scan()
    assert (library_probe(), sorted(looked)) == (2, ["Hoshi no Niwa - 01.mkv", "broken.mkv"])
    row = LibraryFile.objects.get(path__startswith="Hoshi")
    assert (row.info["container"], row.fingerprint) == ("matroska", fingerprint_of(str(file)))
    assert LibraryFile.objects.get(path="broken.mkv").info == {"error": "media_broken"}
    source = EpisodeSource.objects.get()
    assert (source.quality, source.audio_languages) == (720, ["ja", "de"])
    assert library_probe() == 0
    library.add("broken.mkv", b"mended")
    library.scan()
    assert library_probe() == 1


def test_tags_name_what_the_name_did_not(library, series, looked):
    anime = series("Hoshi no Niwa")
    library.add("tagged.mkv")
    library.scan()
    assert LibraryFile.objects.get().state == FileState.UNMATCHED
    library_probe()
    row = LibraryFile.objects.get()
    assert (row.state, row.anime_id, row.first, row.matched_by) == ("matched", anime.pk, 3, MatchedBy.TAGS)
    assert EpisodeSource.objects.get().pk == row.source_id


def test_a_file_that_changed_since_the_scan_is_left_to_the_next_one(library, looked):
    library.add("a.mkv")
    library.scan()
    library.add("a.mkv", b"another")
    assert (library_probe(), looked) == (0, [])
    (library.root / "a.mkv").unlink()
    assert library_probe() == 0


def test_a_moved_file_is_known_by_its_contents_where_inodes_are_not_kept(library, series, looked, monkeypatch):
    anime = series("Hoshi no Niwa")
    file = library.add("Hoshi no Niwa/Hoshi no Niwa - 01.mkv", b"x" * 200_000)
    library.scan()
    library_probe()
    file.unlink()
    library.add("copied/elsewhere.mkv", b"x" * 200_000, at=1_000_000)
    scan = library.scan()
    row = LibraryFile.objects.get()
    assert (scan.moved, row.path, row.anime_id) == (1, "copied/elsewhere.mkv", anime.pk)


def test_tags_that_no_database_takes(library, looked):
    library.add("odd.mkv")
    library.scan()
    library_probe()
    assert LibraryFile.objects.get().info["tags"] == [["title", "ab?"]]


def test_a_known_file_that_cannot_be_read_plays_no_more_until_it_changes(library, series, looked):
    series("Hoshi no Niwa broken")
    path = "Hoshi no Niwa broken/Hoshi no Niwa broken - 01.mkv"
    file = library.add(path)
    library.scan()
    assert LibraryFile.objects.get().state == FileState.MATCHED
    library_probe()
    row = LibraryFile.objects.get()
    assert (row.state, row.info, row.source.health) == (FileState.BROKEN, {"error": "media_broken"}, "dead")
    library.scan()
    assert LibraryFile.objects.get().state == FileState.BROKEN
    file.write_bytes(b"whole by now")
    library.scan()
    row = LibraryFile.objects.get()
    assert (row.state, row.probed_at, row.source.health) == (FileState.MATCHED, None, "unknown")
