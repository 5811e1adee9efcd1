"""The way of a download: resolve → fetch → verify → remux → place → index. Each stage may be run again after a kill."""

import errno

import structlog

from catalog.facade import episode_identity
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
        # Cancelled or deleted: whoever did that has set the state, and what is written since then goes too.
        if not Download.objects.filter(pk=download.pk, state=DownloadState.RUNNING).exists():
            parts_remove(download.pk)
        raise JobCancelled(str(context.job_id)) from None
    except LeaseLost:
        raise
    except DomainError as error:
        _fail(run, error)
    except OSError as error:
        _fail(run, _of_system(error))
    except Exception as error:
        log.exception("download_crashed", download=str(download.pk))
        _fail(run, DownloadFailed(type(error).__name__))


def _fail(run: Run, error: DomainError) -> None:
    log.warning("download_failed", download=str(run.download.pk), code=error.code, stage=run.download.stage)
    attempt_failed(run, error)
    if isinstance(error, _WORTHLESS):
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
    download = run.download
    identity = episode_identity(download.anime_id, download.episode_kind, download.episode_number)
    if identity is None:
        raise NoSource()
    if not download.target:
        started_tell(download, identity.title)
        _resolve(run)
        fetched = _fetch(run)
        joined(run, identity, fetched)
    placed(run, identity)


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
