"""Files that browsers do not play become playlists and pieces, made while they are asked for."""

import io
import os
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from catalog.facade import MASTER_PLAYLIST
from core.errors import NotFound, ServiceUnavailable
from downloads.errors import DownloadFailed
from downloads.serving import plans, remade, runs, store
from downloads.tests.serving import films

pytestmark = pytest.mark.once


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return films.mkv_make(tmp_path_factory.mktemp("film"))


@pytest.fixture
def shelf(library: Path, film: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library with the film, cut every second."""
    monkeypatch.setattr(plans, "SPAN_SECONDS", 1.0)
    (library / "film.mkv").write_bytes(film.read_bytes())
    return library


def text(name: str, stored: str = "library:film.mkv") -> str:
    return remade.piece_of(stored, name)[0].read_text()


def made(name: str, stored: str = "library:film.mkv") -> bytes:
    return remade.piece_of(stored, name)[0].read_bytes()


def key_in(master: str) -> str:
    return master.strip().rpartition("\n")[2].partition("/")[0]


def packets(data: bytes) -> list[tuple[float, float]]:
    """(decoded at, shown at) in seconds of each packet."""
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams[0]
        return [
            (float(p.dts * stream.time_base), float(p.pts * stream.time_base))
            for p in container.demux(stream)
            if p.size and p.dts is not None and p.pts is not None
        ]


def test_the_playlists_say_what_there_is(shelf: Path) -> None:
    master = text(MASTER_PLAYLIST)
    key = key_in(master)
    assert 'NAME="日本語",LANGUAGE="ja",DEFAULT=YES' in master
    assert 'NAME="English",LANGUAGE="en",DEFAULT=NO' in master
    assert 'CODECS="avc1.' in master
    assert "mp4a.40.2" in master
    assert "RESOLUTION=64x36" in master
    media = text(f"{key}/v.m3u8")
    spans = [float(line[8:-1]) for line in media.splitlines() if line.startswith("#EXTINF:")]
    assert spans == pytest.approx([1.0] * 4, abs=0.1)
    assert media.count(".m4s") == 4
    assert media.endswith("#EXT-X-ENDLIST\n")


@pytest.mark.parametrize("track", ["v", "a0", "a1"])
def test_pieces_join_without_a_seam_whichever_order_they_are_made_in(
    shelf: Path, track: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "AHEAD", dict.fromkeys(runs.AHEAD, 1))
    monkeypatch.setattr(runs, "NEAR", 0)
    key = key_in(text(MASTER_PLAYLIST))
    order = {number: made(f"{key}/{track}-{number:05d}.m4s") for number in (2, 0, 3, 1)}
    found = packets(made(f"{key}/{track}-init.mp4") + b"".join(order[number] for number in range(4)))
    decoded = [dts for dts, _pts in found]
    steps = [b - a for a, b in pairwise(decoded)]
    longest = {"v": 1 / 12 + 0.001, "a0": 1024 / 48_000, "a1": 0.02}[track]
    assert min(steps) > 0
    assert max(steps) < longest + 0.002, "a hole between two pieces"
    assert decoded[-1] - decoded[0] == pytest.approx(4, abs=0.15)
    assert all(pts >= dts for dts, pts in found)


def test_each_piece_begins_when_the_playlist_says(shelf: Path) -> None:
    key = key_in(text(MASTER_PLAYLIST))
    head = made(f"{key}/v-init.mp4")
    begins = [packets(head + made(f"{key}/v-{number:05d}.m4s"))[0][1] for number in range(4)]
    assert [begin - begins[0] for begin in begins] == pytest.approx([0, 1, 2, 3], abs=0.002)
    sound = made(f"{key}/a0-init.mp4")
    for number in (1, 3):
        heard = packets(sound + made(f"{key}/a0-{number:05d}.m4s"))[0][0]
        assert heard == pytest.approx(begins[number], abs=0.15)


@pytest.mark.parametrize("container", ["mkv", "mp4", "ts"])
def test_every_picture_is_shown_when_the_file_says(shelf: Path, film: Path, container: str) -> None:
    if container != "mkv":
        getattr(films, f"{container}_make")(shelf, film)
    stored = f"library:film.{container}"
    key = key_in(text(MASTER_PLAYLIST, stored))
    head = made(f"{key}/v-init.mp4", stored)
    count = text(f"{key}/v.m3u8", stored).count(".m4s")
    shown = sorted(pts for n in range(count) for _dts, pts in packets(head + made(f"{key}/v-{n:05d}.m4s", stored)))
    with av.open(str(shelf / f"film.{container}")) as original:
        video = original.streams.video[0]
        meant = sorted(float(p.pts * video.time_base) for p in original.demux(video) if p.pts is not None)
    assert len(shown) == len(meant) == 48
    assert [a - b for a, b in zip(shown, meant, strict=True)] == pytest.approx([shown[0] - meant[0]] * 48, abs=0.0015)


def test_texts_are_taken_out_when_they_are_asked_for(shelf: Path) -> None:
    assert "Good morning" in text("s3.ass")
    with pytest.raises(NotFound):
        text("s4.ass")
    with pytest.raises(NotFound):
        text("s1.vtt")


@pytest.mark.parametrize(
    "name",
    [
        "../film.mkv",
        "plan.json",
        "{key}/plan.json",
        "{key}/../film.mkv",
        "{key}/v-00004.m4s",
        "{key}/a2.m3u8",
        "{key}/t.m3u8",
        "{key}/v-0.m4s",
        "{key}/.lock",
        "0" * 24 + "/v.m3u8",
        "transcoded.m3u8",
        "",
    ],
)
def test_nothing_else_is_made(shelf: Path, name: str) -> None:
    key = key_in(text(MASTER_PLAYLIST))
    before = sorted(store.pieces_root().rglob("*"))
    with pytest.raises(NotFound):
        made(name.format(key=key))
    assert sorted(store.pieces_root().rglob("*")) == before


def test_a_changed_file_has_other_pieces(shelf: Path) -> None:
    key = key_in(text(MASTER_PLAYLIST))
    os.utime(shelf / "film.mkv", (1, 1))
    assert key_in(text(MASTER_PLAYLIST)) != key
    with pytest.raises(NotFound):
        text(f"{key}/v.m3u8")


@pytest.mark.parametrize(
    "content", [b"#EXTM3U\nhttp://127.0.0.1/x.ts\n", b"\x1aE\xdf\xa3" + b"\0" * 5000, b"", b"<html>"]
)
def test_what_only_calls_itself_a_film_is_refused(shelf: Path, content: bytes) -> None:
    (shelf / "film.mkv").write_bytes(content)
    with pytest.raises(DownloadFailed):
        text(MASTER_PLAYLIST)
    assert not list(store.pieces_root().rglob("plan.json"))


def test_a_cut_off_file_plays_as_far_as_it_goes(shelf: Path) -> None:
    whole = (shelf / "film.mkv").read_bytes()
    (shelf / "film.mkv").write_bytes(whole[: len(whole) * 2 // 3])
    key = key_in(text(MASTER_PLAYLIST))
    assert made(f"{key}/v-00000.m4s")


def test_a_reader_who_goes_elsewhere_does_not_wait_for_what_lies_between(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SOON", 0)
    key = key_in(text(MASTER_PLAYLIST))
    folder = store.folder_of(key)
    run = runs.Run(key, "v", 0, 4, folder / ".stop-here")
    runs._runs[key] = run
    asking = threading.Thread(target=made, args=(f"{key}/v-00003.m4s",))
    asking.start()
    deadline = time.monotonic() + 10
    while not run.stop.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert run.stop.exists(), "who makes the pieces in between is told to stop"
    with runs._changed:
        runs._runs.pop(key)
        runs._changed.notify_all()
    asking.join(20)
    assert (folder / "v-00003.m4s").exists()
    assert not (folder / "v-00001.m4s").exists()


def test_pictures_are_made_anew_only_where_the_operator_says_so(shelf: Path, settings: Any) -> None:
    settings.PLAYER_TRANSCODE = True
    master = text("transcoded.m3u8")
    key = key_in(master)
    assert 'CODECS="avc1.640028,mp4a.40.2"' in master
    found = packets(made(f"{key}/t-init.mp4") + b"".join(made(f"{key}/t-{number:05d}.m4s") for number in range(4)))
    assert len(found) == 48
    steps = [b[0] - a[0] for a, b in pairwise(found)]
    assert max(steps) < 0.09
    settings.PLAYER_TRANSCODE = False
    with pytest.raises(NotFound):
        text(f"{key}/t.m3u8")


def test_a_film_that_browsers_cannot_seek_in_is_made_anew_where_that_is_allowed(
    shelf: Path, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "closed").mkdir()
    closed = films.mkv_make(tmp_path / "closed", seconds=2, is_open=False)
    (shelf / "closed.mkv").write_bytes(closed.read_bytes())
    assert text(MASTER_PLAYLIST), "without leave it plays from its beginning at least"
    settings.PLAYER_TRANSCODE = True
    with pytest.raises(NotFound):
        text(MASTER_PLAYLIST)
    assert text("transcoded.m3u8")
    assert text(MASTER_PLAYLIST, "library:closed.mkv")


def test_only_so_many_wait_at_a_time(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_in(text(MASTER_PLAYLIST))
    monkeypatch.setattr(runs, "_waiters", threading.BoundedSemaphore(1))
    with runs._waiters, pytest.raises(ServiceUnavailable):
        made(f"{key}/v-00000.m4s")
    assert made(f"{key}/v-00000.m4s")


def test_many_ask_for_the_same_and_it_is_made_once(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    begin = runs._begin
    monkeypatch.setattr(runs, "_begin", lambda *given: begun.append(given) or begin(*given))
    key = key_in(text(MASTER_PLAYLIST))
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(made(f"{key}/v-00001.m4s"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(begun) == 1


def test_the_folder_used_longest_ago_goes_first(shelf: Path) -> None:
    folders = []
    for number, age in enumerate((9000, 5000, 10)):
        folder = store.folder_of(f"{number:024d}")
        (folder / "v-00000.m4s").write_bytes(bytes(1000))
        (folder / store.USED).touch()
        os.utime(folder / store.USED, (time.time() - age,) * 2)
        folders.append(folder)
    assert store.pieces_trim(2500) >= 1000
    assert [folder.exists() for folder in folders] == [False, True, True]
    with store.folder_lock(folders[1]):
        assert store.pieces_trim(0) == 0
    assert store.pieces_trim(0) >= 1000
    assert [folder.exists() for folder in folders] == [False, False, True]
