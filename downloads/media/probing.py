"""What is inside a file: read by PyAV in a child, so that a file made to do harm costs a child and not the worker."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from downloads.errors import MediaBroken
from downloads.media.children import children
from downloads.media.info import Chapter, MediaInfo, Stream
from downloads.media.kinds import DEMUXERS, media_kind
from downloads.media.languages import language_read

SECONDS = 20.0


def probe(path: Path, *, seconds: float = SECONDS, beat: Callable[[], None] | None = None) -> MediaInfo:
    """Streams, chapters, tags and length of a local file. Only the beginning and the index are read.

    What the file is, its first bytes say, never its name. Raises `MediaUnsafe` for what is no media file (a playlist, a page, a
    program …) and `MediaBroken` for what cannot be read within `seconds`.
    """
    return probe_told(path, seconds=seconds, beat=beat)[2]


def probe_told(
    path: Path, *, seconds: float = SECONDS, beat: Callable[[], None] | None = None
) -> tuple[str, dict[str, Any], MediaInfo]:
    """As `probe`, with the kind of the file and what the child said of it in full."""
    kind = media_kind(path)
    told = children().ask("probe", seconds=seconds, beat=beat, path=str(path.absolute()), demuxer=DEMUXERS[kind])
    try:
        return kind, told, info_of(told, container=_container(path, kind), size=path.stat().st_size)
    except OSError as error:
        raise MediaBroken() from error


def info_of(told: dict[str, Any], *, container: str, size: int) -> MediaInfo:
    """The value of what a child said."""
    streams = []
    for stream in told["streams"]:
        stream = {name: value for name, value in stream.items() if name != "duration"}
        streams.append(Stream(**{**stream, "language": language_read(stream["language"])}))
    return MediaInfo(
        container=container,
        duration=told["duration"],
        size=size,
        bit_rate=told["bit_rate"],
        streams=tuple(streams),
        chapters=tuple(Chapter(**chapter) for chapter in told["chapters"]),
        tags=tuple((name, value) for name, value in told["tags"]),
    )


def _container(path: Path, kind: str) -> str:
    """The kind, WebM told from Matroska."""
    if kind != "matroska":
        return kind
    with path.open("rb") as file:
        return "webm" if b"webm" in file.read(128) else kind
