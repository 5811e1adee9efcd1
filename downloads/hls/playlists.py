"""What playlists say, as values (RFC 8216 and its second edition)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `offset` to `offset + length` of a resource."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Key:
    """How segments are encrypted: `method` AES-128, AES-256 or AES-256-CTR. `iv` None: the segment's sequence number."""

    method: str
    uri: str
    iv: bytes | None = None


@dataclass(frozen=True, slots=True)
class Map:
    """The beginning that fMP4 segments need, encrypted as the segments around it when `key` is set."""

    uri: str
    byte_range: ByteRange | None = None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece. `duration` in seconds; `run` counts discontinuities before it; a gap is known not to be there."""

    uri: str
    duration: float
    sequence: int
    run: int = 0
    byte_range: ByteRange | None = None
    key: Key | None = None
    map: Map | None = None
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """A list of segments. Not `is_ended`: a live stream that goes on."""

    segments: tuple[Segment, ...]
    target_duration: int
    is_ended: bool
    is_iframes: bool = False

    @property
    def duration(self) -> float:
        """Seconds in all, gaps included."""
        return sum(segment.duration for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to watch. Bits a second, pixels; `audio` and `subtitles` name groups of renditions, "" none."""

    uri: str
    bandwidth: int
    width: int = 0
    height: int = 0
    codecs: str = ""
    frame_rate: float = 0.0
    audio: str = ""
    subtitles: str = ""


@dataclass(frozen=True, slots=True)
class Rendition:
    """Another sound or text of a group. `uri` "" is inside the variant itself. `language` as written (BCP 47)."""

    kind: str
    group: str
    name: str
    language: str = ""
    uri: str = ""
    is_default: bool = False
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class MasterPlaylist:
    """Variants and renditions; `variables` are what media playlists may import."""

    variants: tuple[Variant, ...]
    renditions: tuple[Rendition, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)

    def group(self, kind: str, name: str) -> tuple[Rendition, ...]:
        """The renditions of a group, in order."""
        return tuple(one for one in self.renditions if name and (one.kind, one.group) == (kind, name))
