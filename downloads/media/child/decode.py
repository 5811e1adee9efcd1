"""Whether a file decodes at a few places; part of the child's program."""

from typing import Any

import av
from probe import opened

PACKETS = 600
"""So many packets are read at one place before it is given up."""
FRAMES = 3
"""So many whole frames of each stream show that a place decodes."""


def decode_points(path: str, demuxer: str, points: list[float], is_whole: bool = True) -> list[dict[str, Any]]:
    """For each point (seconds): per stream index how many frames were whole, and the time of the last.

    The last point is read to the end of the file (at most `PACKETS` × 20 packets) where the file `is_whole`.
    """
    with opened(path, demuxer) as container:
        streams = [stream for stream in container.streams if stream.type in ("video", "audio") and _decodes(stream)]
        for stream in streams:
            stream.thread_type = "SLICE"
        return [_at(container, streams, point, is_last=is_whole and point == points[-1]) for point in points]


def _decodes(stream: Any) -> bool:
    if stream.disposition & av.stream.Disposition.attached_pic or stream.codec_context is None:
        return False
    return stream.type == "audio" or bool(stream.codec_context.width)


def _at(container: Any, streams: list[Any], point: float, *, is_last: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"point": point, "frames": {str(s.index): 0 for s in streams}, "last": 0.0, "errors": 0}
    for stream in streams:
        stream.codec_context.flush_buffers()
    begin = (container.start_time or 0) / av.time_base
    try:
        container.seek(int((point + begin) * av.time_base))
        for count, packet in enumerate(container.demux(streams)):
            if packet.pts is not None and packet.time_base:
                ends = float((packet.pts + (packet.duration or 0)) * packet.time_base) - begin
                told["last"] = max(told["last"], ends)
            _decode(packet, told)
            if not is_last and all(n >= FRAMES for n in told["frames"].values()):
                break
            if count >= PACKETS * (20 if is_last else 1):
                break
    except (av.FFmpegError, OSError) as error:
        told["errors"] += 1
        told["detail"] = str(error)[:200]
    return told


def _decode(packet: Any, told: dict[str, Any]) -> None:
    key = str(packet.stream.index)
    if told["frames"][key] >= FRAMES * 20:
        return
    try:
        for frame in packet.decode():
            told["frames"][key] += not frame.is_corrupt
    except (av.FFmpegError, ValueError):
        told["errors"] += 1
