"""The whole way of a download: from the queue and a host of streams into the library, undisturbed and disturbed."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import pytest
from django.core.cache import cache

from catalog.facade import EpisodePublished
from catalog.models import Anime, EpisodeSource, SourceKind
from catalog.services.merging import anime_merge
from catalog.tests.factories import (
    AnimeFactory,
    EpisodeFactory,
    EpisodeSourceFactory,
    TimecodeFactory,
    TranslationFactory,
)
from core import events
from core.jobs.services import job_run
from core.models import Job, JobState
from downloads import hosts
from downloads.configuration.store import configuration
from downloads.fetching import parallel, tracks
from downloads.models import Download, DownloadAttempt, DownloadState, FileState, LibraryFile, QueueMode, Stage
from downloads.queue import control, pipeline, placing, running
from downloads.queue.dispatch import queue_dispatch
from downloads.queue.enqueue import download_enqueue
from downloads.queue.running import Run
from downloads.tests.media_files import AAC, H264, PICTURE, SOUND, MediaFiles
from downloads.tests.network import HereNetwork
from downloads.tests.queue.conftest import Configured
from downloads.tests.stream_host import StreamHost

pytestmark = [pytest.mark.once, pytest.mark.django_db]
SEGMENTS = 12
PAST = "2020-01-01T00:00:00Z"
Action = Callable[[Run], object]


class Killed(BaseException):
    """What a worker's death looks like from inside: nothing is caught, nothing is written."""


@dataclass
class World:
    """One anime of a few episodes, a host with streams, and folders of its own."""

    host: StreamHost
    anime: Anime
    folder: Path

    def source(self, number: int, path: str, translation: object = None, **faults: Any) -> EpisodeSource:
        """A way to fetch an episode: a file of the host, with faults."""
        kind = SourceKind.MP4 if path.endswith(".mp4") else SourceKind.HLS
        url = self.host.url(path, **faults).replace("127.0.0.1", "cdn.example")
        episode = self.anime.episodes.get(number=number)
        return EpisodeSourceFactory(
            episode=episode, translation=translation, kind=kind, url=url, path="", quality=0, health="unknown"
        )

    def queued(self, number: int = 1, **given: Any) -> Download:
        return download_enqueue(actor=None, anime_id=self.anime.pk, number=number, **given)

    def attempt(self, download: Download) -> Download:
        """One attempt, as if its time had come or its dead worker's lease had run out."""
        Download.objects.filter(pk=download.pk).update(retry_at=None)
        queue_dispatch()
        download.refresh_from_db()
        assert download.state == DownloadState.RUNNING
        Job.objects.filter(pk=download.job_id).update(lease_until=PAST)
        job_run(job_id=download.job_id)
        return Download.objects.get(pk=download.pk)

    def files(self) -> list[str]:
        """What lies in the library, hidden files too."""
        root = self.folder / "library"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def parts(self) -> list[Path]:
        return [path for path in (self.folder / "downloads").rglob("*") if path.is_file()]

    def asked(self) -> int:
        """How often segments were asked for."""
        return sum(count for path, count in self.host.hits.items() if path.endswith(".ts"))


@pytest.fixture(scope="session")
def stream(media_files: MediaFiles) -> Path:
    """The folder with `list.m3u8`, six seconds in twelve segments."""
    cut = ["-f", "hls", "-hls_time", "0.5", "-hls_list_size", "0", "-hls_segment_filename", "segment-%02d.ts"]
    media_files.make("list.m3u8", *PICTURE, *SOUND, *H264, *AAC, *cut, seconds=6)
    assert len(list(media_files.folder.glob("segment-*.ts"))) == SEGMENTS
    return media_files.folder


@pytest.fixture
def world(
    stream: Path, media_files: MediaFiles, configured: Configured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    assert media_files.mp4.exists()
    monkeypatch.setattr(running, "WRITE_SECONDS", 0.0)
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(tracks, "BEAT", 0.0)
    former = hosts.network_set(HereNetwork())
    with StreamHost({"s": stream}) as host:
        configured(allowed_hosts=[f"cdn.example:{host.port}"], parallel_segments=2)
        anime: Any = AnimeFactory(title="Hoshi no Niwa", year=2020, document=True)
        for number in (1, 2):
            EpisodeFactory(anime=anime, number=number)
        yield World(host, anime, tmp_path)
    hosts.network_set(former)


@contextmanager
def at(where: Stage, action: Action, *, above: float = 0.0) -> Iterator[None]:
    """Do something once in the worker's thread when a stage is further than `above` percent."""
    original, done = Run.progress, list[bool]()

    def progress(run: Run, percent: float, **counted: Any) -> None:
        original(run, percent, **counted)
        if not done and run.download.stage == where and percent >= above:
            done.append(True)
            action(run)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Run, "progress", progress)
        yield
    assert done, f"{where} was not reached"


def dies(_run: Run) -> None:
    raise Killed


class TestWholeWay:
    def test_a_stream_becomes_a_file_of_the_library(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        dub = TranslationFactory(kind="dub", language="de")
        world.source(1, "s/list.m3u8", dub)
        TimecodeFactory(
            anime=world.anime, episode_number=1, intro_start=1.0, intro_end=2.5, outro_start=4.0, outro_end=5.0
        )
        stages: list[str] = []
        published: list[EpisodePublished] = []
        entered = Run.stage

        def enters(run: Run, stage: Stage) -> None:
            stages.append(str(stage))
            entered(run, stage)

        monkeypatch.setattr(Run, "stage", enters)
        monkeypatch.setitem(
            events._subscribers,
            EpisodePublished,
            [*events._subscribers.get(EpisodePublished, []), published.append],
        )
        done = world.attempt(world.queued())
        assert (done.state, done.error_code, done.percent, done.target) == (DownloadState.DONE, "", 100.0, "")
        assert stages == ["resolve", "fetch", "verify", "remux", "place", "index"]
        place = "Hoshi no Niwa (2020)/Season 01/Hoshi no Niwa - S01E01 [36p].mp4"
        assert world.files() == [place]
        assert world.parts() == []
        assert world.asked() == SEGMENTS
        assert (done.path, done.height) == (f"library:{place}", 36)
        assert done.duration_seconds == pytest.approx(6, abs=0.2)
        file = LibraryFile.objects.get()
        assert (file.path, file.state, file.anime_id, file.first) == (place, FileState.MATCHED, world.anime.pk, 1)
        assert file.source is not None
        assert (file.source.path, file.source.translation.language) == (f"library:{place}", "de")
        assert published == [EpisodePublished(world.anime.pk, 1, "dub", "de")]
        assert not DownloadAttempt.objects.exists()
        assert Job.objects.get(kind="downloads.run").state == JobState.DONE
        with av.open(str(world.folder / "library" / place)) as opened:
            told = [
                (one["metadata"].get("title", ""), float(one["start"] * one["time_base"])) for one in opened.chapters()
            ]  # type: ignore[operator]
            assert opened.metadata["title"] == "Episode 1"
        assert [chapter for chapter in told if chapter[0] in ("Opening", "Ending")] == [
            ("Opening", 1.0),
            ("Ending", 4.0),
        ]

    def test_a_single_file_too(self, world: World) -> None:
        world.source(1, "s/plain.mp4")
        done = world.attempt(world.queued())
        assert (done.state, done.source_kind, done.size > 0) == (DownloadState.DONE, "mp4", True)
        assert [name.rpartition("/")[2] for name in world.files()] == ["Hoshi no Niwa - S01E01 [36p].mp4"]

    def test_two_variants_of_an_episode_are_two_files(self, world: World) -> None:
        dub, sub = TranslationFactory(kind="dub", language="de"), TranslationFactory(kind="sub", language="fr")
        world.source(1, "s/plain.mp4", dub)
        world.source(1, "s/list.m3u8", sub)
        world.attempt(world.queued(variant_kind="dub", variant_language="de"))
        world.attempt(world.queued(variant_kind="sub", variant_language="fr"))
        assert [name.rpartition("/")[2] for name in world.files()] == [
            "Hoshi no Niwa - S01E01 [36p].mp4",
            "Hoshi no Niwa - S01E01 [fr sub] [36p].mp4",
        ]
        assert LibraryFile.objects.count() == 2


class TestDisturbed:
    def test_a_source_that_fails_is_left_for_the_next(self, world: World) -> None:
        world.source(1, "s/missing.m3u8")
        world.source(1, "s/plain.mp4")
        first = world.attempt(world.queued())
        assert first.state == DownloadState.QUEUED
        assert first.retry_at is not None
        assert (first.error_code, first.attempt) == (DownloadAttempt.objects.get().error_code, 1)
        assert "missing" in DownloadAttempt.objects.get().url
        second = world.attempt(first)
        assert (second.state, second.error_code, second.source_kind) == (DownloadState.DONE, "", "mp4")

    def test_a_host_that_is_gone_for_a_while_is_waited_for(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        world.source(1, "s/list.m3u8")
        monkeypatch.setattr(parallel, "FIRST_PAUSE", 0.001)
        with at(Stage.FETCH, lambda _run: world.host.__exit__(None, None, None), above=40):
            gone = world.attempt(world.queued())
        assert (gone.state, gone.attempt, gone.error_code) == (DownloadState.QUEUED, 1, "segment_failed")
        assert gone.retry_at is not None
        before = world.asked()
        cache.clear()  # the time that egress leaves such a host alone has passed
        with StreamHost(world.host.roots, port=world.host.port) as back:
            assert world.attempt(gone).state == DownloadState.DONE
        assert sum(count for path, count in back.hits.items() if path.endswith(".ts")) <= SEGMENTS + 2 - before // 2
        assert len(world.files()) == 1

    def test_paused_in_the_midst_it_goes_on_with_what_it_has(self, world: World) -> None:
        world.source(1, "s/list.m3u8", latency=5)
        download = world.queued()
        with at(Stage.FETCH, lambda run: control.download_pause(download=run.download), above=40):
            paused = world.attempt(download)
        assert (paused.state, paused.attempt, paused.job) == (DownloadState.PAUSED, 0, None)
        assert world.parts()
        assert queue_dispatch() == 0
        control.download_resume(download=paused)
        assert world.attempt(paused).state == DownloadState.DONE
        assert SEGMENTS <= world.asked() <= SEGMENTS + 2  # the two that were on their way
        assert (world.parts(), DownloadAttempt.objects.count()) == ([], 0)

    def test_cancelled_in_the_midst_it_leaves_nothing(
        self, world: World, django_capture_on_commit_callbacks: Any
    ) -> None:
        world.source(1, "s/list.m3u8", latency=5)

        def cancel(run: Run) -> None:
            with django_capture_on_commit_callbacks(execute=True):
                control.download_cancel(download=run.download)

        with at(Stage.FETCH, cancel, above=40):
            over = world.attempt(world.queued())
        assert over.state == DownloadState.CANCELLED
        assert (world.parts(), world.files(), LibraryFile.objects.count()) == ([], [], 0)
        assert Job.objects.get(kind="downloads.run").state == JobState.CANCELLED

    def test_deleted_in_the_midst_it_leaves_nothing(
        self, world: World, django_capture_on_commit_callbacks: Any
    ) -> None:
        world.source(1, "s/list.m3u8", latency=5)

        def delete(run: Run) -> None:
            with django_capture_on_commit_callbacks(execute=True):
                control.download_delete(actor=None, download=run.download)  # type: ignore[arg-type]

        download = world.queued()
        with at(Stage.FETCH, delete, above=40), pytest.raises(Download.DoesNotExist):
            world.attempt(download)
        assert (world.parts(), world.files(), LibraryFile.objects.count()) == ([], [], 0)

    def test_a_paused_queue_halts_what_runs_and_starts_nothing(self, world: World) -> None:
        world.source(1, "s/list.m3u8", latency=5)
        admin: Any = None
        with at(Stage.FETCH, lambda _run: control.queue_set_mode(actor=admin, mode=QueueMode.PAUSED), above=40):
            halted = world.attempt(world.queued())
        assert (halted.state, halted.attempt, queue_dispatch()) == (DownloadState.QUEUED, 0, 0)
        control.queue_set_mode(actor=admin, mode=QueueMode.RUNNING)
        assert world.attempt(halted).state == DownloadState.DONE
        assert world.asked() <= SEGMENTS + 2

    def test_what_does_not_move_is_ended_and_tried_again(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        class Clock:
            now = 0.0

            def monotonic(self) -> float:
                self.now += 40.0
                return self.now

        world.source(1, "s/list.m3u8", latency=700)
        with monkeypatch.context() as patched:
            patched.setattr(running, "time", Clock())
            stalled = world.attempt(world.queued())
        assert (stalled.state, stalled.error_code) == (DownloadState.QUEUED, "download_stalled")
        EpisodeSource.objects.all().delete()
        world.source(1, "s/list.m3u8")
        assert world.attempt(stalled).state == DownloadState.DONE

    def test_damaged_media_is_fetched_anew_and_given_up_at_last(self, world: World, configured: Configured) -> None:
        world.host.roots["bad"] = world.folder / "bad"
        (world.folder / "bad").mkdir()
        whole = (world.host.roots["s"] / "plain.mp4").read_bytes()
        start = whole.index(b"mdat") + 4
        (world.folder / "bad" / "plain.mp4").write_bytes(whole[:start] + bytes(len(whole) - start))
        configured(allowed_hosts=[f"cdn.example:{world.host.port}"], max_attempts=2)
        world.source(1, "bad/plain.mp4")
        download = world.attempt(world.queued())
        assert (download.state, download.error_code) == (DownloadState.QUEUED, "media_broken")
        assert world.parts() == []
        download = world.attempt(download)
        assert (download.state, download.retry_at) == (DownloadState.FAILED, None)
        assert download.error_detail
        assert [one.error_code for one in download.attempts.all()] == ["media_broken"] * 2
        assert (world.parts(), world.files()) == ([], [])

    def test_an_anime_that_is_merged_in_the_midst_gets_its_file_under_the_one_that_stays(self, world: World) -> None:
        world.source(1, "s/list.m3u8")
        keep: Any = AnimeFactory(title="Star Garden", year=2021, document=True)
        with at(Stage.FETCH, lambda _run: anime_merge(actor=None, keep=keep, duplicate=world.anime), above=40):
            done = world.attempt(world.queued())
        assert (done.state, done.anime_id) == (DownloadState.DONE, keep.pk)
        file = LibraryFile.objects.get()
        assert (file.anime_id, file.source.episode.anime_id) == (keep.pk, keep.pk)  # type: ignore[union-attr]
        assert world.files()[0].startswith("Star Garden (2021)/")


class TestFullDisk:
    @pytest.mark.parametrize("where", ["segment", "part"])
    def test_while_fetching_it_fails_and_frees_what_it_took(
        self, world: World, monkeypatch: pytest.MonkeyPatch, where: str
    ) -> None:
        world.source(1, "s/list.m3u8")
        full = OSError(errno.ENOSPC, "No space left on device")
        broken = "core.egress.fetch_to_file" if where == "segment" else "downloads.fetching.journal.Journal.note"

        def refuses(*_given: Any, **_named: Any) -> None:
            raise full

        with monkeypatch.context() as patched, at(Stage.FETCH, lambda _run: patched.setattr(broken, refuses)):
            download = world.attempt(world.queued())
        assert (download.state, download.error_code, download.retry_at) == (DownloadState.FAILED, "disk_full", None)
        assert (world.parts(), world.files(), LibraryFile.objects.count()) == ([], [], 0)
        assert download.attempts.get().stage == Stage.FETCH
        assert world.attempt(control.download_retry(download=download)).state == DownloadState.DONE

    def test_below_the_floor_nothing_is_placed(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        world.source(1, "s/plain.mp4")
        floor = replace(configuration(), free_space_floor=10**15)
        with monkeypatch.context() as patched:
            patched.setattr("downloads.placing.disk.is_one_file_system", lambda *_given: False)
            patched.setattr(placing, "configuration", lambda: floor)
            download = world.attempt(world.queued())
        assert (download.state, download.error_code) == (DownloadState.FAILED, "disk_full")
        assert (download.attempts.get().stage, download.target) == (Stage.PLACE, "")
        assert (world.parts(), world.files(), LibraryFile.objects.count()) == ([], [], 0)
        assert world.attempt(control.download_retry(download=download)).state == DownloadState.DONE


class TestDeadWorkers:
    def test_one_that_kills_every_worker_without_getting_on_is_given_up(self, world: World) -> None:
        world.source(1, "s/list.m3u8")
        download = world.queued()
        for _time in range(pipeline.MAX_CRASHES + 1):
            with at(Stage.RESOLVE, dies), pytest.raises(Killed):
                world.attempt(download)
        download = world.attempt(download)
        assert (download.state, download.error_code) == (DownloadState.FAILED, "download_crashed")
        assert download.attempts.count() == 1
        assert download.attempt == 1

    def test_one_that_gets_on_between_deaths_is_not(self, world: World) -> None:
        world.source(1, "s/list.m3u8")
        download = world.queued()
        for share in (10, 25, 40, 55, 70, 85, 95):
            with at(Stage.FETCH, dies, above=share), pytest.raises(Killed):
                world.attempt(download)
        done = world.attempt(download)
        assert (done.state, done.attempt, done.crashes) == (DownloadState.DONE, 1, 0)
        assert world.asked() <= SEGMENTS + 7 * 2
        assert len(world.files()) == 1

    @pytest.mark.parametrize("stage", [Stage.FETCH, Stage.REMUX, Stage.PLACE, Stage.INDEX])
    def test_a_worker_that_was_taken_over_leaves_all_to_the_other(self, world: World, stage: Stage) -> None:
        world.source(1, "s/list.m3u8")
        download = world.queued()

        def other_does_it(run: Run) -> None:
            job = Job.objects.get(kind="downloads.run")
            Job.objects.filter(pk=job.pk).update(lease_until=PAST)
            finished = job_run(job_id=job.pk)
            assert finished is not None
            assert finished.state == JobState.DONE

        with at(stage, other_does_it):
            done = world.attempt(download)
        assert (done.state, done.error_code, done.target) == (DownloadState.DONE, "", "")
        assert (len(world.files()), LibraryFile.objects.count(), world.parts()) == (1, 1, [])
        assert not DownloadAttempt.objects.exists()

    def test_one_that_wakes_up_after_it_was_taken_over_throws_nothing_away(self, world: World) -> None:
        """Stopped between its last look and its end, it has no lease any more and does not know it."""
        world.source(1, "s/plain.mp4")
        download = world.queued()
        with pytest.MonkeyPatch.context() as patched:
            indexed = placing.file_index

            def late(**given: Any) -> Any:
                Job.objects.filter(kind="downloads.run").update(attempt=2)
                return indexed(**given)

            patched.setattr(placing, "file_index", late)
            world.attempt(download)
        download.refresh_from_db()
        assert download.state == DownloadState.RUNNING
        assert f"library:{download.target}" not in ("library:", download.path)
        assert world.files() == [download.target]
        Job.objects.filter(kind="downloads.run").update(state=JobState.RUNNING)
        assert world.attempt(download).path == f"library:{download.target}"
        assert LibraryFile.objects.count() == 1

    @pytest.mark.parametrize("stage", [Stage.VERIFY, Stage.REMUX, Stage.PLACE, Stage.INDEX])
    def test_killed_at_a_later_stage_nothing_is_fetched_again(self, world: World, stage: Stage) -> None:
        world.source(1, "s/list.m3u8")
        download = world.queued()
        with at(stage, dies, above=0), pytest.raises(Killed):
            world.attempt(download)
        assert world.attempt(download).state == DownloadState.DONE
        assert world.asked() == SEGMENTS
        assert (len(world.files()), LibraryFile.objects.count(), world.parts()) == (1, 1, [])
