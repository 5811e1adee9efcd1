"""What is written into a file beside its streams: title, numbers, chapters; as a text that ffmpeg reads (`ffmetadata`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from downloads.media.info import Chapter

MAX_TEXT = 4000
_SPECIAL = re.compile(r"([=;#\\\n])")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Of one episode or film. Texts are taken as they are, whatever signs are in them; "" and None are left out."""

    title: str = ""
    show: str = ""
    season: int | None = None
    episode: int | None = None
    year: int | None = None
    description: str = ""


def ffmetadata(metadata: Metadata, chapters: Iterable[Chapter]) -> str:
    """The text of an `ffmetadata` input. No value can begin a line, a section or another value."""
    values = {
        "title": metadata.title,
        "show": metadata.show,
        "season_number": metadata.season,
        "episode_sort": metadata.episode,
        "date": metadata.year,
        "description": metadata.description,
    }
    lines = [";FFMETADATA1"]
    lines += [f"{name}={escaped(str(value))}" for name, value in values.items() if value not in ("", None)]
    for chapter in sorted(chapters, key=lambda chapter: chapter.start):
        start, end = round(max(0.0, chapter.start) * 1000), round(chapter.end * 1000)
        if end > start:
            lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={end}", f"title={escaped(chapter.title)}"]
    return "\n".join(lines) + "\n"


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


def escaped(text: str) -> str:
    """A value as `ffmetadata` takes it literally; what cannot stand in a text is left out."""
    return _SPECIAL.sub(r"\\\1", plain(text))


def plain(text: str) -> str:
    """Without NUL, carriage returns and halves of signs, at most `MAX_TEXT` long."""
    whole = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return whole.encode("utf-8", "ignore").decode()[:MAX_TEXT]
