"""Which download starts next, and when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from core.jobs import job_enqueue
from core.models import Job, JobState
from downloads.models import Download, DownloadState, Priority, QueueMode
from downloads.queue.control import queue_set_mode
from downloads.queue.dispatch import KIND, queue_dispatch, waits_because
from downloads.queue.parts import parts_folder, parts_root
from downloads.queue.quiet import is_quiet
from downloads.queue.reconciling import KEPT_PARTS, downloads_reconcile, parts_trim
from downloads.tests.queue.conftest import HOST, Configured
from tests.races import DONE, at_once

Queued = Callable[..., Download]


def running() -> set[int]:
    return set(Download.objects.filter(state=DownloadState.RUNNING).values_list("episode_number", flat=True))


@pytest.mark.django_db
class TestDispatch:
    def test_as_many_start_as_there_are_places_the_first_first(self, queued: Queued, configured: Configured) -> None:
        configured(parallel_downloads=2, parallel_per_host=5)
        queued(1), queued(2), queued(3, priority=Priority.HIGH)
        assert queue_dispatch() == 2
        assert running() == {1, 3}
        assert queue_dispatch() == 0
        row = Download.objects.get(episode_number=3)
        assert (row.attempt, row.job.kind, row.job.queue) == (1, KIND, "media")
        Download.objects.filter(episode_number=1).update(state=DownloadState.DONE)
        assert queue_dispatch() == 1
        assert running() == {2, 3}

    def test_a_busy_host_does_not_hold_up_the_others(self, queued: Queued, configured: Configured) -> None:
        configured(parallel_downloads=3, parallel_per_host=1, allowed_hosts=[HOST, "elsewhere.example"])
        queued(1), queued(2), queued(4)
        assert queue_dispatch() == 2
        assert running() == {1, 4}

    def test_what_has_no_source_starts_all_the_same_to_fail_with_its_reason(self, queued: Queued) -> None:
        queued(5)
        assert queue_dispatch() == 1
        assert Download.objects.get().host == ""

    def test_a_retry_waits_for_its_time(self, queued: Queued) -> None:
        download = queued(1)
        Download.objects.filter(pk=download.pk).update(retry_at=timezone.now() + timedelta(seconds=60))
        assert queue_dispatch() == 0
        with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
            assert queue_dispatch() == 1

    @pytest.mark.parametrize("mode", [QueueMode.PAUSED, QueueMode.STOPPED])
    def test_a_queue_that_was_halted_starts_nothing(self, queued: Queued, admin: User, mode: QueueMode) -> None:
        queued(1)
        queue_set_mode(actor=admin, mode=mode)
        assert queue_dispatch() == 0
        queue_set_mode(actor=admin, mode=QueueMode.RUNNING)
        assert queue_dispatch() == 1

    def test_nothing_starts_below_the_floor_of_free_space(self, queued: Queued, settings: object) -> None:
        from unittest import mock

        queued(1)
        with mock.patch("downloads.queue.dispatch.configuration") as values:
            values.return_value.free_space_floor = 2**62
            values.return_value.quiet_hours = ()
            assert waits_because() == "disk_full"
            assert queue_dispatch() == 0

    def test_a_folder_that_is_away_is_waited_for_and_not_made(
        self, queued: Queued, configured: Configured, tmp_path: Path
    ) -> None:
        queued(1)
        (tmp_path / "disk").mkdir()
        configured(download_directory=str(tmp_path / "disk"))
        (tmp_path / "disk").rmdir()
        assert waits_because() == "folder_unavailable"
        assert (queue_dispatch(), parts_trim()) == (0, 0)
        assert not (tmp_path / "disk").exists()

    def test_a_worker_that_has_not_left_it_yet_is_waited_for(self, queued: Queued) -> None:
        download = queued(1)
        job = job_enqueue(kind=KIND, payload={}, unique_key=download.pk.hex)
        assert queue_dispatch() == 0
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
        assert queue_dispatch() == 1


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_at_once_keep_the_limit(queued: Queued, configured: Configured) -> None:
    configured(parallel_downloads=2)
    for number in (1, 2, 3):
        queued(number)
    assert at_once([queue_dispatch] * 4)[DONE] == 4
    assert running() == {1, 2}
    assert Job.objects.filter(kind=KIND).count() == 2


@pytest.mark.django_db
class TestQuietHours:
    @pytest.mark.parametrize(
        ("spans", "zone", "hour", "expected"),
        [
            ([], "UTC", 3, False),
            (["22:00-06:30"], "UTC", 23, True),
            (["22:00-06:30"], "UTC", 6, True),
            (["22:00-06:30"], "UTC", 7, False),
            (["09:00-17:00"], "UTC", 9, True),
            (["09:00-17:00"], "UTC", 17, False),
            (["09:00-17:00"], "Asia/Tokyo", 1, True),
            (["09:00-10:00", "20:00-21:00"], "UTC", 20, True),
        ],
    )
    def test_they_are_the_operators_own_hours(
        self, configured: Configured, spans: list, zone: str, hour: int, expected: bool
    ) -> None:
        configured(quiet_hours=spans, time_zone=zone)
        assert is_quiet(datetime(2026, 11, 24, hour, 15 if hour == 6 else 0, tzinfo=UTC)) is expected

    def test_nothing_starts_in_them(self, queued: Queued, configured: Configured) -> None:
        configured(quiet_hours=["00:00-12:00"])
        queued(1)
        with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=UTC), tick=False):
            assert waits_because() == "quiet_hours"
            assert queue_dispatch() == 0
        with time_machine.travel(datetime(2026, 11, 24, 13, tzinfo=UTC), tick=False):
            assert queue_dispatch() == 1


@pytest.mark.django_db
class TestReconciling:
    def test_what_runs_without_a_job_goes_back_into_the_queue(self, queued: Queued) -> None:
        queued(1), queued(2)
        queue_dispatch()
        lost, kept = Download.objects.order_by("episode_number")
        Job.objects.filter(pk=lost.job_id).update(state=JobState.FAILED)
        assert downloads_reconcile() == 0
        Download.objects.update(progressed_at=timezone.now() - timedelta(minutes=1))
        assert downloads_reconcile() == 1
        lost.refresh_from_db()
        assert (lost.state, lost.attempt, lost.job) == (DownloadState.QUEUED, 0, None)
        kept.refresh_from_db()
        assert kept.state == DownloadState.RUNNING

    def test_parts_that_nobody_needs_are_removed(self, queued: Queued) -> None:
        states = {
            1: (DownloadState.QUEUED, None),
            2: (DownloadState.FAILED, timezone.now()),
            3: (DownloadState.FAILED, timezone.now() - KEPT_PARTS - timedelta(hours=1)),
            4: (DownloadState.CANCELLED, timezone.now()),
            5: (DownloadState.DONE, timezone.now()),
        }
        folders = {}
        for number, (state, ended) in states.items():
            download = queued(number)
            folders[number] = parts_folder(download.pk)
            Download.objects.filter(pk=download.pk).update(state=state, finished_at=ended)
        deleted = parts_root() / ("0" * 32)
        deleted.mkdir()
        (parts_root() / "of somebody else").mkdir()
        assert parts_trim() == 4
        assert {number for number, folder in folders.items() if folder.exists()} == {1, 2}
        assert not deleted.exists()
        assert (parts_root() / "of somebody else").exists()
