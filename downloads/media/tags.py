"""What is written into a file beside its streams: title, numbers, chapters."""

from collections.abc import Iterable
from dataclasses import dataclass

from downloads.media.info import Chapter

MAX_TEXT = 4000
MAX_TITLE = 500


@dataclass(frozen=True, slots=True)
class Metadata:
    """Of one episode or film. Texts are taken as they are, whatever signs are in them; "" and None are left out."""

    title: str = ""
    show: str = ""
    season: int | None = None
    episode: int | None = None
    year: int | None = None
    description: str = ""


def chapter_times(chapters: Iterable[Chapter]) -> str:
    """An `ffmetadata` input with the times of the chapters alone: no text of anybody is in it.

    The empty title stands for those that have none: MP4 would pass over them, and the one before would last on.
    """
    lines = [";FFMETADATA1"]
    for chapter in chapters:
        start, end = _thousandths(chapter)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={end}", "title="]
    return "\n".join(lines) + "\n"


def chapters_ordered(chapters: Iterable[Chapter]) -> list[Chapter]:
    """By their start, without those that last no time."""
    kept = [chapter for chapter in chapters if _thousandths(chapter)[1] > _thousandths(chapter)[0]]
    return sorted(kept, key=lambda chapter: chapter.start)


def text_arguments(metadata: Metadata, chapters: Iterable[Chapter]) -> list[str]:
    """The texts as arguments of ffmpeg: each the value of an option, so none is an option, and nothing in it has a meaning."""
    values = {
        "title": metadata.title,
        "show": metadata.show,
        "season_number": metadata.season,
        "episode_sort": metadata.episode,
        "date": metadata.year,
        "description": metadata.description,
    }
    arguments: list[str] = []
    for name, value in values.items():
        if value not in ("", None):
            arguments += ["-metadata", f"{name}={plain(str(value))}"]
    for number, chapter in enumerate(chapters):
        if chapter.title:
            arguments += [f"-metadata:c:{number}", f"title={plain(chapter.title)[:MAX_TITLE]}"]
    return arguments


def _thousandths(chapter: Chapter) -> tuple[int, int]:
    return round(max(0.0, chapter.start) * 1000), round(chapter.end * 1000)


def chapters_filled(chapters: Iterable[Chapter], duration: float) -> list[Chapter]:
    """The chapters with untitled ones between them, so that each ends where it ends: in MP4 one lasts until the next begins."""
    filled: list[Chapter] = []
    at = 0.0
    for chapter in sorted(chapters, key=lambda chapter: chapter.start):
        start = max(at, chapter.start)
        if chapter.end <= start:
            continue
        if start > at:
            filled.append(Chapter(at, start))
        filled.append(Chapter(start, chapter.end, chapter.title))
        at = chapter.end
    if filled and duration > at:
        filled.append(Chapter(at, duration))
    return filled


def plain(text: str) -> str:
    """Without NUL, carriage returns and halves of signs, at most `MAX_TEXT` long."""
    whole = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return whole.encode("utf-8", "ignore").decode()[:MAX_TEXT]
