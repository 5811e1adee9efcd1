"""What is inside a media file."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream. `kind` is video, audio, subtitle or attachment; `codec` as ffmpeg names it; `language` BCP 47 or "".

    `channels` and `sample_rate` (Hz) of sound, `width`, `height` (px) and `frame_rate` of pictures, `pixel_format` and
    `profile` decide whether a browser plays it. `index` is its place in the file.
    """

    index: int
    kind: str
    codec: str
    language: str = ""
    title: str = ""
    is_default: bool = False
    is_forced: bool = False
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    pixel_format: str = ""
    profile: str = ""
    channels: int = 0
    sample_rate: int = 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """A span of the file in seconds."""

    start: float
    end: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """`container` is mp4, matroska, webm or another kind of `media.kinds.DEMUXERS`, by its first bytes. `duration` in seconds (None:
    it does not say), `size` in bytes, names of tags in lower case.
    """

    container: str
    duration: float | None
    size: int
    bit_rate: int = 0
    streams: tuple[Stream, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()

    def of_kind(self, kind: str) -> tuple[Stream, ...]:
        """Its streams of one kind, in order."""
        return tuple(stream for stream in self.streams if stream.kind == kind)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "MediaInfo":
        """The inverse of `as_json` after a round trip through JSON."""
        return cls(
            **{
                **data,
                "streams": tuple(Stream(**stream) for stream in data.get("streams", ())),
                "chapters": tuple(Chapter(**chapter) for chapter in data.get("chapters", ())),
                "tags": tuple((str(name), str(value)) for name, value in data.get("tags", ())),
            }
        )
