"""A track as a row of pieces that are fetched in parallel and appended in order."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from downloads.hls.playlists import ByteRange, Key, MediaPlaylist, Rendition, Segment


@dataclass(frozen=True, slots=True)
class Piece:
    """`part` is the number of the file that it is appended to; `seconds` what it lasts, 0 for what is no time (a beginning)."""

    url: str
    part: int
    seconds: float
    sequence: int
    span: ByteRange | None = None
    key: Key | None = None

    def identity(self) -> str:
        """What it is, whoever signed its address."""
        where = f"{self.span.offset}+{self.span.length}" if self.span else ""
        return f"{self.part} {self.sequence} {self.seconds:.3f} {urlsplit(self.url).path} {where}"


@dataclass(frozen=True, slots=True)
class TrackPlan:
    """One track: its pieces, what is known of it, and `headers` for its requests. `gaps` in seconds, (start, end)."""

    number: int
    kind: str
    pieces: tuple[Piece, ...]
    rendition: Rendition | None = None
    gaps: tuple[tuple[float, float], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""

    def identity(self) -> str:
        """A hash of what is to be fetched: another one is another stream. `mark` adds what addresses do not tell (an ETag)."""
        told = hashlib.sha256(f"{self.kind} {self.mark}\n".encode())
        for piece in self.pieces:
            told.update(piece.identity().encode() + b"\n")
        return told.hexdigest()

    @property
    def is_file(self) -> bool:
        """Pieces of one file, not segments of a stream: they begin anywhere."""
        return bool(self.mark)

    @property
    def seconds(self) -> float:
        """What all pieces last."""
        return sum(piece.seconds for piece in self.pieces)


def pieces_of(segments: Sequence[Segment], *, are_texts: bool = False) -> tuple[Piece, ...]:
    """Segments in order, gaps left out. A new part begins with another beginning (`Map`) and after a discontinuity; texts
    have a head each and become parts of their own.
    """
    made: list[Piece] = []
    part, before = -1, None
    for segment in segments:
        if segment.is_gap:
            continue
        here = (segment.run, segment.map)
        if here != before or are_texts:
            part, before = part + 1, here
            if segment.map is not None:
                begin = segment.map
                made.append(Piece(begin.uri, part, 0.0, segment.sequence, begin.byte_range, begin.key))
        made.append(Piece(segment.uri, part, segment.duration, segment.sequence, segment.byte_range, segment.key))
    return tuple(made)


def gaps_of(playlist: MediaPlaylist) -> tuple[tuple[float, float], ...]:
    """The spans (seconds from the beginning) that a playlist says it lacks, neighbours joined."""
    found: list[tuple[float, float]] = []
    at = 0.0
    for segment in playlist.segments:
        end = at + segment.duration
        if segment.is_gap:
            if found and found[-1][1] == at:
                found[-1] = (found[-1][0], end)
            else:
                found.append((at, end))
        at = end
    return tuple(found)
