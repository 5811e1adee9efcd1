"""Tracks are joined into one file: everything that was in them is in it, at its time, or there is no file."""

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from downloads.errors import DiskFull, MediaBroken, MediaUnsafe, RemuxFailed
from downloads.fetching.contract import FetchedTrack
from downloads.media import ffmpeg, remux_plan
from downloads.media.info import Chapter
from downloads.media.probing import probe
from downloads.media.remuxing import remux, remux_container
from downloads.media.tags import Metadata
from downloads.media.verifying import media_verify
from downloads.tests.media_files import MediaFiles

pytestmark = pytest.mark.once


def muxed(*parts: Path, format: str = "mpegts", **more: object) -> FetchedTrack:
    return FetchedTrack(kind="muxed", format=format, parts=parts, **more)  # type: ignore[arg-type]


def test_all_tracks_in_mp4(media_files: MediaFiles, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    percent: list[float] = []
    remux(
        [
            FetchedTrack("video", "mpegts", (media_files.video,)),
            FetchedTrack("audio", "mpegts", (media_files.audio,), language="ja", name="日本語", is_default=True),
            FetchedTrack("audio", "aac", (media_files.aac,), language="de", name="-y"),
        ],
        target,
        chapters=[Chapter(0.25, 0.75, "Opening = #1; \\ \n-y 🎬"), Chapter(1.5, 1.9, "Ending")],
        metadata=Metadata(title="-y\n[CHAPTER]\ntitle=x;#=\\ 🎬", show="Show", season=1, episode=2, year=2026),
        subtitles=[FetchedTrack("subtitle", "webvtt", (media_files.vtt,), language="de", is_forced=True)],
        on_progress=percent.append,
    )
    info = probe(target)
    streams = [(s.kind, s.codec, s.language, s.title, s.is_default, s.is_forced) for s in info.streams]
    assert streams[:4] == [
        ("video", "h264", "", "", True, False),
        ("audio", "aac", "ja", "日本語", True, False),
        ("audio", "aac", "de", "-y", False, False),
        ("subtitle", "mov_text", "de", "", True, True),
    ]
    # MP4 has the first text on unless another one is: ffmpeg knows no other way
    tags = dict(info.tags)
    assert tags["title"] == "-y\n[CHAPTER]\ntitle=x;#=\\ 🎬"
    assert (tags["show"], tags["season_number"], tags["episode_sort"], tags["date"]) == ("Show", "1", "2", "2026")
    assert [(c.start, round(c.end, 3), c.title) for c in info.chapters if c.title] == [
        (0.25, 0.75, "Opening = #1; \\ \n-y 🎬"),
        (1.5, 1.9, "Ending"),
    ]
    assert percent
    assert percent[-1] > 90
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def starts(path: Path) -> dict[str, float]:
    import av

    with av.open(str(path)) as container:
        found: dict[str, float] = {}
        for packet in container.demux():
            if packet.pts is not None:
                found.setdefault(f"{packet.stream.type}{packet.stream.index}", float(packet.pts * packet.time_base))
    return found


def test_what_began_later_begins_later(media_files: MediaFiles, tmp_path: Path) -> None:
    target = tmp_path / "out.mkv"
    tracks = [
        FetchedTrack("video", "mpegts", (media_files.video,)),
        FetchedTrack("audio", "mpegts", (media_files.audio,)),
    ]
    remux(tracks, target, container="mkv")
    found = starts(target)
    assert found["audio1"] - found["video0"] == pytest.approx(0.5, abs=0.06)


def test_parts_follow_each_other(media_files: MediaFiles, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    remux([muxed(media_files.ts_later, media_files.ts, media_files.ts_later)], target)
    assert probe(target).duration == pytest.approx(6, abs=0.3)
    assert steps_that_are_odd(target) == []


def steps_that_are_odd(path: Path) -> list[float]:
    """Where the next picture is not shown 1/12 s after the one before (sound lasts a frame longer here)."""
    import av

    with av.open(str(path)) as container:
        times = sorted(float(p.pts * p.time_base) for p in container.demux(video=0) if p.pts is not None)
    return [a for a, b in pairwise(times) if abs(b - a - 1 / 12) > 0.07]


def test_matroska_keeps_styles_fonts_and_flags(media_files: MediaFiles, tmp_path: Path) -> None:
    target = tmp_path / "out.mkv"
    remux([muxed(media_files.mkv, format="matroska")], target, container="mkv", metadata=Metadata(title="Folge"))
    streams = [(s.kind, s.codec, s.language, s.title) for s in probe(target).streams]
    assert streams == [
        ("video", "h264", "", ""),
        ("audio", "aac", "ja", ""),
        ("audio", "aac", "de", "Deutsch"),
        ("subtitle", "ass", "de", ""),
        ("subtitle", "subrip", "en", ""),
        ("attachment", "ttf", "", "font-000.ttf"),
    ]
    assert [s.is_forced for s in probe(target).of_kind("subtitle")] == [False, True]


def test_mp4_leaves_fonts_and_styles_behind(media_files: MediaFiles, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    remux([muxed(media_files.mkv, format="matroska")], target)
    assert [s.codec for s in probe(target).streams] == ["h264", "aac", "aac", "mov_text", "mov_text"]


def test_a_codec_that_mp4_cannot_hold(media_files: MediaFiles, tmp_path: Path) -> None:
    odd = media_files.make("odd.mkv", "-i", str(media_files.mp4), "-c:v", "copy", "-c:a", "wavpack", "-f", "matroska")
    tracks = [muxed(odd, format="matroska")]
    target = tmp_path / "out.mp4"
    target.write_bytes(b"what was there")
    with pytest.raises(RemuxFailed, match="wavpack"):
        remux(tracks, target)
    assert target.read_bytes() == b"what was there"
    assert remux_container(tracks, wanted="mp4") == "mkv"
    assert remux_container([muxed(media_files.ts)], wanted="mp4") == "mp4"


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_an_empty_vtt_is_no_reason_to_fail(media_files: MediaFiles, tmp_path: Path, container: str) -> None:
    empty = media_files.write("empty.vtt", "WEBVTT\n\n")
    target = tmp_path / f"out.{container}"
    remux(
        [muxed(media_files.fragmented, format="mp4")],
        target,
        container=container,
        subtitles=[FetchedTrack("subtitle", "webvtt", (empty,), language="en")],
    )
    assert probe(target).duration == pytest.approx(2, abs=0.2)


def test_what_stops_it_leaves_nothing(media_files: MediaFiles, tmp_path: Path) -> None:
    def stop(_percent: float) -> None:
        raise InterruptedError("stopped")

    target = tmp_path / "out.mp4"
    with pytest.raises(InterruptedError):
        remux([muxed(media_files.ts)], target, on_progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_playlist_among_the_parts(media_files: MediaFiles, tmp_path: Path) -> None:
    for tracks in ([muxed(media_files.disguised)], [muxed(media_files.ts, media_files.disguised)]):
        with pytest.raises(MediaUnsafe):
            remux(tracks, tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []


def test_parts_that_do_not_fit(media_files: MediaFiles, tmp_path: Path) -> None:
    with pytest.raises(RemuxFailed):
        remux([muxed(media_files.ts, media_files.video)], tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_goes_on_after_the_picture_makes_no_file_too_long(media_files: MediaFiles, tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:01.500\nin time\n\n02:20.000 --> 02:22.000\ntoo late\n"
    late = FetchedTrack("subtitle", "webvtt", (media_files.write("late.vtt", text),), language="en")
    for container in ("mkv", "mp4"):
        target = tmp_path / f"out.{container}"
        remux([muxed(media_files.ts), late], target, container=container)
        media_verify(target, duration=2)
        with pytest.raises(MediaBroken):
            media_verify(target, duration=142)


def boxes(path: Path) -> dict[bytes, int]:
    """The outermost boxes of an MP4, in order: type and bytes."""
    content, place, found = path.read_bytes(), 0, {}
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big") or len(content)
        found[content[place + 4 : place + 8]] = max(size, found.get(content[place + 4 : place + 8], 0))
        place += size
    return found


@pytest.mark.parametrize("reserved", [None, 200])
def test_a_large_file_keeps_a_place_for_its_index(
    media_files: MediaFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reserved: int | None
) -> None:
    """So it is written once; where the place was too small, a second time, and the index is in front as well."""
    monkeypatch.setattr(remux_plan, "SMALL", 0)
    if reserved:
        monkeypatch.setattr(remux_plan, "index_bytes", lambda *_tracks: reserved)
    target = tmp_path / "out.mp4"
    remux([muxed(media_files.ts)], target)
    found = boxes(target)
    assert list(found).index(b"moov") < list(found).index(b"mdat")
    assert (found[b"free"] > 1000) is (reserved is None)
    media_verify(target, duration=2)
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_what_a_killed_run_left_is_cleared(media_files: MediaFiles, tmp_path: Path) -> None:
    left = tmp_path / ".out.mp4.joining"
    left.mkdir()
    (left / "joined.mp4").write_bytes(b"half")
    remux([muxed(media_files.ts)], tmp_path / "out.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit of a file's size is Linux's")
def test_a_full_disk(media_files: MediaFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not grow any more stands for it."""
    monkeypatch.setattr(ffmpeg, "FILE_SIZE", 4096)
    target = tmp_path / "out.mp4"
    target.write_bytes(b"what was there")
    with pytest.raises(DiskFull):
        remux([muxed(media_files.ts)], target)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out.mp4", b"what was there")]
