"""What is made of library files for players: seek pictures, texts, openings. Below `DERIVED_ROOT`, under names of ours.

A folder is `<what>/<file id>-<key>`, the key of size and time of change: the same file is worked on once, a changed one anew. All
of it may be deleted at any time; it is made again.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog.facade import (
    SubtitleDraft,
    TimecodeSpans,
    subtitles_below,
    subtitles_put,
    subtitles_remove,
    thumbnails_set,
    timecodes_propose,
)
from downloads.library.paths import path_raw, root_real, source_path
from downloads.media.openings import Marks, openings_find
from downloads.media.probing import probe
from downloads.media.remux_plan import TEXTS
from downloads.media.sound import Fingerprint, sound_fingerprint
from downloads.media.subtitles import subtitles_extract
from downloads.media.thumbnails import TRACK, thumbnails_make
from downloads.models import FileState, LibraryFile
from downloads.serving.roots import derived_root, library_root

CONFIDENCE = 45
"""Openings and endings below this confidence are not proposed: two episodes that agree well have it."""
LEFT_SECONDS = 6 * 3600
Beat = Callable[[], None]
OnProgress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Asset:
    """A library file as it is on the disk now."""

    row: LibraryFile
    path: Path
    key: str

    @property
    def name(self) -> str:
        """Of everything that is made of it."""
        return f"{self.row.pk}-{self.key}"


def asset_of(row: LibraryFile) -> Asset | None:
    """The file of a row, None where it is gone or its path leads out of the library."""
    root = root_real(library_root())
    path = os.path.realpath(f"{root}/{path_raw(row.path)}")
    if not path.startswith(f"{root}/") or row.state == FileState.GONE:
        return None
    try:
        stat = Path(path).stat()
    except OSError:
        return None
    key = hashlib.sha256(f"{row.pk}:{stat.st_size}:{stat.st_mtime_ns}".encode()).hexdigest()[:16]
    return Asset(row, Path(path), key)


def thumbnails_asset(asset: Asset, *, on_progress: OnProgress | None = None, beat: Beat | None = None) -> bool:
    """Seek pictures for every source that plays the file; whether any source got them. Raises as `thumbnails_make`."""
    with _made("thumbnails", asset) as folder:
        if folder:
            thumbnails_make(asset.path, folder, on_progress=on_progress, beat=beat)
    stored = f"derived:thumbnails/{asset.name}/{TRACK}"
    return thumbnails_set(path=source_path(asset.row.path), thumbnails=stored) > 0


def subtitles_asset(asset: Asset, *, on_progress: OnProgress | None = None, beat: Beat | None = None) -> int:
    """The texts in the file as tracks of its episodes; how many are new. Those of the file as it was before go.

    Raises as `subtitles_extract`.
    """
    row = asset.row
    if row.anime_id is None or row.first is None:
        return 0
    info = probe(asset.path, beat=beat)
    with _made("subtitles", asset) as folder:
        if folder:
            subtitles_extract(asset.path, folder, info=info, on_progress=on_progress, beat=beat)
    folder = derived_root() / "subtitles" / asset.name
    stored = f"derived:subtitles/{asset.name}/"
    found = [stream for stream in info.of_kind("subtitle") if stream.codec in TEXTS]
    texts = {f"{number:02d}": stream for number, stream in enumerate(found)}
    drafts = []
    for path in sorted(folder.glob("[0-9][0-9].*")):
        stream = texts.get(path.stem)
        for number in range(row.first, (row.last or row.first) + 1):
            drafts.append(
                SubtitleDraft(
                    episode_kind=row.episode_kind,
                    number=number,
                    language=(stream.language if stream else "") or "und",
                    format=path.suffix[1:],
                    path=stored + path.name,
                    label=stream.title if stream else "",
                    is_forced=bool(stream and stream.is_forced),
                )
            )
    old = {path for path in subtitles_below(f"derived:subtitles/{row.pk}-") if not path.startswith(stored)}
    subtitles_remove(paths=old)
    return subtitles_put(puts={row.anime_id: drafts})


def fingerprint_asset(asset: Asset, *, on_progress: OnProgress | None = None, beat: Beat | None = None) -> Fingerprint:
    """The fingerprint of the file's sound, kept on the disk (80 bytes for each second of it). Raises as `sound_fingerprint`."""
    folder = derived_root() / "sound" / asset.name
    with _made("sound", asset) as making:
        if making:
            made = sound_fingerprint(asset.path, folder=making, on_progress=on_progress, beat=beat)
            (making / "sound.bin").write_bytes(made.to_bytes())
    try:
        return Fingerprint.from_bytes((folder / "sound.bin").read_bytes())
    except (OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
        return sound_fingerprint(asset.path, on_progress=on_progress, beat=beat)


def openings_propose(*, anime_id: int, found: dict[int, Marks]) -> list[int]:
    """Put what was found, {episode: marks}, where nobody has reviewed the episode; the numbers that got it."""
    spans = {number: spans for number, marks in found.items() if (spans := _spans(marks))}
    return timecodes_propose(anime_id=anime_id, spans=spans)


def openings_of(prints: dict[int, Fingerprint], *, beat: Beat | None = None) -> dict[int, Marks]:
    """Opening and ending by number of episode."""
    numbers = sorted(prints)
    found = openings_find([prints[number] for number in numbers], beat=beat)
    return dict(zip(numbers, found, strict=True))


def _spans(marks: Marks) -> TimecodeSpans | None:
    opening = marks.opening if marks.opening and marks.opening.confidence >= CONFIDENCE else None
    ending = marks.ending if marks.ending and marks.ending.confidence >= CONFIDENCE else None
    if not opening and not ending:
        return None
    return TimecodeSpans(
        intro_start=opening.start if opening else None,
        intro_end=opening.end if opening else None,
        outro_start=ending.start if ending else None,
        outro_end=ending.end if ending else None,
    )


@contextmanager
def _made(what: str, asset: Asset) -> Iterator[Path | None]:
    """A folder to fill, which takes its place when all went well; None where it has been made. Older ones of the file go then."""
    place = derived_root() / what / asset.name
    if place.is_dir():
        yield None
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    making = place.with_name(f".{asset.name}.making-{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    try:
        yield making
        try:
            making.rename(place)
        except OSError:
            # another worker was first: what it made is the same
            if not place.is_dir():
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    for other in place.parent.glob(f"{asset.row.pk}-*"):
        if other.name != asset.name:
            shutil.rmtree(other, ignore_errors=True)
    for left in place.parent.glob(".*.making-*"):
        # what a killed worker left; one that works on another file is not disturbed
        if left.stat().st_mtime < time.time() - LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
