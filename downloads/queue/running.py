"""A download while a worker has it in its hands: what is written and told of it, and what ends it."""

import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.jobs import JobContext
from downloads.configuration.store import configuration
from downloads.errors import DownloadStalled
from downloads.models import Download, DownloadState, QueueMode, Stage
from downloads.queue.quiet import is_quiet, queue_mode
from downloads.queue.telling import progress_tell

TELL_SECONDS = 0.26
"""Between two messages of one download: at most four a second."""
WRITE_SECONDS = 1.0
LOOK_SECONDS = 5.0
"""How often a running download looks whether the queue was paused or quiet hours began."""
SPEED_SECONDS = 5.0
"""What the speed is averaged over."""

LONG_LEASE = timedelta(seconds=25)
"""Held in stages that bring a whole file onto a slow disk in one step; should it take longer yet, whoever takes over finds out
how far it came, and the first one may write nothing more (`Run.mine`)."""
_SHORT = frozenset({Stage.RESOLVE, Stage.FETCH})

# The share of each stage in the whole, in percent: where it begins and ends.
SHARES: dict[str, tuple[float, float]] = {
    Stage.RESOLVE: (0, 1),
    Stage.FETCH: (1, 82),
    Stage.VERIFY: (82, 86),
    Stage.REMUX: (86, 97),
    Stage.PLACE: (97, 99),
    Stage.INDEX: (99, 100),
}


class Halted(Exception):
    """Somebody wants it to halt; it goes into `state` and keeps its parts."""

    def __init__(self, state: DownloadState) -> None:
        super().__init__(state)
        self.state = state


class Overtaken(Exception):
    """The row is not this worker's any more (cancelled, deleted, taken over): stop and leave it alone."""


class Run:
    """One attempt. `beat` is to be called at least once a second by whatever takes long; it raises to stop it:
    `Halted`, `Overtaken`, `DownloadStalled`, or what the job's own report raises.
    """

    def __init__(self, context: JobContext, download: Download) -> None:
        self.download = download
        self._context = context
        now = time.monotonic()
        self._moved_at = self._looked_at = now
        self._told_at = self._written_at = self._reported_at = now - LOOK_SECONDS
        self._seen: tuple[float, int] = (-1.0, -1)
        self._speed_from: tuple[float, int] | None = None
        self._has_got_on = False

    def is_first_run(self) -> bool:
        """Whether no worker has died with this attempt."""
        return self._context.is_first_attempt()

    def stage(self, stage: Stage) -> None:
        """Begin a stage; what is known so far is written."""
        self.download.stage = stage
        self.download.speed, self.download.seconds_left = 0, None
        self._speed_from = None
        self._context.report(stage=str(stage), lease=self._lease())
        self.progress(0.0)
        self._write()

    def progress(self, percent: float, *, bytes_done: int | None = None, bytes_total: int | None = None) -> None:
        """How far the stage is (0–100), and the bytes where it counts them. Also a beat."""
        row = self.download
        row.stage_percent = min(100.0, max(0.0, percent))
        begin, end = SHARES[row.stage]
        # Never backwards within an attempt that goes on where it was.
        row.percent = max(row.percent, begin + (end - begin) * row.stage_percent / 100)
        if bytes_done is not None:
            row.bytes_done = bytes_done
            # An estimate that was passed is none; nobody knows (0) stays so.
            row.bytes_total = max(bytes_total, bytes_done) if bytes_total else 0
            self._measure(bytes_done)
        if (row.percent, row.bytes_done) != self._seen:
            self._has_got_on = self._seen[1] >= 0 and row.bytes_done != self._seen[1]
            self._seen = (row.percent, row.bytes_done)
            self._moved_at = time.monotonic()
            if self._has_got_on and row.crashes:
                # At once: the next worker may die sooner than the next write would come.
                self._write()
        self.beat()

    def beat(self) -> None:
        """Keep the lease, write and tell what changed, and look whether it may go on."""
        now = time.monotonic()
        if now - self._moved_at > configuration().stall_seconds:
            raise DownloadStalled()
        if now - self._told_at >= TELL_SECONDS:
            self._told_at = now
            progress_tell(self.download)
        if now - self._written_at >= WRITE_SECONDS:
            self._write()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            if queue_mode() == QueueMode.PAUSED or is_quiet():
                raise Halted(DownloadState.QUEUED)

    def _measure(self, bytes_done: int) -> None:
        now, row = time.monotonic(), self.download
        if self._speed_from is None:
            self._speed_from = (now, bytes_done)
            return
        began, counted = self._speed_from
        elapsed = now - began
        if elapsed >= 0.5:
            fresh = max(0, bytes_done - counted) / elapsed
            weight = min(1.0, elapsed / SPEED_SECONDS) if row.speed else 1.0
            row.speed = int(row.speed * (1 - weight) + fresh * weight)
            left = max(0, row.bytes_total - bytes_done)
            is_known = row.speed and row.bytes_total
            row.seconds_left = min(round(left / row.speed), 2**31 - 1) if is_known else None
            self._speed_from = (now, bytes_done)

    def _write(self) -> None:
        """Write while the row is ours; else say why it is not."""
        self._written_at, row = time.monotonic(), self.download
        self._context.report(progress=row.percent, lease=self._lease())
        changes: dict[str, Any] = {
            "stage": row.stage,
            "stage_percent": row.stage_percent,
            "percent": row.percent,
            "bytes_done": row.bytes_done,
            "bytes_total": row.bytes_total,
            "speed": row.speed,
            "seconds_left": row.seconds_left,
        }
        if time.monotonic() - self._moved_at < WRITE_SECONDS * 2:
            changes |= {"progressed_at": timezone.now()}
        if self._has_got_on:
            row.crashes = changes["crashes"] = 0
        if not self.mine().filter(is_pause_wanted=False).update(**changes):
            raise Halted(DownloadState.PAUSED) if self.mine().exists() else Overtaken()

    def _lease(self) -> timedelta | None:
        return None if self.download.stage in _SHORT else LONG_LEASE

    def mine(self) -> Any:
        """The row, as long as this worker holds it: one that took the job over counts as another attempt of the job."""
        held = {"job": self._context.job_id, "job__attempt": self._context.attempt}
        return Download.objects.filter(pk=self.download.pk, state=DownloadState.RUNNING, **held)
