"""Pieces of sound, copied or encoded anew; part of the child's program."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy
from fragments import copy_of, decoded, muxed

RATE = 48_000
FRAME = 1024


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


def copied_sound(container: Any, source: Any, seconds: list[float], shift: float) -> Iterator[bytes]:
    """A piece for each span between `seconds`; the container stands a little before the first."""

    def packets() -> Iterator[Any]:
        for packet in container.demux(source):
            if packet.pts is not None and packet.size:
                packet.time_base = source.time_base
                yield packet

    for held in _grouped(packets(), seconds, shift):
        yield muxed(copy_of(source), held)


def encoded_sound(container: Any, source: Any, seconds: list[float], shift: float) -> Iterator[bytes]:
    """As `copied_sound`, in AAC. Frames are counted from the file's beginning, each run begins a little early: they fit together."""
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
        yield muxed(prepare, held)


def _aac(codec: Any) -> None:
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = RATE, "stereo", "fltp", 160_000
    codec.time_base = Fraction(1, RATE)


def _frames(container: Any, source: Any, begin: int) -> Iterator[Any]:
    """Stereo sound in frames of `FRAME` samples from sample `begin` on; silence where the file has none."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
    held: list[Any] = []
    length, position = 0, begin  # of what is held; where the next sample belongs
    for packet in container.demux(source):
        for frame in decoded(packet):
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
