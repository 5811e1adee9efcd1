"""Fetching: what comes onto the disk, through all that hosts do."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.cache import cache

from core.egress import EgressError
from core.errors import DomainError
from downloads.errors import MediaUnsafe, PlaylistInvalid, SegmentFailed, SourceChanged, StreamUnsupported
from downloads.fetching import parallel
from downloads.fetching.contract import Progress
from downloads.tests.fetching.worlds import content, fetched, listed, stream_put, transport
from downloads.tests.stream_host import StreamHost

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts are forgotten between tests, and nobody waits long for another try."""
    cache.clear()
    monkeypatch.setattr(parallel, "FIRST_PAUSE", 0.01)


@pytest.fixture
def host() -> Iterator[StreamHost]:
    with StreamHost({}) as made:
        yield made


def encrypted(plain: bytes, key: bytes, start: bytes) -> bytes:
    filled = padding.PKCS7(128).padder()
    writer = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return writer.update(filled.update(plain) + filled.finalize()) + writer.finalize()


def test_segments_are_appended_in_order_and_asked_for_at_once(host: StreamHost, tmp_path: Path) -> None:
    whole = stream_put(host, count=24)
    seen: list[Progress] = []
    found = fetched(host, "s/list.m3u8", tmp_path, faults={"latency": 20}, on_progress=seen.append)
    assert content(found) == [whole]
    assert (found.tracks[0].kind, found.tracks[0].format) == ("muxed", "mpegts")
    assert (found.duration, found.size, found.gaps) == (96.0, len(whole), ())
    assert 4 <= host.most_at_once <= 8
    assert (seen[-1].percent, seen[-1].bytes_done, seen[-1].pieces_done, seen[-1].pieces_total) == (
        *(100.0, len(whole), 24, 24),
    )
    assert max(host.hits.values()) == 1


@pytest.mark.parametrize("fault", ["fail", "cut", "html", "busy"])
def test_a_host_that_stumbles_is_asked_again(host: StreamHost, tmp_path: Path, fault: str) -> None:
    whole = stream_put(host, count=4)
    assert content(fetched(host, "s/list.m3u8", tmp_path, faults={fault: 1})) == [whole]
    assert host.hits["s/2.ts"] >= 2


def test_a_silent_host_is_left_at_its_idle_limit_and_asked_again(host: StreamHost, tmp_path: Path) -> None:
    whole = stream_put(host, count=3)
    beats: list[Progress] = []
    found = fetched(host, "s/list.m3u8", tmp_path, faults={"stall": 1, "only": "1.ts"}, on_progress=beats.append)
    assert content(found) == [whole]
    assert len(beats) >= 4, "it beats while nothing comes"


@pytest.mark.parametrize("faults", [{"miss": "3.ts"}, {"forbid": 3}])
def test_addresses_that_ran_out_end_the_attempt_and_keep_what_came(
    host: StreamHost, tmp_path: Path, faults: dict[str, object]
) -> None:
    whole = stream_put(host, count=8)
    with pytest.raises(SegmentFailed) as caught:
        fetched(host, "s/list.m3u8", tmp_path, faults=faults, parallel=1)
    assert caught.value.is_passing
    assert caught.value.extra["segment"] == 3
    asked_before = dict(host.hits)
    # The next attempt has another signature, and another place in the site's words: the paths are the same.
    assert content(fetched(host, "s/list.m3u8", tmp_path)) == [whole]
    assert [host.hits[f"s/{number}.ts"] - asked_before[f"s/{number}.ts"] for number in range(3)] == [0, 0, 0]


def test_what_the_caller_raises_stops_all_and_loses_nothing(host: StreamHost, tmp_path: Path) -> None:
    whole = stream_put(host, count=30)

    def halt(progress: Progress) -> None:
        if progress.pieces_done >= 10:
            raise KeyError("halt")

    with pytest.raises(KeyError, match="halt"):
        fetched(host, "s/list.m3u8", tmp_path, faults={"latency": 50}, parallel=2, on_progress=halt)
    asked = host.hits.total()
    assert asked < 31
    assert content(fetched(host, "s/list.m3u8", tmp_path)) == [whole]
    assert all(count == 1 for name, count in host.hits.items() if name in {f"s/{n}.ts" for n in range(10)})


def test_another_stream_in_the_same_folder_begins_anew(host: StreamHost, tmp_path: Path) -> None:
    stream_put(host, "one", 6)
    with pytest.raises(SegmentFailed):
        fetched(host, "one/list.m3u8", tmp_path, faults={"miss": "5.ts"})
    whole = stream_put(host, "two", 5)
    assert content(fetched(host, "two/list.m3u8", tmp_path)) == [whole]


def test_keys_by_sequence_and_by_vector_that_change(host: StreamHost, tmp_path: Path) -> None:
    first, second, start = b"k" * 16, b"K" * 32, bytes(range(16))
    plain = [transport(number) for number in range(5)]
    host.files |= {
        "e/k1": first,
        "e/k2": second,
        "e/0.ts": encrypted(plain[0], first, (7).to_bytes(16, "big")),
        "e/1.ts": encrypted(plain[1], first, (8).to_bytes(16, "big")),
        "e/2.ts": encrypted(plain[2], second, start),
        "e/3.ts": plain[3],
    }
    keys = {
        0: '#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-KEY:METHOD=AES-128,URI="k1"',
        2: f'#EXT-X-KEY:METHOD=AES-256,URI="k2",IV=0x{start.hex()}',
        3: "#EXT-X-KEY:METHOD=NONE",
    }
    host.files["e/list.m3u8"] = listed(["0.ts", "1.ts", "2.ts", "3.ts"], tags=keys)
    assert content(fetched(host, "e/list.m3u8", tmp_path)) == [b"".join(plain[:4])]
    assert host.hits["e/k1"] == 1
    host.files["e/k1"] = b"<html>login</html>"
    with pytest.raises(DomainError):
        fetched(host, "e/list.m3u8", tmp_path / "other")


def test_ranges_beginnings_discontinuities_and_gaps(host: StreamHost, tmp_path: Path) -> None:
    begin, other = b"\0\0\0\x18ftypisom" + bytes(12), b"\0\0\0\x18ftypdash" + bytes(12)
    parts = [b"\0\0\0\x10moof" + bytes([number]) * 8 for number in range(5)]
    host.files |= {"m/all.mp4": begin + b"".join(parts), "m/other.mp4": other}
    tags = {
        0: f'#EXT-X-MAP:URI="all.mp4",BYTERANGE="{len(begin)}@0"\n#EXT-X-BYTERANGE:16@{len(begin)}',
        1: "#EXT-X-BYTERANGE:16",
        2: "#EXT-X-GAP\n#EXT-X-BYTERANGE:16",
        3: "#EXT-X-DISCONTINUITY\n#EXT-X-BYTERANGE:16",
        4: '#EXT-X-MAP:URI="other.mp4"\n#EXT-X-BYTERANGE:16',
    }
    host.files["m/list.m3u8"] = listed(["all.mp4"] * 5, tags=tags)
    found = fetched(host, "m/list.m3u8", tmp_path)
    assert content(found) == [begin + parts[0] + parts[1], begin + parts[3], other + parts[4]]
    assert (found.tracks[0].format, found.gaps, found.duration) == ("mp4", ((8.0, 12.0),), 20.0)


def test_quality_and_languages_choose_what_is_fetched(host: StreamHost, tmp_path: Path) -> None:
    stream_put(host, "low", 2)
    stream_put(host, "high", 3)
    for language in ("ja", "de"):
        stream_put(host, language, 2)
        host.files[f"{language}.m3u8"] = listed([f"{language}/0.ts", f"{language}/1.ts"])
        host.files[f"{language}.vtt"] = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{language}\n".encode()
        host.files[f"{language}-text.m3u8"] = listed([f"{language}.vtt"])
    medias = "".join(
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="{one}",LANGUAGE="{one}",URI="{one}.m3u8"\n'
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="t",NAME="{one}",LANGUAGE="{one}",URI="{one}-text.m3u8"\n'
        for one in ("ja", "de")
    )
    host.files["master.m3u8"] = (
        f'#EXTM3U\n{medias}#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360,AUDIO="a",SUBTITLES="t"\nlow/list.m3u8\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=1920x1080,AUDIO="a",SUBTITLES="t"\nhigh/list.m3u8\n'
    ).encode()
    found = fetched(host, "master.m3u8", tmp_path / "best")
    assert (found.height, len(content(found)[0])) == (1080, 3 * len(transport(0)))
    assert [(one.kind, one.format, one.language) for one in found.tracks] == [
        ("video", "mpegts", ""),
        ("audio", "mpegts", "ja"),
        ("audio", "mpegts", "de"),
        ("subtitle", "webvtt", "ja"),
        ("subtitle", "webvtt", "de"),
    ]
    found = fetched(host, "master.m3u8", tmp_path / "low", quality=480, languages=("de",))
    assert (found.height, [one.language for one in found.tracks]) == (360, ["", "de", "de"])
    assert content(found, 2)[0].decode().split("\n")[2:4] == ["00:00:01.000 --> 00:00:02.000", "de"]


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"x.m3u8": listed(["a.ts"], end="")}, StreamUnsupported),
        ({"x.m3u8": b"<html>no</html>"}, PlaylistInvalid),
        ({"x.m3u8": listed(["a.ts"], tags={0: "#EXT-X-GAP"})}, PlaylistInvalid),
        ({"x.m3u8": listed(["file:///etc/passwd"])}, PlaylistInvalid),
        ({"x.m3u8": listed(["a.ts"]), "a.ts": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"}, SegmentFailed),
        ({"x.m3u8": listed(["a.ts"]), "a.ts": b"what is this?"}, MediaUnsafe),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(
    host: StreamHost, tmp_path: Path, files: dict[str, bytes], error: type[DomainError]
) -> None:
    host.files |= files
    with pytest.raises(error):
        fetched(host, "x.m3u8", tmp_path)


FILE = b"\0\0\0\x18ftypisom" + bytes(12) + os.urandom(300_000)


@pytest.fixture
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("downloads.fetching.files.PIECE_BYTES", 20_000)


@pytest.mark.usefixtures("_small_pieces")
@pytest.mark.parametrize("faults", [{}, {"cut": 1}, {"fail": 1}, {"etag": 0}, {"ranges": 0}, {"ranges": 0, "fail": 1}])
def test_a_file_comes_whole_from_hosts_of_all_kinds(
    host: StreamHost, tmp_path: Path, faults: dict[str, object]
) -> None:
    host.files["film.mp4"] = FILE
    try:
        found = fetched(host, "film.mp4", tmp_path, kind="mp4", faults=faults)
    except EgressError:  # the very first question is the attempt's: the next attempt asks again
        found = fetched(host, "film.mp4", tmp_path, kind="mp4")
    assert content(found) == [FILE]
    assert (found.tracks[0].kind, found.tracks[0].format, found.size) == ("muxed", "mp4", len(FILE))


@pytest.mark.usefixtures("_small_pieces")
def test_a_file_goes_on_where_it_was_and_another_one_is_noticed(host: StreamHost, tmp_path: Path) -> None:
    host.files["film.mp4"] = FILE

    def halt(progress: Progress) -> None:
        if progress.pieces_done >= 5:
            raise KeyError("halt")

    with pytest.raises(KeyError):
        fetched(host, "film.mp4", tmp_path, kind="mp4", faults={"latency": 30}, parallel=2, on_progress=halt)
    asked = host.hits.total()
    assert content(fetched(host, "film.mp4", tmp_path, kind="mp4")) == [FILE]
    assert host.hits.total() - asked < 13, "16 pieces in all, 5 were here"

    def change(progress: Progress) -> None:
        if progress.pieces_done >= 2:
            host.files["film.mp4"] = FILE[:-4] + b"four"

    with pytest.raises(SourceChanged):
        fetched(host, "film.mp4", tmp_path / "new", kind="mp4", faults={"latency": 50}, parallel=1, on_progress=change)


@pytest.mark.parametrize("body", [listed(["file:///etc/passwd"]), b"<!doctype html><html>", b"MZ" + bytes(100)])
def test_a_file_that_is_not_what_it_says_is_unsafe(host: StreamHost, tmp_path: Path, body: bytes) -> None:
    host.files["film.mp4"] = body
    with pytest.raises(MediaUnsafe):
        fetched(host, "film.mp4", tmp_path, kind="mp4")
    assert not list(tmp_path.iterdir())
