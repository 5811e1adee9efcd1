"""What fetching takes and gives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.egress import Policy


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to fetch into `folder`, which is this download's own and keeps what was fetched so far.

    `kind` is "hls" or "mp4". `quality`: the greatest height wanted, 0 for the best. `languages` (BCP 47) are the sound
    and subtitles wanted, in order; empty takes all. `parallel` pieces are asked for at once. `policy` is asked for all addresses,
    whatever playlist they stand in.
    """

    url: str
    kind: str
    folder: Path
    policy: Policy
    quality: int = 0
    languages: tuple[str, ...] = ()
    parallel: int = 8


@dataclass(frozen=True, slots=True)
class Progress:
    """How far fetching is. `bytes_total` is 0 while nobody knows, an estimate while segments are counted; `percent` 0–100."""

    bytes_done: int
    bytes_total: int
    percent: float
    pieces_done: int = 0
    pieces_total: int = 0


@dataclass(frozen=True, slots=True)
class FetchedTrack:
    """One track on disk. `kind`: muxed, video, audio or subtitle. `format`: mpegts, mp4, aac, mp3, ac3 or webvtt — what ffmpeg is told
    by `-f`. `parts` follow each other in time; more than one where the stream has discontinuities that cannot be appended.
    """

    kind: str
    format: str
    parts: tuple[Path, ...]
    language: str = ""
    name: str = ""
    is_default: bool = False
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """`duration` is what the playlist promises (seconds, None: it promises nothing), `gaps` the spans (start, end) it says it lacks.

    `height` in pixels as the playlist says, 0 unknown. `size` in bytes on disk.
    """

    tracks: tuple[FetchedTrack, ...]
    size: int
    duration: float | None = None
    height: int = 0
    gaps: tuple[tuple[float, float], ...] = field(default=())


OnProgress = Callable[[Progress], None]
"""Called from the thread that fetches, at least once a second even when nothing comes; what it raises stops everything at once
and leaves on disk what is needed to go on.
"""
