"""What a file is by its first bytes, whatever it is called (threat 7)."""

import re
from pathlib import Path

from django.utils.translation import gettext as _

from downloads.errors import MediaBroken, MediaUnsafe

HEAD_BYTES = 4096
"""So much of a file is looked at."""

DEMUXERS = {
    "matroska": "matroska",
    "mp4": "mov",
    "mpegts": "mpegts",
    "mpegps": "mpeg",
    "avi": "avi",
    "flv": "flv",
    "asf": "asf",
    "ogg": "ogg",
    "aac": "aac",
    "mp3": "mp3",
    "ac3": "ac3",
    "eac3": "eac3",
    "flac": "flac",
    "wav": "wav",
    "webvtt": "webvtt",
    "ass": "ass",
    "srt": "srt",
}
"""Kind → the demuxer that ffmpeg is told. What is not here is not opened."""

SUBTITLES = frozenset({"webvtt", "ass", "srt"})
SOUNDS = frozenset({"aac", "mp3", "ac3", "eac3", "flac", "wav"})

_TS_PACKETS = ((188, 0), (192, 4), (204, 0))
_BOXES = frozenset(
    {b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"free", b"skip", b"wide", b"emsg", b"prft", b"pdin"}
)
_STARTS = (
    (b"\x00\x00\x01\xba", "mpegps"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"\x89PNG\r\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"PK\x03\x04", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"#!", "program"),
    (b"%PDF", "document"),
)
_PLAYLISTS = re.compile(
    rb"#EXT(M3U|INF|-X-)|ffconcat\s|\[playlist\]|<(\?xml[^>]*>\s*(<!--.*?-->\s*)*<)?(MPD|smil|asx)\b", re.I | re.S
)
_SRT = re.compile(rb"\d+\s*\r?\n\d+:\d\d:\d\d[,.]\d+\s*-->")
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|script)\b", re.I)


def kind_of(head: bytes) -> str:
    """The kind by the first `HEAD_BYTES` bytes: a key of `DEMUXERS`, or one of playlist, html, xml, json, picture, archive, program,
    document, text, empty and unknown. What could be read as a playlist is one, even where it could be something else too.
    """
    if not head:
        return "empty"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska" if b"matroska" in head[:128] or b"webm" in head[:128] else "unknown"
    if head[4:8] in _BOXES and int.from_bytes(head[:4], "big") not in range(2, 8):
        return "mp4"
    if head[:4] == b"RIFF":
        return {b"AVI ": "avi", b"WAVE": "wav", b"WEBP": "picture"}.get(head[8:12], "unknown")
    if _is_transport(head):
        return "mpegts"
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    return _text_kind(head) or _sound_kind(head) or "unknown"


def kind_of_file(path: Path) -> str:
    """`kind_of` for a file. Sound behind a long ID3 tag is told by what follows the tag. `OSError` where it cannot be read."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        length = id3_length(head)
        if length > 0:
            file.seek(length)
            inner = file.read(HEAD_BYTES)
            return (_sound_kind(inner) or "mp3") if inner else "mp3"
        return kind_of(head)


def media_kind(path: Path) -> str:
    """The kind of a file that ffmpeg may open. Raises `MediaUnsafe` for anything else, `MediaBroken` for an empty or no file."""
    try:
        kind = kind_of_file(path)
    except OSError as error:
        raise MediaBroken(_("The file cannot be read.")) from error
    if kind == "empty":
        raise MediaBroken(_("The file is empty."))
    if kind not in DEMUXERS:
        raise MediaUnsafe(_("The file is no media but: %(kind)s.") % {"kind": kind})
    return kind


def id3_length(head: bytes) -> int:
    """Bytes of the ID3v2 tag that `head` begins with, 0 for none."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | (byte & 0x7F)
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _is_transport(head: bytes) -> bool:
    for packet, offset in _TS_PACKETS:
        places = range(offset, min(len(head), packet * 5), packet)
        # 4 sync bytes in a row are no accident; one packet alone is as long as a short segment can be
        if len(places) >= 1 and len(head) >= packet and all(head[place] == 0x47 for place in places):
            return True
    return False


def _sound_kind(head: bytes) -> str:
    if len(head) < 2:
        return ""
    if head[:2] == b"\x0b\x77" and len(head) > 5:
        return "eac3" if head[5] >> 3 > 10 else "ac3"
    if head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    if head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        return "mp3"
    return ""


def _text_kind(head: bytes) -> str:
    """What kind of text it is; "" for what is none."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", "ignore").encode()
    text = text.lstrip()
    if _PLAYLISTS.match(text):
        return "playlist"
    if text.startswith(b"WEBVTT"):
        return "webvtt"
    if text[:1] in (b"<", b"{", b"["):
        if text[:30].lower().startswith((b"[script info]", b"[v4")):
            return "ass"
        if _HTML.search(text[:1024]):
            return "html"
        return "xml" if text[:1] == b"<" else "json"
    if _SRT.match(text):
        return "srt"
    return "" if b"\0" in text or _binary_share(text) > 0.1 else "text"


def _binary_share(text: bytes) -> float:
    """How much of it is neither ASCII nor part of UTF-8."""
    return text.decode("utf-8", "replace").count("\ufffd") / max(1, len(text))
