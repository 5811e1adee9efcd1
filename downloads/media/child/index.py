"""Where a video's pictures can be cut, and what browsers call its codecs; part of the child's program."""

from itertools import pairwise
from typing import Any

import av
from probe import opened

MAX_KEYFRAMES = 200_000
LOOKED_AT = 720
GAP_SECONDS = 30
"""An index with a longer gap leaves keyframes out: the file is read then."""


def video_of(container: Any) -> Any:
    """The stream with pictures that move; raises ValueError for a file without."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic and stream.codec_context is not None:
            return stream
    raise ValueError("no video")


def index(path: str, demuxer: str) -> dict[str, Any]:
    """Times of keyframes in ticks of `num`/`den` seconds, by the clock that `is_decoding` names (when they are decoded or shown).

    `is_open`: browsers can begin at the first alone. `lead`: ticks to add to get when they are shown; `delay`: seconds that
    pictures may be held back to be put into order; `end`: seconds at which the last picture ends; `codecs`: stream index → what
    browsers call it, "" for what no MP4 takes.
    """
    with opened(path, demuxer) as container:
        stream = video_of(container)
        base = stream.time_base
        is_decoding = demuxer == "mov"
        container.seek(0)
        delay, is_open = _delay(container, stream)
        container.seek(0)
        ticks, lead = _first(container, stream, is_decoding)
        entries = sorted({e.timestamp for e in stream.index_entries if e.is_keyframe and not e.is_discard})
        end = _end(container, stream)
        if not _is_whole(entries, base, end):
            is_decoding, lead = False, 0
            entries = _read(container, stream)
        keys = [tick for tick in entries if tick >= ticks][:MAX_KEYFRAMES] or [ticks]
        rate = float(stream.average_rate or stream.guessed_rate or 24) or 24.0
        return {
            "ticks": keys,
            "num": base.numerator,
            "den": base.denominator,
            "is_decoding": is_decoding,
            "is_open": is_open,
            "lead": lead,
            "delay": max(float(delay * base), max(1, stream.codec_context.has_b_frames) / rate),
            "end": max(end, float((keys[-1] + lead) * base) + 1 / rate),
            "bit_rate": max(0, container.bit_rate or 0),
            "rate": rate,
            "width": stream.codec_context.width,
            "height": stream.codec_context.height,
            "video": stream.index,
            "codecs": {str(s.index): _codec(s) for s in container.streams if s.type in ("video", "audio")},
        }


def _first(container: Any, stream: Any, is_decoding: bool) -> tuple[int, int]:
    """The first keyframe's tick, and how much later than that it is shown."""
    for count, packet in enumerate(container.demux(stream)):
        if packet.is_keyframe and packet.pts is not None and not packet.is_discard:
            if not is_decoding:
                return packet.pts, 0
            if packet.dts is not None:
                return packet.dts, packet.pts - packet.dts
        if count > 500:
            break
    raise ValueError("its pictures have no times")


def _delay(container: Any, stream: Any) -> tuple[int, bool]:
    """Ticks that a picture at the beginning comes later than in the order of showing: what the file says of this is often wrong.

    And whether keyframes but the first are none to browsers, because pictures after them lean on those before (H.264, open GOPs).
    """
    most, keys = 0, 0
    is_fresh = stream.codec_context.name != "h264"
    shown: list[int] = []
    for count, packet in enumerate(container.demux(stream)):
        if not packet.size or packet.pts is None:
            continue
        if packet.is_keyframe:
            keys += 1
            is_fresh = is_fresh or (keys > 1 and _is_fresh(bytes(packet), bytes(stream.codec_context.extradata or b"")))
        if packet.is_keyframe or count > LOOKED_AT:
            most = max([most, *(a - b for a, b in zip(sorted(shown), shown, strict=True))])
            shown = []
        if count > LOOKED_AT:
            break
        shown.append(packet.pts)
    return most, keys > 1 and not is_fresh


def _is_fresh(data: bytes, extra: bytes) -> bool:
    """Whether an H.264 picture is an IDR."""
    if extra[:1] != b"\x01" or len(extra) < 5:
        return any(part and part[0] & 31 == 5 for part in data[: 64 * 1024].split(b"\0\0\1"))
    width, at = (extra[4] & 3) + 1, 0
    while at + width < len(data):
        if data[at + width] & 31 == 5:
            return True
        at += width + int.from_bytes(data[at : at + width], "big")
    return False


def _end(container: Any, stream: Any) -> float:
    length = container.duration / av.time_base if container.duration and container.duration > 0 else 0.0
    if stream.duration and stream.duration > 0:
        length = length or float(stream.duration * stream.time_base)
    return length + max(0.0, (container.start_time or 0) / av.time_base)


def _is_whole(entries: list[int], base: Any, end: float) -> bool:
    if not entries:
        return False
    times = [float(tick * base) for tick in entries] + [end]
    return max(b - a for a, b in pairwise(times)) < GAP_SECONDS and len(entries) > 1


def _read(container: Any, stream: Any) -> list[int]:
    container.seek(0)
    found = {p.pts for p in container.demux(stream) if p.is_keyframe and p.pts is not None and not p.is_corrupt}
    return sorted(found)


def _codec(stream: Any) -> str:
    codec = stream.codec_context
    if codec is None:
        return ""
    extra = bytes(codec.extradata or b"")
    if codec.name in ("h264", "libx264"):
        return _avc(extra)
    if codec.name == "hevc":
        return _hevc(extra)
    if codec.name in ("av1", "libdav1d", "libaom-av1"):
        return _av1(extra)
    name = codec.name.removeprefix("lib")
    if name in ("vp9", "vpx-vp9"):
        return "vp09.02.40.10" if "2" in str(stream.profile) else "vp09.00.40.08"
    return {"aac": "mp4a.40.2", "opus": "opus", "flac": "flac"}.get(name, "")


def _avc(extra: bytes) -> str:
    if extra[:1] == b"\x01" and len(extra) > 4:
        return f"avc1.{extra[1:4].hex()}"
    at = next((i for i in range(len(extra) - 6) if extra[i : i + 3] == b"\0\0\1" and extra[i + 3] & 31 == 7), None)
    return f"avc1.{extra[at + 4 : at + 7].hex()}" if at is not None else "avc1.640029"


def _hevc(extra: bytes) -> str:
    if extra[:1] != b"\x01" or len(extra) < 13:
        return "hvc1.1.6.L120.90"
    space = ("", "A", "B", "C")[extra[1] >> 6]
    compatible = int(f"{int.from_bytes(extra[2:6], 'big'):032b}"[::-1], 2)
    tier = "H" if extra[1] & 0x20 else "L"
    rest = extra[6:12].rstrip(b"\0")
    return f"hvc1.{space}{extra[1] & 31}.{compatible:x}.{tier}{extra[12]}" + "".join(f".{byte:x}" for byte in rest)


def _av1(extra: bytes) -> str:
    if extra[:1] != b"\x81" or len(extra) < 3:
        return "av01.0.08M.08"
    depth = 8 if not extra[2] & 0x40 else 12 if extra[2] & 0x20 else 10
    return f"av01.{extra[1] >> 5}.{extra[1] & 31:02d}{'H' if extra[2] & 0x80 else 'M'}.{depth:02d}"
