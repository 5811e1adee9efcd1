"""A download while a worker has it in its hands, and how attempts end."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from accounts.models import User
from core.egress import EgressPaced, EgressRefused, EgressUnavailable
from core.errors import DomainError
from core.jobs.context import JobContext
from core.jobs.errors import JobCancelled
from core.jobs.services import job_claim
from core.models import Job
from downloads.errors import DiskFull, DownloadStalled, MediaBroken, NoSource, SegmentFailed
from downloads.models import Download, DownloadAttempt, DownloadState, QueueMode, Stage
from downloads.queue import control, outcomes, running, telling
from downloads.queue.dispatch import queue_dispatch
from downloads.queue.running import Halted, Overtaken, Run
from downloads.tests.queue.conftest import Configured

pytestmark = pytest.mark.django_db
Queued = Callable[..., Download]


class Clock:
    """The monotonic clock of `running`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    stopped = Clock()
    with mock.patch.object(running.time, "monotonic", stopped.monotonic):
        yield stopped


@pytest.fixture
def told() -> Iterator[list[dict[str, Any]]]:
    """Every frame that was sent."""
    frames: list[dict[str, Any]] = []
    with (
        mock.patch.object(telling, "hint_send", lambda group, kind, frame: frames.append(frame)),
        mock.patch.object(telling, "hint_on_commit", lambda group, kind, frame: frames.append(frame)),
    ):
        yield frames


@pytest.fixture
def run(queued: Queued, clock: Clock) -> Run:
    """Episode 1, in the hands of a worker."""
    queued(1)
    queue_dispatch()
    download = Download.objects.get()
    claimed = job_claim(job_id=download.job_id)
    assert claimed is not None
    return Run(JobContext(*claimed), download)


class TestBeats:
    def test_progress_is_told_four_times_a_second_and_written_once(
        self, run: Run, clock: Clock, told: list, django_assert_max_num_queries: Any
    ) -> None:
        run.stage(Stage.FETCH)
        told.clear()
        with django_assert_max_num_queries(16):  # four writes, each with its lease, in three seconds
            for tick in range(300):
                clock.now += 0.01
                run.progress(tick / 3, bytes_done=tick * 1000, bytes_total=300_000)
        assert len(told) <= 12
        assert told[-1]["type"] == "download_progress"
        assert told[-1]["data"]["downloaded_bytes"] > 280_000
        run.download.refresh_from_db()
        assert run.download.stage == Stage.FETCH
        assert run.download.bytes_done >= 190_000
        assert 80_000 < run.download.speed < 120_000

    def test_the_whole_never_goes_backwards(self, run: Run, clock: Clock) -> None:
        run.stage(Stage.FETCH)
        run.progress(50.0)
        half = run.download.percent
        run.stage(Stage.RESOLVE)
        assert run.download.percent == half
        run.stage(Stage.REMUX)
        assert run.download.percent > half

    def test_what_stands_still_too_long_is_ended(self, run: Run, clock: Clock, configured: Configured) -> None:
        configured(stall_seconds=60)
        run.stage(Stage.FETCH)
        run.progress(10.0, bytes_done=10)
        clock.now += 59
        run.beat()
        clock.now += 2
        with pytest.raises(DownloadStalled):
            run.beat()

    def test_the_lease_is_renewed(self, run: Run, clock: Clock) -> None:
        Job.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
        clock.now += 1.1
        run.download.stage = Stage.FETCH
        run.progress(1.0)
        assert Job.objects.get().lease_until > timezone.now() + timedelta(seconds=8)

    def test_a_step_that_cannot_report_is_held_for_longer(self, run: Run, clock: Clock) -> None:
        run.stage(Stage.FETCH)
        assert Job.objects.get().lease_until < timezone.now() + timedelta(seconds=13)
        run.stage(Stage.PLACE)
        assert Job.objects.get().lease_until > timezone.now() + timedelta(seconds=20)


class TestHalts:
    def beat(self, run: Run, clock: Clock) -> None:
        clock.now += running.LOOK_SECONDS + 1
        run.beat()

    def test_by_a_wish_to_pause_it(self, run: Run, clock: Clock) -> None:
        control.download_pause(download=run.download)
        with pytest.raises(Halted) as halted:
            self.beat(run, clock)
        outcomes.attempt_halted(run, halted.value.state)
        run.download.refresh_from_db()
        found = run.download
        assert (found.state, found.attempt, found.job, found.is_pause_wanted) == (DownloadState.PAUSED, 0, None, False)

    def test_by_the_queue_or_quiet_hours_it_keeps_its_place(
        self, run: Run, clock: Clock, admin: User, configured: Configured
    ) -> None:
        control.queue_set_mode(actor=admin, mode=QueueMode.STOPPED)
        self.beat(run, clock)
        control.queue_set_mode(actor=admin, mode=QueueMode.PAUSED)
        with pytest.raises(Halted) as halted:
            self.beat(run, clock)
        assert halted.value.state == DownloadState.QUEUED
        control.queue_set_mode(actor=admin, mode=QueueMode.RUNNING)
        configured(quiet_hours=["00:00-23:59"])
        with mock.patch.object(running, "is_quiet", return_value=True), pytest.raises(Halted):
            self.beat(run, clock)

    def test_by_a_cancel_or_a_deletion(self, run: Run, clock: Clock, admin: User) -> None:
        control.download_cancel(download=run.download)
        with pytest.raises((JobCancelled, Overtaken)):
            self.beat(run, clock)
        control.download_delete(actor=admin, download=run.download)
        with pytest.raises((JobCancelled, Overtaken)):
            self.beat(run, clock)


class TestOutcomes:
    def fail(self, run: Run, error: DomainError) -> Download:
        outcomes.attempt_failed(run, error)
        run.download.refresh_from_db()
        return run.download

    def test_what_may_pass_is_tried_again_later_with_the_reason_kept(self, run: Run, told: list) -> None:
        run.download.stage = Stage.FETCH
        found = self.fail(run, SegmentFailed("segment 3"))
        assert (found.state, found.error_code, found.error_detail) == ("queued", "segment_failed", "segment 3")
        assert timedelta(seconds=15) < found.retry_at - timezone.now() < timedelta(seconds=25)
        kept = DownloadAttempt.objects.get()
        assert (kept.number, kept.stage, kept.error_code) == (1, Stage.FETCH, "segment_failed")
        assert told[-1]["data"] | {"queue_item_id": ""} == {
            "queue_item_id": "",
            "error_message": "segment 3",
            "error_code": "PROVIDER_ERROR",
            "reason": "segment_failed",
            "will_retry": True,
        }

    @pytest.mark.parametrize("error", [NoSource(), DiskFull(), EgressRefused()])
    def test_what_will_not_pass_has_failed_at_once(self, run: Run, error: DomainError) -> None:
        found = self.fail(run, error)
        assert (found.state, found.retry_at, found.error_code) == ("failed", None, error.code)
        assert found.finished_at is not None

    @pytest.mark.parametrize("error", [EgressUnavailable(), MediaBroken(), DownloadStalled()])
    def test_attempts_are_bounded(self, run: Run, configured: Configured, error: DomainError) -> None:
        configured(max_attempts=3)
        run.download.attempt = 2
        assert self.fail(run, error).state == "queued"
        Download.objects.update(state=DownloadState.RUNNING, job=Job.objects.get())
        run.download.attempt = 3
        assert self.fail(run, error).state == "failed"

    def test_the_host_is_left_alone_as_long_as_it_asked(self) -> None:
        assert outcomes.delay_before(2, EgressPaced(retry_after=900.0)) == 900.0
        delays = [outcomes.delay_before(attempt, SegmentFailed()) for attempt in range(2, 9)]
        assert delays[1] > delays[0] * 1.9
        assert max(delays) == outcomes.MAX_DELAY

    def test_a_row_that_is_not_ours_any_more_is_left_alone(self, run: Run, told: list) -> None:
        Download.objects.update(state=DownloadState.CANCELLED)
        assert outcomes.attempt_failed(run, SegmentFailed()) is False
        assert outcomes.attempt_done(run, path="library:x") is False
        assert not DownloadAttempt.objects.exists()
        assert told == []
