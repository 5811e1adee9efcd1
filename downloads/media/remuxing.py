"""Tracks joined into one file by copying their streams: a fast-start MP4 or a Matroska file, whole or not there at all."""

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from downloads.errors import MediaBroken, RemuxFailed
from downloads.fetching.contract import FetchedTrack
from downloads.media.ffmpeg import FfmpegOutcome, ffmpeg_run
from downloads.media.info import Chapter
from downloads.media.remux_plan import Plan, plan_make
from downloads.media.tags import Metadata, chapter_times, chapters_filled, chapters_ordered, text_arguments
from downloads.media.tracks import LookedTrack, tracks_look

SECONDS = 60.0
"""A run may take this long and a second more for each `BYTES_A_SECOND`: what the slowest disk still does."""
BYTES_A_SECOND = 2 * 1024**2


def remux_container(tracks: Sequence[FetchedTrack], *, wanted: str) -> str:
    """`wanted` ("mp4" or "mkv") where it can hold all the streams, else "mkv", which holds everything."""
    with contextlib.suppress(RemuxFailed):
        plan_make(tracks_look(tracks), container=wanted, has_metadata=False)
        return wanted
    return "mkv"


def remux(
    tracks: Sequence[FetchedTrack],
    target: Path,
    *,
    container: str = "mp4",
    chapters: Sequence[Chapter] = (),
    metadata: Metadata | None = None,
    subtitles: Sequence[FetchedTrack] = (),
    on_progress: Callable[[float], None] | None = None,
    beat: Callable[[], None] | None = None,
) -> None:
    """Copy the first video and all sound and text of `tracks` and `subtitles` into `target`, replacing what is there.

    Sound and text carry their language (ISO 639-2), name and flags; `chapters` and `metadata` are taken literally. In MP4 all
    texts become `mov_text` (ASS loses its styles); Matroska keeps ASS and fonts. `on_progress` hears percent (0–100); `beat` is called
    at least once a second and may raise. `target` appears whole and on the disk, or stays what it was; what a killed run left beside
    it is cleared by the next one. Raises `RemuxFailed` (MP4 cannot hold a codec: see `remux_container`), `MediaUnsafe`,
    `MediaBroken`, `DiskFull`, `FfmpegMissing`.
    """
    looked = tracks_look([*tracks, *subtitles], beat=beat)
    plan = plan_make(looked, container=container, has_metadata=True)
    folder = target.parent / f".{target.name[:100]}.joining"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        marks = chapters_filled(chapters, plan.duration) if container == "mp4" else chapters_ordered(chapters)
        _write_inputs(folder, looked, plan, chapter_times(marks))
        outcome = _run(plan, text_arguments(metadata or Metadata(), marks), folder, on_progress, beat)
        outcome.check()
        made = folder / plan.output
        if not made.is_file() or not made.stat().st_size:
            raise MediaBroken(_("Nothing came of joining the streams."))
        _settle(made, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(
    plan: Plan,
    texts: list[str],
    folder: Path,
    on_progress: Callable[[float], None] | None,
    beat: Callable[[], None] | None,
) -> FfmpegOutcome:
    def percent(seconds: float) -> None:
        if on_progress and plan.duration > 0:
            on_progress(min(100.0, 100 * seconds / plan.duration))

    limit = SECONDS + plan.size / BYTES_A_SECOND
    outcome = ffmpeg_run(plan.arguments(texts), folder=folder, seconds=limit, on_progress=percent, beat=beat)
    if not outcome.is_ok and plan.index_bytes and "reserved_moov_size" in outcome.log:
        # The place kept for the index was too small: write it behind and move it to the front, which costs a second pass.
        outcome = ffmpeg_run(
            plan.arguments(texts, is_two_pass=True), folder=folder, seconds=limit, on_progress=percent, beat=beat
        )
    return outcome


def _write_inputs(folder: Path, looked: Sequence[LookedTrack], plan: Plan, meta: str) -> None:
    """Links with names of ours to the parts, the lists of parts, the metadata: all that ffmpeg is to read is in `folder`."""
    for number, track in enumerate(looked):
        for part, path in enumerate(track.track.parts):
            (folder / plan.part_name(number, part)).symlink_to(path.absolute())
        if len(track.track.parts) > 1:
            lines = ["ffconcat version 1.0"]
            for part, duration in enumerate(plan.part_durations(number)):
                lines.append(f"file {plan.part_name(number, part)}")
                lines += [f"duration {duration:.6f}"] if duration > 0 else []
            (folder / plan.list_name(number)).write_text("\n".join(lines) + "\n")
    (folder / plan.META).write_text(meta, encoding="utf-8")


def _settle(made: Path, target: Path) -> None:
    """Onto the disk first, under its name then: a power cut leaves the old file or the whole new one."""
    descriptor = os.open(made, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    made.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
