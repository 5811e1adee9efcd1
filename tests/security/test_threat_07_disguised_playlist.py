"""Threat 7: a playlist called `.mp4` that names files of this machine or hosts of this network is refused; nothing comes of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.tests.egress.servers import Server, answer, serving
from downloads.errors import MediaUnsafe
from downloads.fetching.contract import FetchedTrack
from downloads.media.ffmpeg import ffmpeg_run, file_argument
from downloads.media.probing import probe
from downloads.media.remuxing import remux
from downloads.media.sound import sound_fingerprint
from downloads.media.subtitles import subtitles_extract
from downloads.media.thumbnails import thumbnails_make
from downloads.media.verifying import fetched_verify, media_verify
from downloads.tests.media_files import MediaFiles, media_files  # noqa: F401 — a fixture

pytestmark = pytest.mark.once


@pytest.fixture
def canary() -> Iterator[Server]:
    with serving(answer(b"secret")) as server:
        yield server


def disguises(secret: Path, port: int) -> dict[str, str]:
    address = f"http://127.0.0.1:{port}/x.ts"
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n",
        "key": f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{address}"\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n',
        "bom": f"\ufeff\n\n#EXTM3U\n#EXTINF:9,\n{address}\n",
        "concat": f"ffconcat version 1.0\nfile {secret}\nfile {address}\n",
        "dash": f"<?xml version='1.0'?><MPD><Period><AdaptationSet><BaseURL>{address}</BaseURL></AdaptationSet></Period></MPD>",
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
        "text": f"file {secret}\n",
    }


def doors(path: Path, whole: Path, out: Path) -> list[Callable[[], object]]:
    """All that opens media files, asked to open `path`."""
    track = FetchedTrack("muxed", "mp4", (path,))
    return [
        lambda: probe(path),
        lambda: media_verify(path),
        lambda: fetched_verify([track]),
        lambda: remux([track], out / "out.mp4"),
        lambda: remux([FetchedTrack("muxed", "mpegts", (whole, path))], out / "out.mp4"),
        lambda: subtitles_extract(path, out),
        lambda: thumbnails_make(path, out),
        lambda: sound_fingerprint(path),
    ]


def test_no_door_takes_a_playlist(media_files: MediaFiles, tmp_path: Path, canary: Server) -> None:  # noqa: F811
    out = tmp_path / "out"
    out.mkdir()
    for name, text in disguises(media_files.ts, canary.port).items():
        path = tmp_path / f"{name}.mp4"
        path.write_text(text, encoding="utf-8")
        for door in doors(path, media_files.ts, out):
            with pytest.raises(MediaUnsafe):
                door()
        assert list(out.iterdir()) == [], name
    assert canary.hits == 0


def test_what_passed_the_first_look_is_held_by_the_second(
    media_files: MediaFiles,  # noqa: F811
    tmp_path: Path,
    canary: Server,
) -> None:
    """Were a playlist taken for media, ffmpeg would read it by the demuxer that we name, and by no other in a list of parts."""
    for name, text in disguises(media_files.ts, canary.port).items():
        path = tmp_path / f"{name}.mp4"
        path.write_text(text, encoding="utf-8")
        (tmp_path / "list.txt").write_text(f"ffconcat version 1.0\nfile {path.name}\n")
        (tmp_path / "far.txt").write_text(f"ffconcat version 1.0\nfile http://127.0.0.1:{canary.port}/x.ts\n")
        inputs = [["-f", demuxer, "-i", file_argument(path)] for demuxer in ("mov", "mpegts", "matroska")]
        inputs += [["-f", "concat", "-i", "list.txt"], ["-f", "concat", "-safe", "0", "-i", "far.txt"]]
        for arguments in inputs if name == "hls" else inputs[:1]:
            outcome = ffmpeg_run([*arguments, "-c", "copy", "-f", "matroska", "out.mkv"], folder=tmp_path, seconds=10)
            made = tmp_path / "out.mkv"
            assert not outcome.is_ok, (name, arguments)
            assert not made.exists() or made.stat().st_size < 1000
    assert canary.hits == 0


def test_an_mp4_that_points_to_another_file(media_files: MediaFiles, tmp_path: Path) -> None:  # noqa: F811
    """QuickTime's references to files outside (`dref`) are not followed."""
    content = media_files.mp4.read_bytes()
    reference = b"file:///etc/passwd\0"
    box = (len(reference) + 12).to_bytes(4, "big") + b"url \0\0\0\0" + reference
    spoiled = content.replace(b"\0\0\0\x0curl \0\0\0\x01", box, 1)
    assert spoiled != content
    path = tmp_path / "points.mp4"
    path.write_bytes(spoiled)
    try:
        remux([FetchedTrack("muxed", "mp4", (path,))], tmp_path / "out.mp4")
        made = (tmp_path / "out.mp4").read_bytes()
    except Exception as error:
        made = str(error).encode()
    assert b"root:" not in made
