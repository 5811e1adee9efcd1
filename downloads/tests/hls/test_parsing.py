"""Playlists of all kinds, odd and hostile ones too: what is read from them, and that nothing takes long."""

import os
import time
from pathlib import Path

import pytest

from core.errors import DomainError
from downloads.errors import PlaylistInvalid, StreamUnsupported
from downloads.hls.parsing import MAX_BYTES, MAX_SEGMENTS, playlist_parse
from downloads.hls.playlists import ByteRange, MasterPlaylist, MediaPlaylist

pytestmark = pytest.mark.once
BASE = "https://cdn.example/show/one/list.m3u8?token=a%2Fb&part=7"


def media(*lines: str, url: str = BASE) -> MediaPlaylist:
    """A media playlist of these lines between its head and its end."""
    text = "\n".join(("#EXTM3U", "#EXT-X-TARGETDURATION:6", *lines, "#EXT-X-ENDLIST"))
    found = playlist_parse(text.encode(), url)
    assert isinstance(found, MediaPlaylist)
    return found


def master(*lines: str) -> MasterPlaylist:
    found = playlist_parse("\n".join(("#EXTM3U", *lines)).encode(), BASE)
    assert isinstance(found, MasterPlaylist)
    return found


def refusal(content: bytes, url: str = BASE) -> str:
    """The code of the error that a playlist raises, "" for none."""
    try:
        playlist_parse(content, url)
    except DomainError as error:
        return error.code
    return ""


def test_addresses_are_relative_to_the_playlist_and_keep_their_questions() -> None:
    found = media(
        "#EXTINF:4.5,a, title", "seg 1.ts?x=1&y=2", "#EXTINF:3", "/top.ts", "#EXTINF:2,", "//other.example/b.ts"
    )
    assert [segment.uri.replace("%20", " ") for segment in found.segments] == [
        "https://cdn.example/show/one/seg 1.ts?x=1&y=2",
        "https://cdn.example/top.ts",
        "https://other.example/b.ts",
    ]
    assert [segment.duration for segment in found.segments] == [4.5, 3.0, 2.0]
    assert found.duration == 9.5
    assert found.is_ended


def test_a_mark_of_unicode_foreign_line_ends_white_space_and_unknown_tags_change_nothing() -> None:
    text = "\ufeff#EXTM3U \r\n\r\n# a comment\r\n#EXT-X-NEW:1\r\n  #EXTINF:4,\r\n\t a.ts \r\n#EXTINF:4,\rb.ts\r\n#EXT-X-ENDLIST"
    found = playlist_parse(text.encode(), BASE)
    assert isinstance(found, MediaPlaylist)
    assert [segment.uri.rpartition("/")[2] for segment in found.segments] == ["a.ts", "b.ts"]


def test_byte_ranges_without_an_offset_follow_the_one_before_of_the_same_file() -> None:
    found = media(
        '#EXT-X-MAP:URI="all.mp4",BYTERANGE="700@0"',
        *("#EXTINF:4,", "#EXT-X-BYTERANGE:100@700", "all.mp4"),
        *("#EXT-X-BYTERANGE:50", "#EXTINF:4,", "all.mp4"),
        *("#EXTINF:4,", "#EXT-X-BYTERANGE:10@5", "other.mp4"),
        *("#EXTINF:4,", "#EXT-X-BYTERANGE:20", "all.mp4"),
        *("#EXTINF:4,", "all.mp4"),
    )
    assert [segment.byte_range for segment in found.segments] == [
        *(ByteRange(700, 100), ByteRange(800, 50), ByteRange(5, 10), ByteRange(850, 20), None)
    ]
    assert {segment.map and segment.map.byte_range for segment in found.segments} == {ByteRange(0, 700)}


def test_keys_change_end_and_go_with_the_beginning_that_follows_them() -> None:
    found = media(
        *("#EXT-X-MEDIA-SEQUENCE:41", "#EXTINF:4,", "a.ts"),
        *('#EXT-X-KEY:METHOD=AES-128,URI="k1?x=1,2",IV=0xFf', "#EXTINF:4,", "b.ts"),
        *('#EXT-X-KEY:METHOD=AES-128,URI="k2",KEYFORMAT="identity"', '#EXT-X-MAP:URI="i.mp4"', "#EXTINF:4,", "c.ts"),
        *('#EXT-X-KEY:METHOD=AES-256-CTR,URI="k3",IV=0x1', "#EXTINF:4,", "d.ts"),
        *("#EXT-X-KEY:METHOD=NONE", "#EXTINF:4,", "e.ts"),
    )
    keys = [segment.key for segment in found.segments]
    assert [key and (key.method, key.uri.rpartition("/")[2], key.iv) for key in keys] == [
        None,
        ("AES-128", "k1?x=1,2", bytes(15) + b"\xff"),
        ("AES-128", "k2", None),
        ("AES-256-CTR", "k3", bytes(15) + b"\x01"),
        None,
    ]
    assert [segment.sequence for segment in found.segments] == [41, 42, 43, 44, 45]
    assert [segment.map and segment.map.key == keys[2] for segment in found.segments] == [None, None, True, True, True]


@pytest.mark.parametrize(
    "tag",
    [
        '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"',
        '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="data:text/plain;base64,AA==",KEYFORMAT="identity"',
        '#EXT-X-KEY:METHOD=AES-128,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery",KEYFORMATVERSIONS="1"',
        '#EXT-X-KEY:METHOD=ROT13,URI="k"',
    ],
)
def test_what_needs_a_licence_is_not_supported(tag: str) -> None:
    with pytest.raises(StreamUnsupported):
        media(tag, "#EXTINF:4,", "a.ts")


def test_gaps_discontinuities_and_lists_that_go_on() -> None:
    found = media(
        *("#EXT-X-DISCONTINUITY-SEQUENCE:9", "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z", "#EXTINF:4,", "a.ts"),
        *("#EXT-X-GAP", "#EXTINF:4,", "b.ts", "#EXT-X-DISCONTINUITY", "#EXTINF:4,", "c.ts"),
    )
    assert [(segment.is_gap, segment.run) for segment in found.segments] == [(False, 0), (True, 0), (False, 1)]
    live = playlist_parse(b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n", BASE)
    assert isinstance(live, MediaPlaylist)
    assert not live.is_ended
    kept = playlist_parse(b"#EXTM3U\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:4,\na.ts\n", BASE)
    assert isinstance(kept, MediaPlaylist)
    assert kept.is_ended
    assert media("#EXT-X-I-FRAMES-ONLY", "#EXTINF:4,", "a.ts").is_iframes


def test_a_master_tells_variants_and_renditions_and_leaves_out_pictures_alone() -> None:
    found = master(
        '#EXT-X-DEFINE:NAME="host",VALUE="https://v.example"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="日本語",LANGUAGE="ja",DEFAULT=YES, AUTOSELECT=YES,URI="ja.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Deutsch, Stereo",LANGUAGE="de"',
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="Signs",LANGUAGE="en",FORCED=YES,URI="{$host}/en.m3u8"',
        '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="CC",INSTREAM-ID="CC1"',
        '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9,URI="pictures.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080,CODECS="avc1.640028,mp4a.40.2",FRAME-RATE=23.976,'
        'AUDIO="a",SUBTITLES="s"',
        "high.m3u8?q=1",
        "#EXT-X-STREAM-INF:BANDWIDTH=900000",
        "low.m3u8",
    )
    high, low = found.variants
    assert (high.uri, high.bandwidth, high.width, high.height) == (
        *("https://cdn.example/show/one/high.m3u8?q=1", 5_000_000, 1920, 1080),
    )
    assert (high.codecs, high.frame_rate, low.height) == ("avc1.640028,mp4a.40.2", 23.976, 0)
    sounds, texts = found.group("audio", "a"), found.group("subtitle", "s")
    assert [(one.name, one.language, one.is_default, bool(one.uri)) for one in sounds] == [
        ("日本語", "ja", True, True),
        ("Deutsch, Stereo", "de", False, False),
    ]
    assert [(one.uri, one.is_forced) for one in texts] == [("https://v.example/en.m3u8", True)]
    assert len(found.renditions) == 3


def test_variables_come_from_the_list_its_address_and_the_master() -> None:
    found = playlist_parse(
        b'#EXTM3U\n#EXT-X-DEFINE:QUERYPARAM="token"\n#EXT-X-DEFINE:IMPORT="way"\n#EXTINF:4,\n{$way}/a.ts?t={$token}\n',
        BASE,
        variables={"way": "/far"},
    )
    assert isinstance(found, MediaPlaylist)
    assert found.segments[0].uri == "https://cdn.example/far/a.ts?t=a/b"
    for line in ("{$nowhere}/a.ts", '#EXT-X-DEFINE:IMPORT="nowhere"', '#EXT-X-DEFINE:QUERYPARAM="nowhere"'):
        assert refusal(f"#EXTM3U\n{line}\n#EXTINF:4,\na.ts\n".encode()) == "playlist_invalid", line


@pytest.mark.parametrize("address", ["file:///etc/passwd", "data:text/plain,x", "concat:a|b", "ftp://h/x", "http:///x"])
@pytest.mark.parametrize("place", ["segment", "key", "map", "variant", "rendition"])
def test_addresses_that_are_not_of_the_web_are_refused_wherever_they_stand(address: str, place: str) -> None:
    lines = {
        "segment": f"#EXTINF:4,\n{address}",
        "key": f'#EXT-X-KEY:METHOD=AES-128,URI="{address}"\n#EXTINF:4,\na.ts',
        "map": f'#EXT-X-MAP:URI="{address}"\n#EXTINF:4,\na.ts',
        "variant": f"#EXT-X-STREAM-INF:BANDWIDTH=1\n{address}",
        "rendition": f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="n",URI="{address}"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8',
    }
    assert refusal(f"#EXTM3U\n{lines[place]}\n".encode()) == "playlist_invalid"


BAD = {
    "nothing": b"",
    "no head": b"#EXTINF:4,\na.ts\n",
    "a page": b"<html>#EXTM3U</html>",
    "only a head": b"#EXTM3U\n",
    "two kinds": b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n#EXTINF:4,\na.ts\n",
    "a range of nothing": b"#EXTM3U\n#EXTINF:4,\n#EXT-X-BYTERANGE:0@0\na.ts\n",
    "a range past all numbers": b"#EXTM3U\n#EXTINF:4,\n#EXT-X-BYTERANGE:9@9223372036854775807\na.ts\n",
    "a vector that is too long": b'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x'
    + b"1" * 33
    + b"\n#EXTINF:4,\na.ts\n",
    "a long address": b"#EXTM3U\n#EXTINF:4,\n" + b"a" * 9000 + b".ts\n",
    "a key without an address": b"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128\n#EXTINF:4,\na.ts\n",
}


@pytest.mark.parametrize("name", list(BAD))
def test_what_makes_no_sense_is_invalid(name: str) -> None:
    assert refusal(BAD[name]) == "playlist_invalid"


HOSTILE = {
    "too many bytes": b"#" * (MAX_BYTES + 1),
    "too many lines": b"#EXTM3U\n" + b"\n" * 250_000,
    "too many segments": b"#EXTM3U\n" + b"#EXTINF:1,\na\n" * (MAX_SEGMENTS + 1),
    "too many variants": b"#EXTM3U\n" + b"#EXT-X-STREAM-INF:BANDWIDTH=1\na\n" * 600,
    "days of it": b"#EXTM3U\n" + b"#EXTINF:86000,\na\n" * 2,
    "references that multiply": b'#EXTM3U\n#EXT-X-DEFINE:NAME="a",VALUE="'
    + b"x" * 8000
    + b'"\n#EXTINF:4,\n'
    + b"{$a}" * 500_000,
    "open references": b"#EXTM3U\n#EXTINF:4,\n" + b"{$" * 500_000,
    "quotes": b"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128," + b'A="' * 500_000 + b"\n#EXTINF:4,\na.ts",
    "a name without an end": b"#EXTM3U\n#EXT-X-MAP:" + b"A" * 1_000_000 + b"\n#EXTINF:-,\na.ts",
    "equals": b"#EXTM3U\n#EXT-X-MEDIA:" + b"A= =" * 500_000 + b"\n#EXT-X-STREAM-INF:\n",
    "digits": b"#EXTM3U\n#EXTINF:" + b"1" * 1_000_000 + b",\na.ts\n",
}


def test_hostile_lists_are_refused_in_linear_time() -> None:
    for name, content in HOSTILE.items():
        began = time.process_time()
        assert refusal(content) in ("playlist_invalid", "stream_unsupported"), name
        assert time.process_time() - began < 1.5, name


def test_real_playlists_are_read_or_refused_by_name() -> None:
    folder = Path(os.environ.get("HIROBA_DATA", "/nowhere")) / "media"
    if not folder.is_dir():
        pytest.skip("HIROBA_DATA is not there")
    outcomes = {
        path.relative_to(folder).as_posix(): refusal(path.read_bytes()) for path in sorted(folder.rglob("*.m3u8"))
    }
    refused = {name.rpartition("/")[2]: code for name, code in outcomes.items() if code}
    assert len(outcomes) > 80
    assert refused == {
        "index.m3u8": "stream_unsupported",  # SAMPLE-AES-CTR
        "empty.m3u8": "playlist_invalid",
        "headerOnly.m3u8": "playlist_invalid",
        "llhls-byte-range.m3u8": "playlist_invalid",
        "manifestNoExtM3u.m3u8": "playlist_invalid",
        "multipleTargetDurations.m3u8": "playlist_invalid",
        "start.m3u8": "playlist_invalid",
    }


def test_an_invalid_list_says_so_to_people() -> None:
    with pytest.raises(PlaylistInvalid, match="no playlist"):
        playlist_parse(b"<html>", BASE)
