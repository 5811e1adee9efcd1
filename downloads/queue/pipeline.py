"""The way of a download: resolve → fetch → verify → remux → place → index. Each stage may be run again after a kill."""

import errno

import structlog

from catalog.facade import EpisodeIdentity, episode_identity
from core.errors import DomainError
from core.jobs import JobContext
from core.jobs.errors import JobCancelled, LeaseLost
from downloads.configuration.store import configuration
from downloads.errors import (
    DiskFull,
    DownloadCrashed,
    DownloadFailed,
    MediaBroken,
    MediaUnsafe,
    NoSource,
    SourceChanged,
)
from downloads.fetching.contract import Fetched, FetchRequest, Progress
from downloads.fetching.engine import fetch
from downloads.hosts import stream_policy
from downloads.models import Download, DownloadState, Stage
from downloads.queue.choosing import source_choose
from downloads.queue.joining import joined
from downloads.queue.outcomes import attempt_failed, attempt_halted
from downloads.queue.parts import parts_folder, parts_remove
from downloads.queue.placing import placed
from downloads.queue.running import Halted, Overtaken, Run
from downloads.queue.telling import started_tell

log = structlog.get_logger("downloads")

MAX_CRASHES = 5
"""Workers that may die with a download in a row without it getting on."""
_WORTHLESS = (DiskFull, MediaBroken, MediaUnsafe, SourceChanged)
"""After these what was fetched is thrown away."""


def download_run(context: JobContext) -> None:
    """Do one attempt of the download that the job is about; every way out leaves the row in a state of its own."""
    rows = Download.objects.filter(pk=context.payload["download"], state=DownloadState.RUNNING, job=context.job_id)
    download = rows.select_related("anime").first()
    if download is None:
        return
    run = Run(context, download)
    try:
        _crashes_count(run)
        _stages_run(run)
    except Halted as halted:
        attempt_halted(run, halted.state)
    except (Overtaken, JobCancelled):
        _leave(run)
    except LeaseLost:
        raise
    except Exception as error:
        if not run.mine().exists():
            # Its folder went in the midst of something: what came of that is no failure.
            _leave(run)
        _fail(run, _told(error, run))


def _leave(run: Run) -> None:
    """Cancelled or deleted: what was written since then goes too. Another worker, or the queue, goes on with its parts."""
    over = (DownloadState.CANCELLED, DownloadState.DONE)
    if not Download.objects.filter(pk=run.download.pk).exclude(state__in=over).exists():
        parts_remove(run.download.pk)
    raise JobCancelled(str(run.download.pk)) from None


def _told(error: Exception, run: Run) -> DomainError:
    """What people are told of whatever ended the attempt."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, OSError):
        return _of_system(error)
    log.error("download_crashed", download=str(run.download.pk), exc_info=error)
    return DownloadFailed(type(error).__name__)


def _fail(run: Run, error: DomainError) -> None:
    log.warning("download_failed", download=str(run.download.pk), code=error.code, stage=run.download.stage)
    is_worthless = isinstance(error, _WORTHLESS)
    attempt_failed(run, error, **({"target": ""} if is_worthless else {}))
    if is_worthless:
        parts_remove(run.download.pk)


def _of_system(error: OSError) -> DomainError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull()
    return DownloadFailed(error.strerror or type(error).__name__)


def _crashes_count(run: Run) -> None:
    """A job that is run again lost its worker in the midst of this attempt."""
    if run.is_first_run():
        return
    run.download.crashes += 1
    run.mine().update(crashes=run.download.crashes)
    if run.download.crashes > MAX_CRASHES:
        raise DownloadCrashed()


def _stages_run(run: Run) -> None:
    if not run.download.target:
        started_tell(run.download, _identity(run).title)
        _resolve(run)
        fetched = _fetch(run)
        joined(run, _identity(run), fetched)
    placed(run, _identity(run))


def _identity(run: Run) -> EpisodeIdentity:
    """Which episode it is now: its anime may have been merged with another or split since the last look."""
    now, download = run.mine().values_list("anime_id", "episode_kind", "episode_number").first(), run.download
    if now is None:
        raise Overtaken()
    download.anime_id, download.episode_kind, download.episode_number = now
    identity = episode_identity(*now)
    if identity is None:
        raise NoSource()
    return identity


def _resolve(run: Run) -> None:
    run.stage(Stage.RESOLVE)
    download = run.download
    chosen = source_choose(download)
    download.source_id, download.source_url = chosen.source_id, chosen.url
    download.source_kind, download.host = chosen.kind, chosen.host
    run.mine().update(
        source=chosen.source_id, source_url=chosen.url, source_kind=chosen.kind, host=chosen.host, height=chosen.height
    )
    run.progress(100.0)


def _fetch(run: Run) -> Fetched:
    run.stage(Stage.FETCH)
    values, download = configuration(), run.download

    def moved(progress: Progress) -> None:
        run.progress(progress.percent, bytes_done=progress.bytes_done, bytes_total=progress.bytes_total)

    return fetch(
        FetchRequest(
            url=download.source_url,
            kind=download.source_kind,
            folder=parts_folder(download.pk),
            policy=stream_policy(),
            quality=download.quality,
            parallel=values.parallel_segments,
        ),
        on_progress=moved,
    )
