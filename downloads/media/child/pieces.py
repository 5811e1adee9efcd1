"""Pieces of one stream as fragmented MP4, each of exactly the span that a playlist says; part of the child's program.

Pieces of one stream fit together whichever run made them: times are those of the file, moved by the same `shift`; sound that has
to be encoded anew is cut into the same frames, counted from the file's beginning, and every run begins a little early.
"""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from fragments import MOVFLAGS, begun_at, copy_of, decoded, muxed, parted
from index import video_of
from probe import opened
from sounds import copied_sound, encoded_sound

EARLY_SECONDS = 2.0
MAX_HELD = 256 * 1024**2
"""Bytes of one piece: a stream whose keyframes lie further apart is refused."""


def pieces(
    path: str,
    demuxer: str,
    stream: int,
    way: str,
    bounds: list[int],
    num: int,
    den: int,
    is_decoding: bool,
    lead: int,
    shift: float,
    is_last: bool,
    first: int,
    folder: str,
    name: str,
    stop: str,
    height: int = 0,
) -> int:
    """Write `<name>-<number>.m4s` into `folder` for the spans between `bounds` (ticks), from number `first` on, and `<name>-init.mp4`.

    `way`: `video` and `audio` copy, `aac` and `h264` encode. `is_last`: the last span goes on to the file's end.
    Progress is told as a number after each; once a file `stop` exists no further one is begun. Returns how many were made.
    """
    base = Fraction(num, den)
    with opened(path, demuxer) as container:
        chosen = container.streams[stream]
        seconds = [float((tick + lead) * base) for tick in bounds]
        if is_last:
            seconds[-1] = float("inf")
        writer = Writer(Path(folder), name, first, stop)
        if way in ("video", "h264"):
            if chosen is not video_of(container):
                raise ValueError("another stream than was asked for")
            late = Fraction(shift).limit_denominator(1_000_000)
            # Without an index a demuxer may land behind the picture that it was told to find.
            early = 1 if demuxer in ("mov", "matroska") else round(5 / base)
            if way == "h264":
                container.seek(bounds[0] - early, stream=chosen)
                shown = [*(tick + lead for tick in bounds[:-1]), float("inf") if is_last else bounds[-1] + lead]
                return writer.all(_encoded_video(container, chosen, shown, late, height))
            clock = (lambda p: p.dts) if is_decoding else (lambda p: p.pts)
            container.seek(bounds[0] - (0 if early == 1 else early), stream=chosen)
            return writer.all(_copied_video(chosen, _spans(container.demux(chosen), bounds, clock, is_last), late))
        container.seek(max(0, int((seconds[0] - EARLY_SECONDS) * av.time_base)))
        make_sound = copied_sound if way == "audio" else encoded_sound
        return writer.all(make_sound(container, chosen, seconds, shift))


class Writer:
    """Puts pieces into place, each whole or not at all."""

    def __init__(self, folder: Path, name: str, first: int, stop: str) -> None:
        self.folder, self.name, self.number, self.stop = folder, name, first, Path(stop)

    def all(self, made: Iterator[bytes]) -> int:
        count = 0
        for data in made:
            head, rest = parted(data)
            if not (self.folder / f"{self.name}-init.mp4").exists():
                self._put(f"{self.name}-init.mp4", head)
            self._put(f"{self.name}-{self.number:05d}.m4s", rest)
            sys.stdout.write(json.dumps({"progress": self.number}) + "\n")
            sys.stdout.flush()
            self.number += 1
            count += 1
            if self.stop.exists():
                break
        return count

    def _put(self, name: str, data: bytes) -> None:
        part = self.folder / f".{name}.{os.getpid()}"
        part.write_bytes(data)
        part.replace(self.folder / name)


def _spans(packets: Any, bounds: list[int], clock: Callable[[Any], Any], is_last: bool) -> Iterator[list[Any]]:
    """The packets of each span, cut where the keyframe at its end comes."""
    at, size = -1, 0
    held: list[Any] = []
    for packet in packets:
        if packet.pts is None or not packet.size:
            continue
        tick = clock(packet) if clock(packet) is not None else packet.pts
        if packet.is_keyframe and tick >= bounds[at + 1] and not (is_last and at == len(bounds) - 2):
            if at >= 0:
                yield held
                held, size = [], 0
            at += 1
            if at == len(bounds) - 1:
                return
            if tick >= bounds[at + 1] and not (is_last and at == len(bounds) - 2):
                raise ValueError("a keyframe is not where it was")
        if at >= 0:
            held.append(packet)
            size += packet.size
            if size > MAX_HELD:
                raise ValueError("its keyframes lie too far apart")
    if held:
        yield held


def _copied_video(source: Any, spans: Iterator[list[Any]], shift: Fraction) -> Iterator[bytes]:
    ticks = max(1, round(shift / source.time_base))
    for packets in spans:
        # Files say when a picture is decoded badly or not at all. Shown in order and `shift` late, each is decoded in time.
        decoded = sorted(packet.pts for packet in packets)
        for packet, dts in zip(packets, decoded, strict=True):
            packet.pts, packet.dts = max(packet.pts + ticks, dts), dts
            packet.time_base = source.time_base
        yield muxed(copy_of(source), [packet for packet in packets if packet.dts >= 0])


def _encoded_video(container: Any, source: Any, shown: list[float], shift: Fraction, height: int) -> Iterator[bytes]:
    """Pictures by when they are shown (ticks): those that lean on the piece before are where they belong, too."""
    source.codec_context.thread_type = "AUTO"
    at, piece = 0, Pictures(source, shift, height)
    for packet in container.demux(source):
        for frame in decoded(packet):
            if frame.pts is None or frame.pts < shown[0]:
                continue
            while frame.pts >= shown[at + 1]:
                yield piece.whole()
                at, piece = at + 1, Pictures(source, shift, height)
                if at == len(shown) - 1:
                    return
            piece.add(frame)
    yield piece.whole()


class Pictures:
    """One piece of pictures that are made anew, at most `height` pixels high; each is encoded when it comes, none is held."""

    def __init__(self, source: Any, shift: Fraction, height: int) -> None:
        codec = source.codec_context
        self.base, self.late = source.time_base, round(shift / source.time_base)
        self.tall = min(height, codec.height) // 2 * 2
        self.wide = round(codec.width * self.tall / codec.height / 2) * 2
        options = {"preset": "veryfast", "crf": "23", "bf": "0", "profile": "high", "level": "4.0"}
        self.buffer = io.BytesIO()
        self.out = av.open(self.buffer, "w", format="mp4", options={"movflags": MOVFLAGS})
        self.stream = self.out.add_stream("libx264", rate=source.average_rate or 24, options=options)
        self.stream.width, self.stream.height, self.stream.pix_fmt = self.wide, self.tall, "yuv420p"
        self.stream.codec_context.time_base = self.base
        self.begins: int | None = None

    def add(self, frame: Any) -> None:
        made = frame.reformat(self.wide, self.tall, "yuv420p")
        made.pts, made.time_base, made.pict_type = frame.pts + self.late, self.base, 0
        self.begins = made.pts if self.begins is None else self.begins
        self.out.mux(self.stream.encode(made))

    def whole(self) -> bytes:
        """The piece; nothing can be added any more."""
        self.out.mux(self.stream.encode(None))
        begins = round((self.begins or 0) * self.base / self.stream.time_base)
        self.out.close()
        return begun_at(self.buffer.getvalue(), begins)
