"""Checking what was fetched and joining it into one file."""

from pathlib import Path

from catalog.facade import EpisodeIdentity, episode_timecode
from downloads.configuration.store import configuration
from downloads.fetching.contract import Fetched
from downloads.media.info import Chapter, MediaInfo
from downloads.media.remuxing import remux, remux_container
from downloads.media.tags import Metadata
from downloads.media.verifying import fetched_verify, media_verify
from downloads.models import Download, Stage
from downloads.queue.parts import parts_folder
from downloads.queue.running import Run

OPENING, ENDING = "Opening", "Ending"
"""Names of chapters inside files: players of all languages know these."""


def finished_file(download: Download, container: str) -> Path:
    """Where the joined file lies until it is placed."""
    return parts_folder(download.pk) / f"finished.{container}"


def joined(run: Run, identity: EpisodeIdentity, fetched: Fetched) -> Path:
    """VERIFY: every track is what it should be. REMUX: one file of all tracks, checked. A file that an attempt before left
    whole, newer than all that it is made of, is used.
    """
    run.stage(Stage.VERIFY)
    fetched_verify(fetched.tracks, beat=run.beat)
    run.progress(100.0)
    run.stage(Stage.REMUX)
    container = remux_container(fetched.tracks, wanted=configuration().container)
    target = finished_file(run.download, container)
    if not _is_newer(target, fetched):
        target.unlink(missing_ok=True)
        remux(
            fetched.tracks,
            target,
            container=container,
            chapters=chapters_of(identity, fetched.duration),
            metadata=metadata_of(identity),
            on_progress=lambda percent: run.progress(percent * 0.95),
            beat=run.beat,
        )
    info = media_verify(target, duration=fetched.duration, gaps=fetched.gaps, beat=run.beat)
    _note(run, info)
    run.progress(100.0)
    return target


def metadata_of(identity: EpisodeIdentity) -> Metadata:
    """What a player shows of the file."""
    return Metadata(
        title=identity.episode_title or identity.title,
        show=identity.title,
        season=identity.season if identity.kind == "regular" else 0,
        episode=identity.number,
        year=identity.year,
    )


def chapters_of(identity: EpisodeIdentity, duration: float | None) -> list[Chapter]:
    """Opening and ending, where somebody reviewed them and the file is long enough."""
    times = episode_timecode(identity.anime_id, identity.number) if identity.kind == "regular" else None
    found = []
    for name, prefix in ((OPENING, "intro"), (ENDING, "outro")):
        start, end = (times or {}).get(f"{prefix}_start"), (times or {}).get(f"{prefix}_end")
        if start is not None and end is not None and (duration is None or start < duration):
            found.append(Chapter(start, end if duration is None else min(end, duration), name))
    return sorted(found, key=lambda chapter: chapter.start)


def _is_newer(target: Path, fetched: Fetched) -> bool:
    try:
        made = target.stat().st_mtime_ns
        return all(part.stat().st_mtime_ns < made for track in fetched.tracks for part in track.parts)
    except OSError:
        return False


def _note(run: Run, info: MediaInfo) -> None:
    pictures = info.of_kind("video")
    run.download.height = max((stream.height for stream in pictures), default=0)
    run.download.duration_seconds, run.download.size = info.duration, info.size
    run.mine().update(height=run.download.height, duration_seconds=info.duration, size=info.size)
