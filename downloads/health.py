"""What `/health/detailed` tells of downloads and the library: the queue, its workers, folders, configuration, ffmpeg."""

import os
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from catalog.facade import anime_ids_existing
from core.health.registry import NoAnswer, Part, State, answer_within, health_part
from core.models import Job, JobState
from downloads.configuration.store import configuration, configuration_problem
from downloads.errors import FfmpegMissing
from downloads.media.ffmpeg import ffmpeg_path
from downloads.models import FileState, LibraryFile
from downloads.placing.space import space_free
from downloads.queue.dispatch import waits_because
from downloads.queue.selectors import queue_figures

GIGABYTE = 10**9
QUEUE = "media"
"""The queue of downloads, scans and pictures; workers for it are apart from those for mails."""
LATE_SECONDS = 60
"""A job that waits longer than this while none runs has nobody to do it."""
JOBS_SHOWN = 20
SEARCHED_SECONDS = 1.0
"""So long other processes have to say that they are workers."""


@health_part("services.anime_service", uses_database=True)
def anime_service() -> Part:
    """Whether the catalogue answers."""
    anime_ids_existing([1])
    return Part(State.HEALTHY, {"status": "ready"})


@health_part("services.download_service")
def download_service() -> Part:
    """Whether a download could be done: its folders can be written, ffmpeg is there, the configuration is readable."""
    values = configuration()
    folders = [Path(values.anime_directory), Path(values.download_directory)]
    if ffmpeg().state != State.HEALTHY or any(_folder_word(folder) not in ("accessible", "new") for folder in folders):
        return Part(State.DEGRADED, {"status": "unavailable"})
    if configuration_problem():
        return Part(State.DEGRADED, {"status": "limited"})
    return Part(State.HEALTHY, {"status": "ready"})


@health_part("configuration")
def configuration_file() -> Part:
    """A damaged file: what was valid before holds until somebody restores a backup."""
    if problem := configuration_problem():
        return Part(State.DEGRADED, {"status": "damaged", "problem": problem})
    return Part(State.HEALTHY, {"status": "valid"})


@health_part("ffmpeg")
def ffmpeg() -> Part:
    try:
        return Part(State.HEALTHY, {"status": "found", "path": ffmpeg_path()})
    except FfmpegMissing:
        return Part(State.DEGRADED, {"status": "missing"})


@health_part("library", uses_database=True)
def library() -> Part:
    """The library's folder and that of unfinished downloads. A folder that is empty though files of it are known is a disk
    that is not mounted: `missing`.
    """
    is_kept = LibraryFile.objects.exclude(state=FileState.GONE).exists()
    facts: dict[str, Any] = answer_within("library", _folders)
    if is_kept and (facts["status"] == "new" or (facts["status"] == "accessible" and facts["is_empty"])):
        facts["status"] = "missing"
    words = {facts["status"], facts["download_directory"]["status"]}
    return Part(State.HEALTHY if words <= {"accessible", "new"} else State.DEGRADED, facts)


def _folders() -> dict[str, Any]:
    values = configuration()
    root, parts = Path(values.anime_directory), Path(values.download_directory)
    word = _folder_word(root)
    found: dict[str, Any] = {"status": word, "path": str(root), "is_empty": True, "disk_free_gb": _free(root)}
    if word in ("accessible", "read_only"):
        with os.scandir(root) as entries:
            found["is_empty"] = not any(True for _entry in entries)
    found["download_directory"] = {
        "status": _folder_word(parts),
        "path": str(parts),
        "disk_free_gb": _free(parts),
    }
    return found


def _folder_word(folder: Path) -> str:
    """accessible, read_only, missing, or new: a folder of the installation's own that the first file will make."""
    if folder.is_dir():
        return "accessible" if os.access(folder, os.W_OK | os.X_OK) else "read_only"
    own = (str(settings.LIBRARY_ROOT), str(settings.DOWNLOADS_ROOT))
    return "new" if str(folder) in own and not folder.exists() else "missing"


def _free(folder: Path) -> float | None:
    """Gigabytes (10⁹ bytes) that may still be written; None when nothing can be asked."""
    try:
        return round(space_free(folder) / GIGABYTE, 1)
    except OSError:
        return None


@health_part("queue", uses_database=True)
def queue() -> Part:
    """Its mode, how many downloads are in which state, and why nothing starts."""
    facts, waits = asdict(queue_figures()), waits_surely()
    is_well = waits in ("", "quiet_hours")
    facts |= {"status": "waiting" if waits else facts["mode"], "waits_because": waits}
    return Part(State.HEALTHY if is_well else State.DEGRADED, {"status": facts.pop("status"), **facts})


def waits_surely() -> str:
    """`waits_because()`, also where a disk is away or hangs: "folder_unavailable"."""
    try:
        return str(answer_within("queue", waits_because))
    except (OSError, NoAnswer):
        return "folder_unavailable"


@health_part("workers", uses_database=True)
def workers() -> Part:
    """Whether somebody does the work of the media queue: a worker that answers, or jobs whose reports are fresh.

    `status`: alive, absent (nobody answers), late (work is due for over a minute, and nobody takes it).
    """
    now = timezone.now()
    running = list(
        Job.objects.filter(state=JobState.RUNNING, queue=QUEUE)
        .order_by("heartbeat_at")
        .values_list("kind", "heartbeat_at", "lease_until")[:JOBS_SHOWN]
    )
    due = Job.objects.filter(Q(run_after=None) | Q(run_after__lte=now), state=JobState.QUEUED, queue=QUEUE)
    oldest = due.order_by("created_at").values_list("created_at", "run_after").first()
    waiting = _age(max(filter(None, oldest)), now) if oldest else 0
    has_report = any(lease is not None and lease > now for _kind, _heartbeat, lease in running)
    is_there = has_report or worker_answers()
    is_late = waiting > LATE_SECONDS and not has_report
    word = "late" if is_late else "alive" if is_there else "absent"
    facts = {
        "status": word,
        "is_media_worker_alive": is_there,
        "oldest_waiting_seconds": waiting,
        "jobs": [
            {"kind": kind, "heartbeat_age_seconds": _age(heartbeat, now), "is_overdue": lease is None or lease <= now}
            for kind, heartbeat, lease in running
        ],
    }
    return Part(State.HEALTHY if word == "alive" else State.DEGRADED, facts)


def worker_answers() -> bool:
    """Whether this process has a thread for the media queue, or some other process says that it reads it; a second at most."""
    if any(thread.name == QUEUE and thread.is_alive() for thread in threading.enumerate()):
        return True
    if not settings.REDIS_URL:
        return False
    try:
        return bool(answer_within("workers", _workers_found))
    except Exception:
        # Neither silence nor a broker that is away is an error here: nobody answered.
        return False


def _workers_found() -> bool:
    from celery import current_app

    found = current_app.control.inspect(timeout=SEARCHED_SECONDS).active_queues() or {}
    return any(one.get("name") == QUEUE for queues in found.values() for one in queues)


def _age(moment: datetime | None, now: datetime) -> int:
    """Whole seconds since `moment`; 0 for one that is not past."""
    return max(0, int((now - moment).total_seconds())) if moment else 0
