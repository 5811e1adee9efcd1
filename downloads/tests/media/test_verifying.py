"""Damaged files are told from whole ones, by where and how; the worker that looks lives on."""

import os
import signal
from pathlib import Path

import pytest

from downloads.errors import MediaBroken, MediaUnsafe
from downloads.fetching.contract import FetchedTrack
from downloads.media.children import children
from downloads.media.probing import probe
from downloads.media.verifying import fetched_verify, media_verify, points_of
from downloads.tests.media_files import MediaFiles

pytestmark = pytest.mark.once


def test_whole_files(media_files: MediaFiles) -> None:
    for path in (media_files.mp4, media_files.mkv, media_files.ts, media_files.fragmented):
        info = media_verify(path, duration=2, needs=("video", "audio"))
        assert info.duration == pytest.approx(2, abs=0.3), path


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("truncated", {}, ""),
        ("garbage", {}, "decode"),
        ("mp4", {"duration": 60.0}, "instead of 60"),
        ("video", {"needs": ("video", "audio")}, "no audio"),
        ("audio", {}, "no video"),
    ],
)
def test_what_is_wrong_is_said(media_files: MediaFiles, name: str, options: dict, why: str) -> None:
    with pytest.raises(MediaBroken) as caught:
        media_verify(getattr(media_files, name), **options)
    assert why in str(caught.value.detail)
    assert media_verify(media_files.mp4).of_kind("video")


def test_a_cut_off_end_is_seen(media_files: MediaFiles) -> None:
    long = media_files.make("long.mkv", "-stream_loop", "9", "-i", str(media_files.mp4), "-c", "copy", "-f", "matroska")
    content = long.read_bytes()
    cut = media_files.write("cut.mkv", content[: len(content) * 8 // 10])
    media_verify(long, duration=20)
    with pytest.raises(MediaBroken, match="ends at"):
        media_verify(cut)


def test_a_gap_that_was_announced_is_none_of_its_faults(media_files: MediaFiles) -> None:
    media_verify(media_files.mp4, duration=12, gaps=[(0, 10)])
    with pytest.raises(MediaBroken):
        media_verify(media_files.mp4, duration=12)


def test_points() -> None:
    assert points_of(3, 5) == [0.0]
    assert points_of(106, 5) == [0.0, 25.0, 50.0, 75.0, 100.0]


def test_fetched_tracks(media_files: MediaFiles) -> None:
    fetched_verify(
        [
            FetchedTrack("muxed", "mpegts", (media_files.ts, media_files.ts_later)),
            FetchedTrack("audio", "aac", (media_files.aac,)),
            FetchedTrack("subtitle", "webvtt", (media_files.vtt,)),
        ]
    )
    page = media_files.write("page.ts", "<!DOCTYPE html><html><body>Not found</body></html>")
    for track, error in (
        (FetchedTrack("muxed", "mpegts", (page,)), MediaUnsafe),
        (FetchedTrack("subtitle", "webvtt", (page,)), MediaUnsafe),
        (FetchedTrack("audio", "mpegts", (media_files.video,)), MediaBroken),
        (FetchedTrack("muxed", "mp4", (media_files.garbage,)), MediaBroken),
        (FetchedTrack("muxed", "mp4", (media_files.folder / "none.mp4",)), MediaBroken),
    ):
        with pytest.raises(error):
            fetched_verify([track])


def test_a_child_that_dies_is_replaced(media_files: MediaFiles) -> None:
    probe(media_files.mp4)
    for pid in children().pids():
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert probe(media_files.mp4).container == "mp4"


def test_a_child_that_hangs_is_ended(media_files: MediaFiles, tmp_path: Path) -> None:
    pipe = tmp_path / "endless.mp4"
    os.mkfifo(pipe)
    beats: list[int] = []
    with pytest.raises(MediaBroken, match="too long"):
        # asked past the magic bytes, which a pipe has none of
        children().ask("probe", seconds=1.2, beat=lambda: beats.append(1), path=str(pipe), demuxer="mov")
    assert beats
    assert probe(media_files.mp4).container == "mp4"


def test_many_files_through_one_child(media_files: MediaFiles) -> None:
    probe(media_files.mp4)
    before = set(children().pids())
    for _turn in range(30):
        probe(media_files.mkv)
    assert set(children().pids()) == before
