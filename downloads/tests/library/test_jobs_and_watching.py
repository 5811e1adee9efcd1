"""Scans as jobs, the watch over the folders, the command."""

import json
import os
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.jobs.services import job_run
from core.models import Job
from downloads.library import jobs, watching
from downloads.library.jobs import scan_request
from downloads.library.watching import folders_due, library_watch_due
from downloads.models import FileState, LibraryFile, LibraryScan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_messages(monkeypatch):
    monkeypatch.setattr("core.jobs.services.job_send", lambda job: None)
    monkeypatch.setattr(jobs, "probe_request", lambda: None)


def test_a_request_while_one_waits_is_that_one(library):
    library.add("a.mkv")
    one, two = scan_request(), scan_request()
    assert (one.pk == two.pk, one.queue) == (True, "media")
    done = job_run(job_id=one.pk)
    assert (done.state, done.result["seen"]) == ("done", 1)


def test_a_job_waits_for_a_scan_that_runs(library):
    library.add("a.mkv")
    running = LibraryScan.objects.create(holder="elsewhere:1:x")
    job = job_run(job_id=scan_request().pk)
    assert (job.state, job.error_code) == ("queued", "scan_running")
    assert LibraryScan.objects.get() == running


def test_a_root_that_is_gone_fails_with_its_code(library):
    library.root.rmdir()
    job = job_run(job_id=scan_request().pk)
    assert (job.state, job.error_code) == ("failed", "library_missing")


def test_the_watch_asks_for_what_changed_and_for_nothing_else(library, series):
    anime = series("Hoshi no Niwa")
    library.add("Hoshi no Niwa/Hoshi no Niwa - 01.mkv")
    library.add("Other/x.mkv")
    assert library_watch_due() == 1
    job_run(job_id=Job.objects.get().pk)
    assert (library_watch_due(), LibraryFile.objects.count()) == (0, 2)
    library.add("Hoshi no Niwa/Season 1/Hoshi no Niwa - 02.mkv")
    (library.root / "Other" / "x.mkv").unlink()
    assert library_watch_due() == 2
    job = Job.objects.get(state="queued")
    assert job.payload["only"] == ["Hoshi no Niwa", "Other"]
    assert library_watch_due() == 0, "while one waits"
    assert job_run(job_id=job.pk).result["added"] == 1
    assert LibraryFile.objects.get(path="Hoshi no Niwa/Season 1/Hoshi no Niwa - 02.mkv").anime_id == anime.pk
    assert LibraryFile.objects.get(path="Other/x.mkv").state == FileState.GONE
    assert library_watch_due() == 0


def test_a_file_that_is_being_written_is_looked_at_until_it_stands(library):
    file = library.add("a/b.mkv", b"beginning", at=time.time())
    library.scan()
    assert folders_due(library.root) == ["a"]
    library.add("a/b.mkv", b"beginning and end")
    library.scan(only=["a"])
    assert LibraryFile.objects.get().size == file.stat().st_size
    assert folders_due(library.root) == []


def test_the_watch_is_silent_when_switched_off_or_when_the_disk_is_away(library, monkeypatch):
    from downloads.configuration.values import Configuration

    library.add("a/b.mkv")
    library.scan()
    os.utime(library.root / "a")
    off = Configuration(anime_directory=str(library.root), scan_on_change=False)
    monkeypatch.setattr(watching, "configuration", lambda: off)
    assert library_watch_due() == 0
    monkeypatch.setattr(watching, "configuration", lambda: Configuration(anime_directory=str(library.root / "none")))
    assert library_watch_due() == 0
    assert not Job.objects.exists()


def test_a_look_that_takes_too_long_goes_on_the_next_time(library):
    for name in "abc":
        library.add(f"{name}/x.mkv")
    library.scan()
    for name in "abc":
        os.utime(library.root / name)
    assert folders_due(library.root, seconds=-1) == []
    assert folders_due(library.root) == ["a", "b", "c"]


def test_the_command_tells_what_it_did(library, series, monkeypatch):
    series("Hoshi no Niwa")
    library.add("Hoshi no Niwa/Hoshi no Niwa - 01.mkv")
    out = StringIO()
    call_command("scan_library", "--no-probe", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["state"], told["seen"], told["matched"]) == ("done", 1, 1)
    library.root.rename(library.root.parent / "away")
    with pytest.raises(CommandError, match="library_missing"):
        call_command("scan_library", "--no-probe", stdout=out)
