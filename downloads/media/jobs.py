"""Jobs around `media.assets`: seek pictures, texts and openings of library files, in the background.

Every process imports this module; what does the work (and numpy with it) is imported by the job that needs it.
"""

import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet

from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists
from core.models import Job
from downloads.errors import DownloadFailed, FfmpegMissing
from downloads.models import LibraryFile

if TYPE_CHECKING:
    from downloads.media.assets import Asset
    from downloads.media.sound import Fingerprint

THUMBNAILS, SUBTITLES, OPENINGS = "downloads.thumbnails", "downloads.subtitles", "downloads.openings"
KINDS = (THUMBNAILS, SUBTITLES, OPENINGS)
BATCH = 50
REPORT_SECONDS = 3.0


def assets_enqueue(*, file_ids: Collection[int], kinds: Sequence[str] = (THUMBNAILS, OPENINGS)) -> list[Job]:
    """Jobs of these kinds for these library files, on the queue `media`. What is being worked on already is not queued again.

    Openings need the neighbours in the season: their jobs are one per anime, and take all its files.
    """
    jobs: list[Job] = []
    ids = sorted(set(file_ids))
    payloads: list[tuple[str, dict[str, Any]]]
    for kind in kinds:
        if kind == OPENINGS:
            anime = LibraryFile.objects.filter(pk__in=ids, anime__isnull=False).values_list("anime", flat=True)
            payloads = [(f"anime:{key}", {"anime": key}) for key in sorted(set(anime.order_by()))]
        else:
            batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
            payloads = [(f"{batch[0]}-{batch[-1]}:{len(batch)}", {"files": batch}) for batch in batches]
        for key, payload in payloads:
            try:
                jobs.append(job_enqueue(kind=kind, payload=payload, unique_key=key, queue="media", max_attempts=3))
            except JobExists:
                continue
    return jobs


@job_kind(THUMBNAILS)
def thumbnails_job(context: JobContext) -> dict[str, Any]:
    """`payload["files"]`: ids of library files. The result counts what was done; a broken file is told and passed over."""
    from downloads.media import assets

    return _each(context, assets.thumbnails_asset)


@job_kind(SUBTITLES)
def subtitles_job(context: JobContext) -> dict[str, Any]:
    """As `thumbnails_job`, for the texts in the files."""
    from downloads.media import assets

    return _each(context, assets.subtitles_asset)


@job_kind(OPENINGS)
def openings_job(context: JobContext) -> dict[str, Any]:
    """`payload["anime"]`: the id of an anime, or `payload["files"]`: ids of library files. One file per regular episode is heard."""
    from downloads.media import assets

    rows = LibraryFile.objects.filter(episode_kind="regular", first__isnull=False, last=F("first"), anime__isnull=False)
    if "anime" in context.payload:
        rows = rows.filter(anime=context.payload["anime"])
    else:
        rows = rows.filter(pk__in=context.payload.get("files", ()))
    steps = _Steps(context, rows.values("anime", "first").distinct().count())
    proposed: dict[str, list[int]] = {}
    for anime_id in sorted(set(rows.order_by().values_list("anime", flat=True))):
        prints: dict[int, Fingerprint] = {}
        heard: set[int] = set()
        # What came while the others were heard found this job running, and asked for no other.
        while fresh := _season_of(rows.filter(anime=anime_id), leave_out=heard):
            for number, row in fresh.items():
                heard.add(number)
                if asset := steps.asset(row):
                    with_print = steps.done(asset, assets.fingerprint_asset)
                    if with_print is not None:
                        prints[number] = with_print
            found = assets.openings_of(prints, beat=steps.beat)
            proposed.setdefault(str(anime_id), []).extend(assets.openings_propose(anime_id=anime_id, found=found))
    return {**steps.result(), "proposed": proposed}


def _season_of(rows: QuerySet[LibraryFile], *, leave_out: Collection[int]) -> dict[int, LibraryFile]:
    """One file for each episode that is not to be left out."""
    found: dict[int, LibraryFile] = {}
    for row in rows.exclude(first__in=list(leave_out)).order_by("first", "pk"):
        if row.first is not None:
            found.setdefault(row.first, row)
    return found


def _each(context: JobContext, work: Callable[..., Any]) -> dict[str, Any]:
    rows = list(LibraryFile.objects.filter(pk__in=context.payload.get("files", ())).order_by("pk"))
    steps = _Steps(context, len(rows))
    for row in rows:
        if asset := steps.asset(row):
            steps.done(asset, work)
    return steps.result()


class _Steps:
    """How far a job is, told every few seconds and at each beat of what it calls."""

    def __init__(self, context: JobContext, count: int) -> None:
        self._context = context
        self._count = max(1, count)
        self._finished = 0
        self._percent = 0.0
        self._skipped = 0
        self._failed: dict[str, str] = {}
        self._told = 0.0

    def beat(self) -> None:
        """Renew the lease; raises `JobCancelled` and `LeaseLost`, which end what is running."""
        now = time.monotonic()
        if now - self._told >= REPORT_SECONDS:
            self._told = now
            self._context.report(progress=100 * (self._finished + self._percent / 100) / self._count)

    def asset(self, row: LibraryFile) -> "Asset | None":
        """The row's file; one that is not there is counted as skipped."""
        from downloads.media.assets import asset_of

        asset = asset_of(row)
        if asset is None:
            self._skipped += 1
            self._finished += 1
        return asset

    def done(self, asset: "Asset", work: Callable[..., Any]) -> Any:
        """What `work` returns, None where the file is broken. Without ffmpeg the whole job fails."""
        self._percent = 0.0
        self.beat()
        try:
            return work(asset, on_progress=self._heard, beat=self.beat)
        except FfmpegMissing:
            raise
        except DownloadFailed as error:
            self._failed[str(asset.row.pk)] = error.code
            return None
        finally:
            self._finished += 1
            self._percent = 0.0

    def result(self) -> dict[str, Any]:
        return {
            "files": self._finished - self._skipped - len(self._failed),
            "skipped": self._skipped,
            "failed": self._failed,
        }

    def _heard(self, percent: float) -> None:
        self._percent = percent
        self.beat()
