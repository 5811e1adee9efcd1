"""WebVTT in segments made into one text, its times counted from the beginning of the stream (RFC 8216, 3.5)."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from downloads.errors import SegmentFailed

MAX_BYTES = 32 * 1024 * 1024
CLOCK = 90_000
"""Ticks of an MPEG-TS clock in a second; it starts anew after 2^33 of them."""
WRAP = 2**33 / CLOCK
_TIME = r"(?:([0-9]{1,4}):)?([0-5]?[0-9]):([0-5][0-9])[.,]([0-9]{3})"
_CUE = re.compile(rf"^\s*{_TIME}\s+-->\s+{_TIME}([^\n]*)$", re.ASCII)
_LOCAL = re.compile(rf"LOCAL:{_TIME}", re.ASCII)
_MPEGTS = re.compile(r"MPEGTS:([0-9]{1,11})", re.ASCII)


def texts_joined(segments: Sequence[tuple[Path, float]], target: Path, *, start: float | None) -> None:
    """Write one WebVTT file of `segments`, (file, seconds from the beginning of the stream), each cue once, in order.

    `start`: the clock (seconds) of the first picture, None when nobody knows: then mapped times that lie far from their
    segment are moved to it. Raises `SegmentFailed` for what is no WebVTT.
    """
    cues: dict[tuple[int, int, str], str] = {}
    head: list[str] = []
    size = 0
    for path, begins in segments:
        size += path.stat().st_size
        if size > MAX_BYTES:
            raise SegmentFailed(_("The subtitles are too large."))
        blocks = _blocks(path.read_bytes().decode("utf-8", "replace"))
        offset = _offset(blocks[0], start)
        for block in blocks[1:]:
            if block.startswith(("STYLE", "REGION")):
                if not cues and block not in head:
                    head.append(block)
            elif (cue := _moved(block, offset, begins, is_sure=start is not None)) is not None:
                cues.setdefault(cue[0], cue[1])
    lines = ["WEBVTT", *head, *(cues[key] for key in sorted(cues, key=lambda key: key[:2]))]
    target.write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def _blocks(text: str) -> list[str]:
    """The header and what follows it, parted by empty lines."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not plain.startswith("WEBVTT"):
        raise SegmentFailed(_("The subtitles are not WebVTT."))
    return [block.strip("\n") for block in re.split(r"\n[ \t]*\n", plain) if block.strip()]


def _offset(header: str, start: float | None) -> float | None:
    """Seconds to add to the times of a segment; None where its header does not map them."""
    mapped = next((line for line in header.split("\n") if line.startswith("X-TIMESTAMP-MAP=")), "")
    local, ticks = _LOCAL.search(mapped), _MPEGTS.search(mapped)
    if local is None or ticks is None:
        return None
    clock = int(ticks[1]) / CLOCK
    return _ahead(clock - (start or 0.0)) - _seconds(local.groups())


def _ahead(seconds: float) -> float:
    """The nearest to zero of the times that a clock which starts anew may mean."""
    while seconds < -WRAP / 2:
        seconds += WRAP
    while seconds > WRAP / 2:
        seconds -= WRAP
    return seconds


def _moved(
    block: str, offset: float | None, begins: float, *, is_sure: bool
) -> tuple[tuple[int, int, str], str] | None:
    """A cue with its right times, (its identity, its text); None for what is none."""
    lines = block.split("\n")
    at = next((number for number, line in enumerate(lines[:2]) if "-->" in line), None)
    match = _CUE.match(lines[at]) if at is not None else None
    if at is None or match is None:
        return None
    first, last = _seconds(match.groups()[:4]), _seconds(match.groups()[4:8])
    shift = offset or 0.0
    if offset is not None and not is_sure and abs(first + shift - begins) > FAR:
        # Nobody told where the pictures' clock begins: the segment's own place is the better guess.
        shift = begins - min(first, begins) if first < FAR else begins - first
    first, last = max(0.0, first + shift), max(0.0, last + shift)
    if last <= first:
        return None
    told = "\n".join(line for line in lines[at + 1 :] if "-->" not in line)
    key = (round(first * 1000), round(last * 1000), told)
    return key, f"{_shown(first)} --> {_shown(last)}{match[9]}\n{told}"


FAR = 60.0
"""Seconds that a cue may lie off its segment before its clock is not believed."""


def _seconds(groups: Iterable[str | None]) -> float:
    hours, minutes, seconds, millis = groups
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + int(millis or 0) / 1000


def _shown(seconds: float) -> str:
    millis = round(seconds * 1000)
    return f"{millis // 3_600_000:02}:{millis // 60_000 % 60:02}:{millis // 1000 % 60:02}.{millis % 1000:03}"


def transport_start(path: Path) -> float | None:
    """The clock (seconds) of the first pictures or sound of an MPEG-TS file; None for what has none in its first 4 MiB."""
    with path.open("rb") as file:
        data = file.read(4 * 1024 * 1024)
    found: list[int] = []
    for at in range(0, len(data) - 187, 188):
        packet = data[at : at + 188]
        if packet[0] != 0x47:
            return None
        if (stamp := _stamp(packet)) is not None:
            found.append(stamp)
            if len(found) >= 12:
                break
    return min(found) / CLOCK if found else None


def _stamp(packet: bytes) -> int | None:
    """The presentation time of a packet that begins a PES packet with one."""
    if not packet[1] & 0x40 or not packet[3] & 0x10:
        return None
    at = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
    head = packet[at : at + 14]
    if len(head) < 14 or head[:3] != b"\x00\x00\x01" or not 0xC0 <= head[3] <= 0xEF or not head[7] & 0x80:
        return None
    return (head[9] >> 1 & 0x07) << 30 | head[10] << 22 | (head[11] >> 1) << 15 | head[12] << 7 | head[13] >> 1
