"""What open pages and clients are told while downloads run, in the shapes of the reference (aniworld, WS /ws/downloads)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from core.realtime import hint_on_commit, hint_send
from downloads.models import Download

GROUP = "downloads"
"""Every socket of `/ws/downloads`."""
HINT = "downloads.told"
MEGABIT = 1_000_000 / 8

STARTED, PROGRESS = "download_started", "download_progress"
COMPLETED, ERROR = "download_completed", "download_error"

_PROVIDER_CODES = ("egress_", "no_source", "host_not_allowed", "segment_", "source_", "playlist_", "stream_")


def episode_code(download: Download, season: int | None = None) -> str:
    """ "S01E05"; season 0 for what is no regular episode. Without a season it is the first."""
    number = 1 if season is None else season
    return f"S{number if download.episode_kind == 'regular' else 0:02}E{download.episode_number:02}"


def started_tell(download: Download, title: str) -> None:
    _tell(STARTED, download, anime_title=title, episode=episode_code(download))


def progress_tell(download: Download) -> None:
    """Sent at once, whatever transaction is open: it is out of date with the next."""
    hint_send(GROUP, HINT, frame=_frame(PROGRESS, progress_data(download)))


def progress_data(download: Download) -> dict[str, Any]:
    """What is said of a running download; `speed_mbps` in megabits a second. The reference has the first five."""
    return {
        "queue_item_id": str(download.pk),
        "progress_percent": round(download.percent, 1),
        "downloaded_bytes": download.bytes_done,
        "total_bytes": download.bytes_total,
        "speed_mbps": round(download.speed / MEGABIT, 2),
        "stage": download.stage,
        "stage_percent": round(download.stage_percent, 1),
        "seconds_left": download.seconds_left,
    }


def completed_tell(download: Download, file_path: str) -> None:
    _tell(COMPLETED, download, total_time_seconds=seconds_taken(download), file_path=file_path)


def error_tell(download: Download, *, code: str, message: str) -> None:
    """`error_code` is the reference's, `reason` our own code. `will_retry`: it stays in the queue."""
    family = "PROVIDER_ERROR" if code.startswith(_PROVIDER_CODES) else "DOWNLOAD_ERROR"
    is_live = download.retry_at is not None
    _tell(ERROR, download, error_message=message, error_code=family, reason=code, will_retry=is_live)


def seconds_taken(download: Download) -> int:
    """Whole seconds from its first start to its end."""
    began, ended = download.started_at, download.finished_at
    return max(0, round((ended - began).total_seconds())) if began and ended else 0


def _tell(kind: str, download: Download, **data: Any) -> None:
    hint_on_commit(GROUP, HINT, frame=_frame(kind, {"queue_item_id": str(download.pk), **data}))


def _frame(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "timestamp": timestamp(timezone.now()), "data": data}


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with "Z", whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
