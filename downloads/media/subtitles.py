"""Texts and fonts taken out of a file: WebVTT for every text, ASS beside it where that is what it was, fonts under names of ours."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from downloads.errors import MediaBroken
from downloads.media.ffmpeg import ffmpeg_run, file_argument
from downloads.media.info import MediaInfo, Stream
from downloads.media.kinds import DEMUXERS, media_kind
from downloads.media.probing import probe
from downloads.media.remux_plan import FONTS, TEXTS

MAX_TEXTS = 40
MAX_FONTS = 60
MAX_FONT_BYTES = 24 * 1024**2
MAX_TEXT_BYTES = 16 * 1024**2
SECONDS = 60.0
BYTES_A_SECOND = 4 * 1024**2
STYLED = frozenset({"ass", "ssa"})
_FONT_STARTS = (b"\x00\x01\x00\x00", b"OTTO", b"ttcf", b"true")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text that was taken out: stream `index` of the file, as `format` (vtt or ass) at `path`."""

    path: Path
    format: str
    index: int
    language: str
    title: str
    is_default: bool
    is_forced: bool


@dataclass(frozen=True, slots=True)
class Texts:
    """What was found in one file. Fonts are there only where an ASS may ask for them."""

    files: tuple[TextFile, ...] = ()
    fonts: tuple[Path, ...] = field(default=())


def subtitles_extract(
    path: Path,
    folder: Path,
    *,
    info: MediaInfo | None = None,
    on_progress: Callable[[float], None] | None = None,
    beat: Callable[[], None] | None = None,
) -> Texts:
    """Write the texts of `path` into `folder`, which is the caller's own, as `00.vtt`, `00.ass`, …, `font-000.ttf`, ….

    The file is read once from its beginning to its end. Nothing in it has a say in a name (threat 10); what calls itself a font
    and begins like none is thrown away. `on_progress` hears percent. Raises `MediaBroken`, `MediaUnsafe`, `FfmpegMissing`, `DiskFull`.
    """
    demuxer = DEMUXERS[media_kind(path)]
    info = info or probe(path, beat=beat)
    texts = [stream for stream in info.of_kind("subtitle") if stream.codec in TEXTS][:MAX_TEXTS]
    if not texts:
        return Texts()
    fonts = _fonts(info) if any(stream.codec in STYLED for stream in texts) else []
    arguments = []
    for place, name in fonts:
        arguments += [f"-dump_attachment:t:{place}", name]
    arguments += ["-f", demuxer, "-i", file_argument(path)]
    wanted = [(stream, form) for stream in enumerate(texts) for form in _forms(stream[1])]
    for (number, stream), form in wanted:
        arguments += ["-map", f"0:{stream.index}", "-map_metadata", "-1", "-map_chapters", "-1"]
        codec = "webvtt" if form == "vtt" else "copy"
        arguments += ["-c:s", codec, "-f", "webvtt" if form == "vtt" else "ass", f"{number:02d}.{form}"]

    def percent(seconds: float) -> None:
        if on_progress and info.duration:
            on_progress(min(100.0, 100 * seconds / info.duration))

    limit = SECONDS + info.size / BYTES_A_SECOND
    ffmpeg_run(arguments, folder=folder, seconds=limit, on_progress=percent, beat=beat).check(MediaBroken)
    files = [_file(folder, number, stream, form) for (number, stream), form in wanted]
    return Texts(tuple(file for file in files if file), tuple(_kept_fonts(folder, [name for _place, name in fonts])))


def _forms(stream: Stream) -> tuple[str, ...]:
    return ("vtt", "ass") if stream.codec in STYLED else ("vtt",)


def _fonts(info: MediaInfo) -> list[tuple[int, str]]:
    """Place among the attachments and our name for each font."""
    # covers of MP4 are streams of pictures, not attachments as ffmpeg counts them
    attached = [stream for stream in info.of_kind("attachment") if not stream.width and stream.codec in ("", *FONTS)]
    found = [(place, f"font-{place:03d}.{s.codec}") for place, s in enumerate(attached) if s.codec in FONTS]
    return found[:MAX_FONTS]


def _file(folder: Path, number: int, stream: Stream, form: str) -> TextFile | None:
    path = folder / f"{number:02d}.{form}"
    if not path.is_file() or path.is_symlink() or not 0 < path.stat().st_size <= MAX_TEXT_BYTES:
        path.unlink(missing_ok=True)
        return None
    return TextFile(path, form, stream.index, stream.language, stream.title, stream.is_default, stream.is_forced)


def _kept_fonts(folder: Path, names: list[str]) -> list[Path]:
    kept = []
    for path in (folder / name for name in names):
        if not path.is_file():
            continue
        with path.open("rb") as file:
            is_font = file.read(4).startswith(_FONT_STARTS)
        if is_font and path.stat().st_size <= MAX_FONT_BYTES:
            kept.append(path)
        else:
            path.unlink()
    return kept
