"""Tracks on disk looked at before they are joined: what their bytes are, what is inside, when they begin."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from downloads.errors import MediaBroken, MediaUnsafe, RemuxFailed
from downloads.fetching.contract import FetchedTrack
from downloads.media.info import MediaInfo, Stream
from downloads.media.kinds import DEMUXERS, HEAD_BYTES, SUBTITLES, id3_length
from downloads.media.probing import probe_told

_ID3_CLOCK = b"com.apple.streaming.transportStreamTimestamp\0"


@dataclass(frozen=True, slots=True)
class LookedTrack:
    """A track with its demuxer, the streams of its first part, the start of that on the stream's clock, its parts' seconds.

    `start` is None where nobody says, so 0 of the whole is meant.
    """

    track: FetchedTrack
    demuxer: str
    streams: tuple[Stream, ...]
    start: float | None
    durations: tuple[float, ...]
    size: int

    @property
    def is_subtitle(self) -> bool:
        return self.track.kind == "subtitle"


def tracks_look(tracks: Sequence[FetchedTrack], *, beat: Callable[[], None] | None = None) -> list[LookedTrack]:
    """Raises `MediaUnsafe`, `MediaBroken`, and `RemuxFailed` where the parts of a track do not fit together."""
    return [_look(track, beat) for track in tracks]


def _look(track: FetchedTrack, beat: Callable[[], None] | None) -> LookedTrack:
    if not track.parts:
        raise MediaBroken(_("A track has no parts."))
    found = [_part(path, track, beat) for path in track.parts]
    kinds = {kind for kind, _info, _start in found}
    shapes = {tuple((s.kind, s.codec) for s in info.streams if s.kind != "attachment") for _kind, info, _start in found}
    if len(kinds) > 1 or len(shapes) > 1:
        raise RemuxFailed(_("The parts of the stream are of different kinds and cannot be joined."))
    kind, info, start = found[0]
    return LookedTrack(
        track=track,
        demuxer=DEMUXERS[kind],
        streams=info.streams,
        start=start,
        durations=tuple(info.duration or 0.0 for _kind, info, _start in found),
        size=sum(info.size for _kind, info, _start in found),
    )


def _part(path: Path, track: FetchedTrack, beat: Callable[[], None] | None) -> tuple[str, MediaInfo, float | None]:
    """Its kind by its bytes (what was promised does not count), what is inside, when it starts."""
    kind, told, info = probe_told(path, beat=beat)
    if (kind in SUBTITLES) is not (track.kind == "subtitle"):
        raise MediaUnsafe(_("The file is no %(wanted)s but: %(kind)s.") % {"wanted": track.kind, "kind": kind})
    return kind, info, _start(path, kind, told)


def _start(path: Path, kind: str, told: dict[str, Any]) -> float | None:
    """Seconds on the clock of the stream. Raw sound carries it in an ID3 tag that HLS prescribes."""
    if kind in SUBTITLES:
        return None
    if kind in ("aac", "mp3", "ac3", "eac3"):
        with path.open("rb") as file:
            return id3_clock(file.read(HEAD_BYTES))
    start: float | None = told["start"]
    return start


def id3_clock(head: bytes) -> float | None:
    """Seconds of the MPEG clock (90 kHz, 33 bits) in the private frame that begins a piece of raw sound in HLS; None for none."""
    place = head[: id3_length(head)].find(_ID3_CLOCK)
    value = head[place + len(_ID3_CLOCK) :][:8]
    return (int.from_bytes(value, "big") & 0x1_FFFF_FFFF) / 90_000 if place >= 0 and len(value) == 8 else None
