"""Fragmented MP4 from packets; part of the child's program."""

import io
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av

MOVFLAGS = "empty_moov+default_base_moof+frag_custom"


def parted(data: bytes) -> tuple[bytes, bytes]:
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


def muxed(prepare: Callable[[Any], Any], packets: list[Any]) -> bytes:
    """An MP4 of one fragment with these packets, whose times it keeps. `prepare` adds the stream to it."""
    begins = packets[0].dts * packets[0].time_base if packets else Fraction(0)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4", options={"movflags": MOVFLAGS, "strict": "-2"}) as out:
        stream = prepare(out)
        for packet in packets:
            packet.stream = stream
            out.mux(packet)
        out.start_encoding()
        ticks = round(begins / stream.time_base)
    return begun_at(buffer.getvalue(), ticks)


def begun_at(data: bytes, ticks: int) -> bytes:
    """The muxer counts from 0 in every piece: say when it begins, in ticks of its track."""
    moof = data.find(b"moof")
    at = data.find(b"tfdt", moof) if moof >= 0 else -1
    if at < 0:
        return data
    if data[at + 4] != 1:
        raise ValueError("the muxer writes short times")
    return data[: at + 8] + ticks.to_bytes(8, "big") + data[at + 16 :]


def copy_of(source: Any) -> Callable[[Any], Any]:
    """For `muxed`: a stream like `source`."""

    def prepare(out: Any) -> Any:
        try:
            stream = out.add_stream_from_template(source)
        except ValueError:  # PyAV looks for an encoder of the decoder's name
            return out.add_stream_from_template(source, opaque=True)
        if source.codec_context.name == "hevc":
            stream.codec_context.codec_tag = "hvc1"
        return stream

    return prepare


def decoded(packet: Any) -> list[Any]:
    """Its frames; none of a broken packet."""
    try:
        return list(packet.decode())
    except (av.FFmpegError, ValueError):
        return []
