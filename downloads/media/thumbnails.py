"""Pictures for the seek bar: sheets of small ones and a WebVTT file that says which is where."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from downloads.errors import MediaBroken
from downloads.media.children import children
from downloads.media.info import MediaInfo
from downloads.media.kinds import DEMUXERS, media_kind
from downloads.media.probing import probe

EVERY = 10.0
WIDTH, HEIGHT = 160, 90
COLUMNS, ROWS = 10, 10
MAX_PICTURES = 600
MAX_BYTES = 4 * 1024**2
QUALITIES = (70, 50, 30)
SECONDS = 600.0
TRACK = "thumbs.vtt"


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """`track` is the WebVTT file beside the sheets; `count` pictures, one per `every` seconds; `size` in bytes of all sheets."""

    track: Path
    sheets: tuple[Path, ...]
    count: int
    every: float
    size: int


def thumbnails_make(
    path: Path,
    folder: Path,
    *,
    info: MediaInfo | None = None,
    every: float = EVERY,
    max_bytes: int = MAX_BYTES,
    on_progress: Callable[[float], None] | None = None,
    beat: Callable[[], None] | None = None,
) -> Thumbnails:
    """One picture per `every` seconds (fewer where a film is long) on WebP sheets in `folder`, which is the caller's own.

    Only keyframes are read and decoded, by the file's index. Where the sheets are above `max_bytes`, they are made coarser, and rarer
    at last. Raises `MediaBroken` (no picture, no length), `MediaUnsafe`.
    """
    demuxer = DEMUXERS[media_kind(path)]
    info = info or probe(path, beat=beat)
    if not info.duration or not info.of_kind("video"):
        raise MediaBroken(_("There is no picture in it."))
    every = max(every, info.duration / MAX_PICTURES)
    for quality in (*QUALITIES, QUALITIES[-1], QUALITIES[-1]):
        times = picture_times(info.duration, every)
        made = children().ask(
            "pictures",
            seconds=SECONDS,
            beat=beat,
            on_progress=on_progress,
            path=str(path.absolute()),
            demuxer=demuxer,
            folder=str(folder.absolute()),
            times=times,
            width=WIDTH,
            height=HEIGHT,
            columns=COLUMNS,
            rows=ROWS,
            quality=quality,
        )
        sheets = tuple(folder / name for name in made["sheets"])
        size = sum(sheet.stat().st_size for sheet in sheets)
        if not any(made["found"]):
            raise MediaBroken(_("No picture of it decodes."))
        if size <= max_bytes:
            break
        for sheet in sheets:
            sheet.unlink()
        if quality == QUALITIES[-1]:
            every *= 2
    else:
        raise MediaBroken(_("Its pictures take too much space."))
    track = folder / TRACK
    track.write_text(track_text([sheet.name for sheet in sheets], times, info.duration), encoding="utf-8")
    return Thumbnails(track, sheets, len(times), every, size)


def picture_times(duration: float, every: float) -> list[float]:
    """The middle of each span of `every` seconds: what is shown for all of it."""
    count = max(1, int(duration // every) + (duration % every > 0.5))
    return [round(min(duration - 0.1, (place + 0.5) * every), 3) if duration > 0.2 else 0.0 for place in range(count)]


def track_text(sheets: list[str], times: list[float], duration: float) -> str:
    """The WebVTT file: a cue per picture, `sheet#xywh=x,y,width,height`."""
    lines = ["WEBVTT", ""]
    span = duration / len(times) if len(times) == 1 else times[1] - times[0]
    for place in range(len(times)):
        start, end = place * span, duration if place == len(times) - 1 else (place + 1) * span
        sheet, cell = divmod(place, COLUMNS * ROWS)
        x, y = cell % COLUMNS * WIDTH, cell // COLUMNS * HEIGHT
        if end > start:
            lines += [f"{_clock(start)} --> {_clock(end)}", f"{sheets[sheet]}#xywh={x},{y},{WIDTH},{HEIGHT}", ""]
    return "\n".join(lines)


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    return f"{thousandths // 3_600_000:02d}:{thousandths // 60_000 % 60:02d}:{thousandths // 1000 % 60:02d}.{thousandths % 1000:03d}"
