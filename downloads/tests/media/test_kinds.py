"""A file is what its first bytes say."""

from pathlib import Path

import pytest

from downloads.errors import MediaBroken, MediaUnsafe
from downloads.media.kinds import id3_length, kind_of, media_kind
from downloads.media.languages import language_read, language_written
from downloads.media.tracks import id3_clock

pytestmark = pytest.mark.once

KINDS = [
    (b"", "empty"),
    (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "matroska"),
    (b"\x1a\x45\xdf\xa3 something else", "unknown"),
    (b"\0\0\0\x18ftypmp42", "mp4"),
    (b"\0\0\0\x18moof\0\0\0\x10", "mp4"),
    ((b"\x47" + bytes(187)) * 5, "mpegts"),
    ((bytes(4) + b"\x47" + bytes(187)) * 5, "mpegts"),
    (b"G" + bytes(400), "unknown"),
    (b"\xff\xf1\x50\x80", "aac"),
    (b"\xff\xfb\x90\x00", "mp3"),
    (b"\x0b\x77\0\0\0\x40", "ac3"),
    (b"\x0b\x77\0\0\0\x80", "eac3"),
    (b"fLaC\0\0", "flac"),
    (b"OggS", "ogg"),
    (b"RIFF\0\0\0\0AVI LIST", "avi"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
    (b"\xef\xbb\xbfWEBVTT\n", "webvtt"),
    (b"[Script Info]\nTitle", "ass"),
    (b"1\r\n00:00:01,000 --> 00:00:02,000\r\nx", "srt"),
    (b"#EXTM3U\n", "playlist"),
    (b"\xef\xbb\xbf \n#EXTM3U\n", "playlist"),
    ("#EXTM3U\n".encode("utf-16"), "playlist"),
    (b"#EXTINF:3,\nx.ts", "playlist"),
    (b"ffconcat version 1.0\nfile /etc/passwd", "playlist"),
    (b"<?xml version='1.0'?>\n<MPD xmlns='x'>", "playlist"),
    (b"<MPD>", "playlist"),
    (b"[playlist]\nFile1=http://x", "playlist"),
    (b"<!doctype HTML><p>", "html"),
    (b"<svg/>", "xml"),
    (b'{"a": 1}', "json"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\x7fELF\x02", "program"),
    (b"#!/bin/sh", "program"),
    (b"Not found", "text"),
    (bytes(range(128, 200)), "unknown"),
]


def test_kinds() -> None:
    assert [(head[:24], kind_of(head)) for head, _kind in KINDS] == [(head[:24], kind) for head, kind in KINDS]


def test_no_file_and_no_media(tmp_path: Path) -> None:
    with pytest.raises(MediaBroken):
        media_kind(tmp_path / "none.mp4")
    path = tmp_path / "x.mp4"
    path.write_bytes(b"")
    with pytest.raises(MediaBroken):
        media_kind(path)
    path.write_bytes(b"#EXTM3U\n")
    with pytest.raises(MediaUnsafe):
        media_kind(path)


def test_sound_behind_its_tag(tmp_path: Path) -> None:
    clock = b"com.apple.streaming.transportStreamTimestamp\0" + (900_000).to_bytes(8, "big")
    frame = b"PRIV" + len(clock).to_bytes(4, "big") + b"\0\0" + clock
    head = b"ID3\x04\0\0" + bytes([0, 0, 0, len(frame)]) + frame
    assert id3_length(head) == len(head)
    assert id3_clock(head + b"\xff\xf1\x50\x80") == 10.0
    assert id3_clock(b"\xff\xf1\x50\x80") is None
    path = tmp_path / "x.aac"
    path.write_bytes(head + b"\xff\xf1\x50\x80" + bytes(100))
    assert media_kind(path) == "aac"


def test_languages() -> None:
    read = {
        "jpn": "ja",
        "ger": "de",
        "deu": "de",
        "en": "en",
        "pt-BR": "pt-BR",
        "und": "",
        "": "",
        "x" * 40: "",
        "chi": "zh",
    }
    assert {code: language_read(code) for code in read} == read
    assert language_read("../..") == ""
    written = {"ja": "jpn", "de": "deu", "zh-Hans": "zho", "": "und", "en-US": "eng", "fil": "tgl", "-y": "und"}
    assert {code: language_written(code) for code in written} == written
