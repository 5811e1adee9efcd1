"""The scan: what changed on disk becomes rows and ways to play; nothing is ever deleted."""

import os
import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import EpisodeSource, SubtitleTrack
from catalog.tests.factories import ExternalIdFactory
from downloads.errors import LibraryMissing
from downloads.library import writing
from downloads.library.naming import path_read
from downloads.models import FileState, LibraryFile, LibraryFolder, LibraryScan, MatchedBy, ScanState

pytestmark = pytest.mark.django_db
SHOW = "Hoshi no Niwa/[Group] Hoshi no Niwa - {:02} [1080p].mkv"


def rows() -> dict[str, LibraryFile]:
    return {row.path: row for row in LibraryFile.objects.all()}


def source_of(path: str) -> EpisodeSource:
    return EpisodeSource.objects.select_related("episode").get(path=f"library:{path}")


def test_files_become_ways_to_play(library, series):
    anime = series("Hoshi no Niwa")
    for number in (1, 2):
        library.add(SHOW.format(number))
    library.add("Nobody Knows This/Nobody Knows This - 01.mkv")
    scan = library.scan()
    assert (scan.state, scan.seen, scan.added, scan.matched, scan.unmatched) == (ScanState.DONE, 3, 3, 2, 1)
    assert (scan.new_series, scan.new_episodes) == (1, 2)
    row = rows()[SHOW.format(2)]
    assert (row.state, row.anime_id, row.episode_kind, row.first, row.last) == ("matched", anime.pk, "regular", 2, 2)
    assert (row.matched_by, row.confidence >= 80, row.parsed["title"]) == (MatchedBy.NAME, True, "Hoshi no Niwa")
    source = source_of(SHOW.format(2))
    assert (source.pk, source.episode.number, source.kind, source.quality) == (row.source_id, 2, "local", 1080)


def test_a_second_scan_parses_matches_and_writes_nothing(library, series, monkeypatch, django_assert_num_queries):
    series("Hoshi no Niwa")
    for number in range(1, 6):
        library.add(SHOW.format(number))
    library.scan()
    before = list(LibraryFile.objects.values().order_by("pk"))
    read = []
    monkeypatch.setattr(
        "downloads.library.scanning.path_read", lambda path, known: read.append(path) or path_read(path, known)
    )
    with django_assert_num_queries(9):  # of the scan's own row, folders, files, tracks: whatever the number of files
        scan = library.scan()
    assert (scan.seen, scan.added, scan.changed, scan.moved, scan.gone) == (5, 0, 0, 0, 0)
    assert read == []
    assert list(LibraryFile.objects.values().order_by("pk")) == before


def test_a_renamed_file_keeps_its_row_its_match_and_its_source(library, series):
    anime = series("Hoshi no Niwa")
    file = library.add(SHOW.format(1))
    library.scan()
    row = LibraryFile.objects.get()
    target = library.root / "Elsewhere" / "whatever.mkv"
    target.parent.mkdir()
    file.rename(target)
    scan = library.scan()
    moved = LibraryFile.objects.get()
    assert (scan.moved, scan.added, scan.gone) == (1, 0, 0)
    assert (moved.pk, moved.path, moved.anime_id, moved.first) == (row.pk, "Elsewhere/whatever.mkv", anime.pk, 1)
    assert source_of("Elsewhere/whatever.mkv").pk == row.source_id
    assert EpisodeSource.objects.count() == 1


def test_files_that_change_places_take_their_rows_along(library, series):
    series("Hoshi no Niwa")
    one, two = library.add(SHOW.format(1), b"one"), library.add(SHOW.format(2), b"two!")
    library.scan()
    ids = {row.first: row.pk for row in rows().values()}
    spare = one.with_suffix(".tmp")
    one.rename(spare)
    two.rename(one)
    spare.rename(two)
    scan = library.scan()
    assert scan.moved == 2
    assert {row.first: row.pk for row in rows().values()} == ids
    assert rows()[SHOW.format(2)].first == 1, "what it was taken for goes with the file"
    assert source_of(SHOW.format(2)).episode.number == 1


def test_a_file_that_takes_the_place_of_another(library, series):
    series("Hoshi no Niwa")
    one, two = library.add(SHOW.format(1), b"one"), library.add(SHOW.format(2), b"two!")
    library.scan()
    old = rows()[SHOW.format(2)]
    one.replace(two)
    library.scan()
    row = rows()[SHOW.format(2)]
    assert row.first == 1
    old.refresh_from_db()
    assert (old.state, old.first) == (FileState.GONE, 2)
    assert EpisodeSource.objects.get(pk=old.source_id).health == "dead"
    assert source_of(SHOW.format(2)).pk == row.source_id


def test_a_vanished_file_is_gone_and_comes_back(library, series):
    series("Hoshi no Niwa")
    library.add(SHOW.format(1))
    library.add(SHOW.format(2))
    library.scan()
    (library.root / SHOW.format(1)).rename(library.root.parent / "away.mkv")
    scan = library.scan()
    row = rows()[SHOW.format(1)]
    assert (scan.gone, row.state, row.gone_at is not None) == (1, FileState.GONE, True)
    assert source_of(SHOW.format(1)).health == "dead"
    (library.root.parent / "away.mkv").rename(library.root / SHOW.format(1))
    scan = library.scan()
    row.refresh_from_db()
    assert (scan.added, row.state, row.gone_at) == (0, FileState.MATCHED, None)
    assert source_of(SHOW.format(1)).health == "unknown"


def test_a_disk_that_is_not_mounted_changes_nothing(library, series):
    series("Hoshi no Niwa")
    library.add(SHOW.format(1))
    library.scan()
    shutil.rmtree(library.root / "Hoshi no Niwa")
    with pytest.raises(LibraryMissing):
        library.scan()
    library.root.rmdir()
    with pytest.raises(LibraryMissing):
        library.scan()
    assert [row.state for row in LibraryFile.objects.all()] == [FileState.MATCHED]
    assert source_of(SHOW.format(1)).health != "dead"
    assert LibraryScan.objects.filter(state=ScanState.FAILED, error_detail="library_missing").count() == 2


def test_nearly_all_files_do_not_go_without_a_word(library, series):
    series("Hoshi no Niwa", episodes=30)
    for number in range(1, 31):
        library.add(SHOW.format(number))
    library.scan()
    (library.root / "README.txt").write_text("of another disk")
    for number in range(2, 31):
        (library.root / SHOW.format(number)).unlink()
    for only in (None, ["Hoshi no Niwa"]):
        with pytest.raises(LibraryMissing):
            library.scan(only=only)
    assert not LibraryFile.objects.filter(state=FileState.GONE).exists()
    assert library.scan(is_sure=True).gone == 29
    (library.root / SHOW.format(1)).unlink()
    with pytest.raises(LibraryMissing):
        library.scan()


def test_some_files_may_go_at_once(library, series):
    series("Hoshi no Niwa", episodes=30)
    for number in range(1, 31):
        library.add(SHOW.format(number))
    library.scan()
    for number in range(1, 26):
        (library.root / SHOW.format(number)).unlink()
    assert library.scan().gone == 25


def test_another_content_at_the_same_path_is_looked_into_again(library, series):
    series("Hoshi no Niwa")
    library.add(SHOW.format(1))
    library.scan()
    LibraryFile.objects.update(probed_at=timezone.now(), fingerprint="f", info={"container": "mp4"})
    library.add(SHOW.format(1), b"a better version of it")
    scan = library.scan()
    row = LibraryFile.objects.get()
    assert (scan.changed, row.probed_at, row.info, row.state) == (1, None, {}, FileState.MATCHED)


def test_two_scans_at_once_are_one(library):
    library.add("a.mkv")
    running = LibraryScan.objects.create(holder="elsewhere:1:x")
    assert library.scan().pk == running.pk
    assert not LibraryFile.objects.exists()


@pytest.mark.parametrize(
    ("holder", "silent"), [("elsewhere:1:x", True), ("{host}:{pid}:other-start", False), ("{host}:99999999:x", False)]
)
def test_a_scan_whose_process_died_is_taken_over(library, holder, silent):
    import socket

    library.add("a.mkv")
    dead = LibraryScan.objects.create(holder=holder.format(host=socket.gethostname()[:150], pid=os.getpid()))
    if silent:
        LibraryScan.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    scan = library.scan()
    dead.refresh_from_db()
    assert (scan.pk != dead.pk, scan.state, dead.state) == (True, ScanState.DONE, ScanState.FAILED)


def test_a_killed_scan_goes_on_where_it_was(library, series, monkeypatch):
    series("Hoshi no Niwa")
    series("Umi no Uta")
    for number in range(1, 5):
        library.add(SHOW.format(number))
        library.add(f"Umi no Uta/Umi no Uta - {number:02}.mkv")
    monkeypatch.setattr(writing, "ANIME_AT_ONCE", 1)
    batches = []
    write = writing.Writer._batch_write

    def killed(self, items, *, is_quiet):
        if batches:
            raise KeyboardInterrupt
        batches.append(len(items))
        write(self, items, is_quiet=is_quiet)

    monkeypatch.setattr(writing.Writer, "_batch_write", killed)
    with pytest.raises(KeyboardInterrupt):
        library.scan()
    assert (LibraryFile.objects.count(), EpisodeSource.objects.count()) == (4, 4)
    monkeypatch.setattr(writing.Writer, "_batch_write", write)
    scan = library.scan()
    assert (scan.added, LibraryFile.objects.filter(state="matched").count(), EpisodeSource.objects.count()) == (4, 8, 8)


def test_an_nfo_says_more_than_a_name(library, series):
    anime = series("Hoshi no Niwa")
    ExternalIdFactory(anime=anime, site="anidb", value="42")
    library.add("Folge/tvshow.nfo", b"<tvshow><title>Sternengarten</title><anidbid>42</anidbid></tvshow>")
    library.add("Folge/abc.mkv")
    library.add("Folge/abc.nfo", b"<episodedetails><season>1</season><episode>7</episode></episodedetails>")
    library.scan()
    row = rows()["Folge/abc.mkv"]
    assert (row.anime_id, row.first, row.matched_by) == (anime.pk, 7, MatchedBy.NFO)


def test_what_was_not_recognised_is_tried_again_when_its_folder_changes(library, series):
    anime = series("Hoshi no Niwa")
    ExternalIdFactory(anime=anime, site="mal", value="42")
    library.add("Folge/Folge - 07.mkv")
    library.scan()
    assert rows()["Folge/Folge - 07.mkv"].state == FileState.UNMATCHED
    library.add("Folge/tvshow.nfo", b"<tvshow><malid>42</malid></tvshow>")
    library.scan()
    row = rows()["Folge/Folge - 07.mkv"]
    assert (row.state, row.anime_id, row.first) == (FileState.MATCHED, anime.pk, 7)


def test_subtitles_beside_a_file_are_tracks_as_long_as_they_are_there(library, series):
    series("Hoshi no Niwa")
    stem = SHOW.format(1).removesuffix(".mkv")
    library.add(SHOW.format(1))
    library.add(f"{stem}.en.ass")
    library.add(f"{stem}.de.forced.vtt")
    library.scan()
    found = {track.path: (track.language, track.format, track.is_forced) for track in SubtitleTrack.objects.all()}
    assert found == {
        f"library:{stem}.en.ass": ("en", "ass", False),
        f"library:{stem}.de.forced.vtt": ("de", "vtt", True),
    }
    (library.root / f"{stem}.en.ass").unlink()
    library.scan()
    assert [track.path for track in SubtitleTrack.objects.all()] == [f"library:{stem}.de.forced.vtt"]


def test_names_that_cannot_be_served_are_listed_with_what_they_are(library, series):
    anime = series("Hoshi no Niwa")
    library.add("Hoshi no Niwa/Hoshi no Niwa - 01\n.mkv")
    with open(os.fsencode(library.root) + b"/Hoshi no Niwa - 02 \xff.mkv", "wb") as file:  # noqa: PTH123
        file.write(b"x")
    scan = library.scan()
    assert (scan.added, scan.unmatched, EpisodeSource.objects.count()) == (2, 2, 0)
    assert set(rows()) == {"Hoshi no Niwa/Hoshi no Niwa - 01\\x0a.mkv", "Hoshi no Niwa - 02 \\xff.mkv"}
    assert all(row.state == FileState.UNMATCHED for row in rows().values())
    suggested = {one[0] for row in rows().values() for one in row.suggestions}
    assert suggested <= {anime.pk}


def test_folders_are_remembered_but_not_while_a_file_is_written(library):
    import time

    library.add("a/old.mkv")
    library.add("b/fresh.mkv", at=time.time())
    library.scan()
    times = dict(LibraryFolder.objects.values_list("path", "mtime_ns"))
    assert set(times) == {"", "a", "b"}
    assert (times["b"], times["a"] > 0) == (0, True)
    shutil.rmtree(library.root / "a")
    library.scan()
    assert set(LibraryFolder.objects.values_list("path", flat=True)) == {"", "b"}
