"""Subtitles out of segments, real streams, and the cap on bandwidth."""

import dataclasses
import os
from pathlib import Path

import pytest

from downloads.configuration.values import Configuration
from downloads.fetching import bandwidth
from downloads.fetching.texts import texts_joined
from downloads.tests.fetching.worlds import content, fetched
from downloads.tests.stream_host import StreamHost, real_streams

pytestmark = pytest.mark.once


def joined(folder: Path, *segments: tuple[str, float], start: float | None = None) -> str:
    """The cues of segments that begin at these seconds."""
    given = []
    for number, (text, begins) in enumerate(segments):
        (folder / str(number)).write_text(text)
        given.append((folder / str(number), begins))
    texts_joined(given, folder / "all.vtt", start=start)
    return (folder / "all.vtt").read_text()


def test_times_are_mapped_and_a_cue_in_two_segments_is_one(tmp_path: Path) -> None:
    head = "WEBVTT\r\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\r\n\r\n"
    cue = "id\n00:03.500 --> 00:05.000 align:start\none\ntwo\n"
    text = joined(tmp_path, (head + cue, 0.0), (head + cue + "\n00:06.000 --> 01:00:00.000\n-->\nlast", 4.0), start=9.0)
    assert text == (
        "WEBVTT\n\n00:00:04.500 --> 00:00:06.000 align:start\none\ntwo\n\n00:00:07.000 --> 01:00:01.000\nlast\n"
    )


def test_a_clock_that_began_anew_and_texts_without_one(tmp_path: Path) -> None:
    head = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:90000\n\n"
    assert "00:00:03.000 --> 00:00:04.000" in joined(
        tmp_path, (head + "00:01.000 --> 00:02.000\nx", 0.0), start=2**33 / 90_000 - 1
    )
    assert "00:00:01.000 --> 00:00:02.000" in joined(tmp_path, ("\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\nx", 0.0))


@pytest.fixture
def real() -> Path:
    folder = real_streams()
    if folder is None:
        assert os.environ.get("HIROBA_DATA") is None, "HIROBA_DATA has no streams"
        pytest.skip("HIROBA_DATA is not set")
    return folder


def test_real_streams_come_as_they_are(real: Path, tmp_path: Path) -> None:
    with StreamHost({"hls": real}) as host:
        for name, segments in (("hls-ts-h264/prog_index", "fileSequence*.ts"), ("hls-gap/playlist", "*.ts")):
            folder = real / name.partition("/")[0]
            whole = b"".join(path.read_bytes() for path in sorted(folder.glob(segments)))
            assert content(fetched(host, f"hls/{name}.m3u8", tmp_path / name)) == [whole], name
        assert [
            round(end - begin, 3) for begin, end in fetched(host, "hls/hls-gap/playlist.m3u8", tmp_path / "g").gaps
        ] == [*(4.004, 4.004)]
        # AES-256, with and without counter, another key for each segment: the boxes of fMP4 follow each other to the end.
        [plain] = content(fetched(host, "hls/hls-aes-256/media.m3u8", tmp_path / "aes"))
        at, boxes = 0, []
        while at < len(plain):
            boxes.append(plain[at + 4 : at + 8])
            at += int.from_bytes(plain[at : at + 4], "big")
        assert at == len(plain)
        assert {b"ftyp", b"moov"} < set(boxes[:3])
        assert boxes.count(b"moof") == boxes.count(b"mdat") >= 5
        found = fetched(host, "hls/hls-text-offset/index.m3u8", tmp_path / "text")
        [text] = content(found, 1)
        assert len(found.tracks[0].parts) == 2
        assert b"00:00:00.000 --> 00:00:02.000\nYou're a jerk Tom!" in text


def test_the_cap_is_shared_and_changes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    values = Configuration(bandwidth=1000)
    monkeypatch.setattr(bandwidth, "configuration", lambda: values)
    bucket = bandwidth.Bucket()
    waits = [bucket.spend(500) for _turn in range(4)]
    assert 1.2 < waits[-1] < 2.1
    assert waits == sorted(waits), "who comes later waits longer"
    values = dataclasses.replace(values, bandwidth=1_000_000)
    assert bucket.spend(1) < 0.01
    values = dataclasses.replace(values, bandwidth=0)
    assert bucket.spend(10**9) == 0.0
