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
import numpy
from index import video_of
from probe import opened

MOVFLAGS = "empty_moov+default_base_moof+frag_custom"
RATE = 48_000
FRAME = 1024
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
        make_sound = _copied_sound if way == "audio" else _encoded_sound
        return writer.all(make_sound(container, chosen, seconds, shift))


class Writer:
    """Puts pieces into place, each whole or not at all."""

    def __init__(self, folder: Path, name: str, first: int, stop: str) -> None:
        self.folder, self.name, self.number, self.stop = folder, name, first, Path(stop)

    def all(self, made: Iterator[bytes]) -> int:
        count = 0
        for data in made:
            head, rest = _parted(data)
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


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """The head (`ftyp`, `moov`) and the fragments of an MP4."""
    at, head, rest = 0, b"", b""
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:
            break
        box = data[at : at + size]
        if kind in (b"ftyp", b"moov"):
            head += box
        elif kind in (b"moof", b"mdat"):
            rest += box
        at += size
    return head, rest


def _muxed(prepare: Callable[[Any], Any], packets: list[Any]) -> bytes:
    begins = packets[0].dts * packets[0].time_base if packets else Fraction(0)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4", options={"movflags": MOVFLAGS, "strict": "-2"}) as out:
        stream = prepare(out)
        for packet in packets:
            packet.stream = stream
            out.mux(packet)
        out.start_encoding()
        ticks = round(begins / stream.time_base)
    return _begun_at(buffer.getvalue(), ticks)


def _begun_at(data: bytes, ticks: int) -> bytes:
    """The muxer counts from 0 in every piece: say when it begins, in ticks of its track."""
    moof = data.find(b"moof")
    at = data.find(b"tfdt", moof) if moof >= 0 else -1
    if at < 0:
        return data
    if data[at + 4] != 1:
        raise ValueError("the muxer writes short times")
    return data[: at + 8] + ticks.to_bytes(8, "big") + data[at + 16 :]


def _copy_of(source: Any) -> Callable[[Any], Any]:
    def prepare(out: Any) -> Any:
        try:
            stream = out.add_stream_from_template(source)
        except ValueError:  # PyAV looks for an encoder of the decoder's name
            return out.add_stream_from_template(source, opaque=True)
        if source.codec_context.name == "hevc":
            stream.codec_context.codec_tag = "hvc1"
        return stream

    return prepare


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
        yield _muxed(_copy_of(source), [packet for packet in packets if packet.dts >= 0])


def _encoded_video(container: Any, source: Any, shown: list[float], shift: Fraction, height: int) -> Iterator[bytes]:
    """Pictures by when they are shown (ticks): those that lean on the piece before are where they belong, too."""
    source.codec_context.thread_type = "AUTO"
    at, piece = 0, Pictures(source, shift, height)
    for packet in container.demux(source):
        for frame in _decoded(packet):
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
        return _begun_at(self.buffer.getvalue(), begins)


def _grouped(packets: Iterator[Any], seconds: list[float], shift: float) -> Iterator[list[Any]]:
    """Packets of sound, grouped by the span in which they begin, and moved."""
    at = 0
    held: list[Any] = []
    for packet in packets:
        begins = float(packet.pts * packet.time_base) + 1e-6
        if begins < seconds[0]:
            continue
        while begins >= seconds[at + 1]:
            yield held
            held = []
            at += 1
            if at == len(seconds) - 1:
                return
        packet.pts += round(shift / packet.time_base)
        packet.dts = packet.pts
        if packet.pts >= 0:
            held.append(packet)
    yield held


def _copied_sound(container: Any, source: Any, seconds: list[float], shift: float) -> Iterator[bytes]:
    def packets() -> Iterator[Any]:
        for packet in container.demux(source):
            if packet.pts is not None and packet.size:
                packet.time_base = source.time_base
                yield packet

    for held in _grouped(packets(), seconds, shift):
        yield _muxed(_copy_of(source), held)


def _encoded_sound(container: Any, source: Any, seconds: list[float], shift: float) -> Iterator[bytes]:
    encoder = av.CodecContext.create("aac", "w")
    _aac(encoder)

    def prepare(out: Any) -> Any:
        stream = out.add_stream("aac", rate=RATE)
        _aac(stream.codec_context)
        return stream

    begin = max(0, int(seconds[0] * RATE) // FRAME - 4) * FRAME

    def packets() -> Iterator[Any]:
        for number, samples in enumerate(_frames(container, source, begin)):
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
            frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
            frame.pts = begin + number * FRAME
            yield from encoder.encode(frame)
        yield from encoder.encode(None)

    for held in _grouped((p for p in packets() if p.pts is not None), seconds, shift):
        yield _muxed(prepare, held)


def _aac(codec: Any) -> None:
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = RATE, "stereo", "fltp", 160_000
    codec.time_base = Fraction(1, RATE)


def _frames(container: Any, source: Any, begin: int) -> Iterator[Any]:
    """Stereo sound in frames of `FRAME` samples from sample `begin` on; silence where the file has none."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
    held: list[Any] = []
    length, position = 0, begin  # of what is held; where the next sample belongs
    for packet in container.demux(source):
        for frame in _decoded(packet):
            frame.time_base = frame.time_base or source.time_base
            given = round(frame.pts * frame.time_base * RATE) if frame.pts is not None else None
            for made in resampler.resample(frame):
                samples = made.to_ndarray()
                if given is not None:
                    samples, position = _placed(samples, given, position, held)
                given = None
                position += samples.shape[1]
                if samples.shape[1]:
                    held.append(samples)
        length = sum(part.shape[1] for part in held)
        if length >= FRAME:
            whole = numpy.concatenate(held, axis=1)
            for at in range(0, length - FRAME + 1, FRAME):
                yield numpy.ascontiguousarray(whole[:, at : at + FRAME])
            held = [whole[:, length - length % FRAME :]]
    if held and (rest := numpy.concatenate(held, axis=1)).shape[1]:
        yield numpy.ascontiguousarray(numpy.pad(rest, ((0, 0), (0, FRAME - rest.shape[1] % FRAME)))[:, :FRAME])


def _placed(samples: Any, given: int, position: int, held: list[Any]) -> tuple[Any, int]:
    """The samples without what lies before `position`; a gap of more than 50 ms (at most a minute) is filled with silence."""
    if given < position - RATE // 20 or (given < position and not held):
        return samples[:, min(position - given, samples.shape[1]) :], position
    if given > position + RATE // 20 or (given > position and not held):
        silence = min(given - position, 60 * RATE)
        held.append(numpy.zeros((2, silence), dtype=samples.dtype))
        return samples, position + silence
    return samples, position


def _decoded(packet: Any) -> list[Any]:
    try:
        return list(packet.decode())
    except (av.FFmpegError, ValueError):
        return []  # a broken packet is a moment without sound
