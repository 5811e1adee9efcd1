"""What people do with the queue and with what stands in it."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.models import User
from catalog.tests.factories import EpisodeSourceFactory
from core.errors import NotFound
from core.jobs import job_enqueue
from core.models import Job
from downloads.errors import DownloadExists, DownloadStateWrong
from downloads.models import Download, DownloadState, FileState, LibraryFile, Priority, QueueControl, QueueMode
from downloads.queue import control
from downloads.queue.parts import parts_folder, parts_root
from downloads.queue.selectors import downloads_live, queue_status

pytestmark = pytest.mark.django_db
Queued = Callable[..., Download]


def in_state(download: Download, state: DownloadState, **given: object) -> Download:
    Download.objects.filter(pk=download.pk).update(state=state, **given)
    download.refresh_from_db()
    return download


def running(download: Download) -> Download:
    job = job_enqueue(kind="downloads.run", payload={}, queue="media")
    Job.objects.filter(pk=job.pk).update(state="running")
    return in_state(download, DownloadState.RUNNING, job=job, attempt=1)


class TestStates:
    def test_a_waiting_one_is_paused_and_goes_on_at_its_place(self, queued: Queued) -> None:
        first, second = queued(1), queued(2)
        assert control.download_pause(download=first).state == DownloadState.PAUSED
        assert control.download_pause(download=first).state == DownloadState.PAUSED
        control.download_resume(download=first)
        assert list(downloads_live()) == [first, second]

    def test_a_running_one_is_asked_to_halt_and_may_be_asked_to_go_on(self, queued: Queued) -> None:
        download = running(queued(1))
        assert control.download_pause(download=download).is_pause_wanted is True
        row = control.download_resume(download=download)
        assert (row.state, row.is_pause_wanted) == (DownloadState.RUNNING, False)

    def test_cancelling_ends_the_job_and_removes_the_parts(
        self, queued: Queued, django_capture_on_commit_callbacks: Callable
    ) -> None:
        download = running(queued(1))
        (parts_folder(download.pk) / "video.part").write_bytes(b"x")
        with django_capture_on_commit_callbacks(execute=True):
            assert control.download_cancel(download=download).state == DownloadState.CANCELLED
        assert Job.objects.get(pk=download.job_id).cancel_requested is True
        assert list(parts_root().iterdir()) == []
        with pytest.raises(DownloadStateWrong) as refused:
            control.download_cancel(download=download)
        assert refused.value.extra == {"state": "cancelled"}

    def test_a_failed_one_begins_its_attempts_anew_with_what_it_has(self, queued: Queued) -> None:
        first, download = queued(2), in_state(queued(1), DownloadState.FAILED, attempt=5, error_code="segment_failed")
        parts_folder(download.pk)
        row = control.download_retry(download=download)
        assert (row.state, row.attempt, row.error_code) == (DownloadState.QUEUED, 0, "")
        assert list(downloads_live()) == [first, download]
        assert (parts_root() / download.pk.hex).is_dir()

    def test_a_failed_one_that_was_queued_anew_meanwhile_stays_failed(self, queued: Queued) -> None:
        old = in_state(queued(1), DownloadState.FAILED)
        new = queued(1)
        with pytest.raises(DownloadExists) as refused:
            control.download_retry(download=old)
        assert refused.value.extra == {"download_id": str(new.pk)}
        old.refresh_from_db()
        assert old.state == DownloadState.FAILED

    @pytest.mark.parametrize(
        ("state", "refused"),
        [
            (DownloadState.QUEUED, set()),
            (DownloadState.RUNNING, {"retry"}),
            (DownloadState.PAUSED, {"retry"}),
            (DownloadState.DONE, {"pause", "resume", "retry", "cancel"}),
            (DownloadState.FAILED, {"pause", "resume", "cancel"}),
            (DownloadState.CANCELLED, {"pause", "resume", "cancel"}),
        ],
    )
    def test_what_may_be_done_in_which_state(self, queued: Queued, state: DownloadState, refused: set) -> None:
        download, found = queued(1), set()
        for name, act in control.ACTIONS.items():
            in_state(download, state)
            try:
                act(download=download)
            except DownloadStateWrong:
                found.add(name)
        assert found == refused

    def test_a_deleted_one_is_gone_in_any_state(
        self, queued: Queued, admin: User, django_capture_on_commit_callbacks: Callable
    ) -> None:
        for state in DownloadState:
            download = in_state(queued(1), state)
            parts_folder(download.pk)
            with django_capture_on_commit_callbacks(execute=True):
                control.download_delete(actor=admin, download=download)
            assert not Download.objects.filter(pk=download.pk).exists()
            assert not (parts_root() / download.pk.hex).exists()
        with pytest.raises(NotFound):
            control.download_pause(download=download)


class TestRemoval:
    def placed(self, download: Download, library: Path) -> Download:
        """It was done, and became `Show/1.mp4`."""
        (library / "Show").mkdir(exist_ok=True)
        (library / "Show" / "1.mp4").write_bytes(b"film")
        source = EpisodeSourceFactory(
            episode=download.anime.episodes.get(number=1), kind="local", url="", path="library:Show/1.mp4"
        )
        LibraryFile.objects.create(
            path="Show/1.mp4", size=4, mtime_ns=1, state="matched", anime=download.anime, first=1, last=1, source=source
        )
        return in_state(download, DownloadState.DONE, path="library:Show/1.mp4")

    def test_its_file_goes_into_the_bin_and_plays_no_more(
        self, queued: Queued, admin: User, tmp_path: Path, django_capture_on_commit_callbacks: Callable
    ) -> None:
        library = tmp_path / "library"
        download = self.placed(queued(1), library)
        other = in_state(queued(1, variant_kind="dub"), DownloadState.DONE, path="library:Show/1.mp4")
        with django_capture_on_commit_callbacks(execute=True):
            control.download_delete(actor=admin, download=download)
        assert not (library / "Show" / "1.mp4").exists()
        assert [file.read_bytes() for file in library.glob(".recycle/*/Show/1.mp4")] == [b"film"]
        file = LibraryFile.objects.get()
        assert (file.state, file.source.health) == (FileState.GONE, "dead")
        other.refresh_from_db()
        assert other.reaped_at is not None

    def test_a_file_that_is_gone_already_is_no_error(
        self, queued: Queued, admin: User, tmp_path: Path, django_capture_on_commit_callbacks: Callable
    ) -> None:
        download = self.placed(queued(1), tmp_path / "library")
        (tmp_path / "library" / "Show" / "1.mp4").unlink()
        with django_capture_on_commit_callbacks(execute=True):
            control.download_delete(actor=admin, download=download)
        assert LibraryFile.objects.get().state == FileState.GONE

    @pytest.mark.parametrize(
        "path", ["library:../outside.txt", "library:/etc/hostname", "library:Show/../../outside.txt"]
    )
    def test_nothing_outside_of_the_library_is_touched(
        self, queued: Queued, admin: User, tmp_path: Path, path: str, django_capture_on_commit_callbacks: Callable
    ) -> None:
        (tmp_path / "outside.txt").write_text("mine")
        download = in_state(queued(1), DownloadState.DONE, path=path)
        with django_capture_on_commit_callbacks(execute=True):
            control.download_delete(actor=admin, download=download)
        assert (tmp_path / "outside.txt").read_text() == "mine"
        assert Path("/etc/hostname").exists()


class TestOrder:
    def numbers(self) -> list[int]:
        return [row.episode_number for row in downloads_live()]

    def test_priority_comes_first_and_then_who_came_first(self, queued: Queued) -> None:
        queued(1), queued(2, priority=Priority.LOW), queued(3, priority=Priority.HIGH), queued(4)
        assert self.numbers() == [3, 1, 4, 2]

    def test_one_is_put_before_another_and_takes_over_its_priority(self, queued: Queued) -> None:
        rows = {number: queued(number) for number in range(1, 6)}
        control.download_move(download=rows[5], before=rows[2])
        assert self.numbers() == [1, 5, 2, 3, 4]
        control.download_move(download=rows[1], before=None)
        assert self.numbers() == [5, 2, 3, 4, 1]
        control.download_set_priority(download=rows[3], priority=Priority.HIGH)
        control.download_move(download=rows[4], before=rows[3])
        assert self.numbers() == [4, 3, 5, 2, 1]
        rows[4].refresh_from_db()
        assert rows[4].priority == Priority.HIGH
        queued(6), queued(7, priority=Priority.HIGH)
        assert self.numbers() == [4, 3, 7, 5, 2, 1, 6]

    def test_before_itself_changes_nothing(self, queued: Queued) -> None:
        first, _second = queued(1), queued(2)
        control.download_move(download=first, before=first)
        assert self.numbers() == [1, 2]

    def test_only_what_waits_can_be_moved(self, queued: Queued) -> None:
        waiting, done = queued(1), in_state(queued(2), DownloadState.DONE)
        for download, before in ((done, waiting), (waiting, done), (Download(pk=uuid.uuid4()), waiting)):
            with pytest.raises(DownloadStateWrong):
                control.download_move(download=download, before=before)


class TestQueue:
    def test_its_mode_is_kept_with_who_set_it(self, admin: User) -> None:
        assert queue_status().mode == QueueMode.RUNNING
        for mode in (QueueMode.PAUSED, QueueMode.STOPPED, QueueMode.RUNNING):
            control.queue_set_mode(actor=admin, mode=mode)
            assert queue_status().mode == mode
        assert QueueControl.objects.get().set_by == admin

    def test_its_status_counts_what_there_is(self, queued: Queued) -> None:
        in_state(queued(1), DownloadState.DONE)
        in_state(queued(2), DownloadState.RUNNING, bytes_total=1000, bytes_done=10, speed=50)
        queued(3)
        status = queue_status()
        assert (status.total, status.done, status.running, status.queued, status.failed) == (3, 1, 1, 1, 0)
        assert (status.size, status.speed) == (1000, 50)
