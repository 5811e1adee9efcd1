"""`/health/detailed`: who sees what, and that what is broken is told and never an error."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from core.health import registry, report
from core.health.registry import NoAnswer, Part, State, answer_within, health_part, parts_look
from core.models import Job, JobState
from downloads import health
from downloads.errors import DiskFull
from downloads.models import Download, LibraryFile
from downloads.tests.queue.conftest import Configured, admin, anime, configured, queued

__all__ = ["admin", "anime", "configured", "queued"]
pytestmark = pytest.mark.django_db

URL = "/health/detailed"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "_last", None)
    monkeypatch.setattr(health, "worker_answers", lambda: True)


@pytest.fixture
def told(configured: Configured) -> Callable[[], dict[str, Any]]:
    """The whole report as somebody on this machine gets it."""

    def tell() -> dict[str, Any]:
        answer = Client().get(URL, REMOTE_ADDR="127.0.0.1")
        return answer.json() | {"code": answer.status_code}

    return tell


def test_the_report_has_what_the_reference_has_and_ours(told: Callable[[], dict[str, Any]]) -> None:
    found = told()
    assert (found["code"], found["status"], found["version"]) == (200, "healthy", "0.1.0"), found
    assert found["uptime_seconds"] >= 0
    assert found["database"]["status"] == "connected"
    assert 0 <= found["database"]["response_time_ms"] < 2000
    assert found["filesystem"]["status"] == "accessible"
    assert found["filesystem"]["disk_free_gb"] > 0
    assert found["services"] == {"anime_service": "ready", "download_service": "ready"}
    assert found["configuration"] == {"status": "valid"}
    assert found["library"]["status"] == "accessible"
    assert found["ffmpeg"]["status"] == "found"
    assert (found["workers"]["status"], found["workers"]["jobs"]) == ("alive", [])
    queue = found["queue"]
    assert (queue["status"], queue["mode"], queue["waits_because"], queue["total"]) == ("running", "running", "", 0)


def test_strangers_get_a_word_and_staff_everything(configured: Configured, settings: Any, admin: User) -> None:
    settings.METRICS_TOKEN = "of-the-scraper"
    member = UserFactory()
    public = {"status", "version", "uptime_seconds"}

    def keys(client: Client | None = None, **headers: str) -> set[str]:
        answer = (client or Client()).get(URL, headers=headers or None, **ELSEWHERE)
        assert answer.status_code == 200, answer.content
        assert answer["Cache-Control"].startswith("max-age=0"), answer.headers
        return set(answer.json())

    def bearer(user: User) -> dict[str, str]:
        return {"Authorization": f"Bearer {session_start(user=user).access_token}"}

    in_session = Client()
    in_session.force_login(admin)
    assert keys() == public
    assert keys(Authorization="Bearer of-nobody") == public
    assert keys(**bearer(member)) == public
    assert keys(**bearer(admin), **{"X-API-Key": "x"}) == public
    assert keys(**bearer(admin)) > public
    assert keys(in_session) > public
    assert keys(Authorization="Bearer of-the-scraper") > public
    forwarded = Client().get(URL, REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "203.0.113.9"})
    assert set(forwarded.json()) == public
    assert Client().post(URL).status_code == 405


def test_many_strangers_cost_one_report(configured: Configured, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(report, "parts_look", lambda: looks.append(1) or {})
    for _ in range(5):
        assert Client().get(URL, **ELSEWHERE).json()["status"] == "healthy"
    assert len(looks) == 1


def test_a_damaged_configuration_is_told(told: Callable[[], dict[str, Any]], settings: Any) -> None:
    Path(settings.CONFIGURATION_ROOT, "downloads.json").write_text("{broken")
    found = told()
    assert (found["code"], found["status"]) == (200, "degraded")
    assert found["configuration"]["status"] == "damaged"
    assert found["configuration"]["problem"]
    assert found["services"]["download_service"] == "limited"


@pytest.mark.parametrize("case", ["gone", "not mounted", "a file", "new"])
def test_a_library_that_is_away_is_told(
    told: Callable[[], dict[str, Any]], settings: Any, case: str, anime: Any
) -> None:
    root = Path(settings.LIBRARY_ROOT)
    if case != "new":
        LibraryFile.objects.create(path="a.mkv", size=1, mtime_ns=1, anime=anime, first=1, last=1)
    if case != "not mounted":
        root.rmdir()
    if case == "a file":
        root.write_text("")
    found = told()
    wanted = {"new": ("healthy", "new")}.get(case, ("degraded", "missing"))
    assert (found["code"], found["status"], found["library"]["status"]) == (200, *wanted), found["library"]


def test_no_ffmpeg_is_told(told: Callable[[], dict[str, Any]], settings: Any) -> None:
    settings.FFMPEG = "/nowhere/ffmpeg"
    found = told()
    assert (found["status"], found["ffmpeg"]["status"]) == ("degraded", "missing")
    assert found["services"]["download_service"] == "unavailable"


def test_the_queue_tells_why_it_waits(
    told: Callable[[], dict[str, Any]],
    configured: Configured,
    queued: Callable[..., Download],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queued(1)
    monkeypatch.setattr("downloads.queue.dispatch.is_quiet", lambda: True)
    found = told()
    assert (found["status"], found["queue"]["status"]) == ("healthy", "waiting")
    assert (found["queue"]["waits_because"], found["queue"]["queued"]) == ("quiet_hours", 1)
    monkeypatch.setattr("downloads.queue.dispatch.is_quiet", lambda: False)
    monkeypatch.setattr("downloads.queue.dispatch.space_check", _full)
    found = told()
    assert (found["status"], found["queue"]["waits_because"]) == ("degraded", "disk_full")


def _full(*_args: Any, **_named: Any) -> None:
    raise DiskFull


def test_workers_are_told_by_what_they_report(
    told: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "worker_answers", lambda: False)
    now = timezone.now()
    assert told()["workers"]["status"] == "absent"
    job = Job.objects.create(kind="downloads.run", queue="media")
    Job.objects.filter(pk=job.pk).update(created_at=now - timedelta(minutes=5))
    found = told()
    assert (found["status"], found["workers"]["status"]) == ("degraded", "late")
    assert 299 <= found["workers"]["oldest_waiting_seconds"] < 330
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, heartbeat_at=now - timedelta(seconds=7), lease_until=now + timedelta(minutes=1)
    )
    found = told()
    assert (found["status"], found["workers"]["status"]) == ("healthy", "alive")
    (shown,) = found["workers"]["jobs"]
    assert (shown["kind"], shown["is_overdue"], shown["heartbeat_age_seconds"] in range(7, 30)) == (
        "downloads.run",
        False,
        True,
    )
    Job.objects.filter(pk=job.pk).update(lease_until=now - timedelta(seconds=1))
    found = told()["workers"]
    assert (found["status"], found["jobs"][0]["is_overdue"]) == ("absent", True)


def test_without_a_database_it_is_unhealthy_and_no_error(
    configured: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.health.parts.connection.cursor", _refuse)
    answer = Client().get(URL, REMOTE_ADDR="127.0.0.1")
    found = answer.json()
    assert (answer.status_code, found["status"], found["database"]["status"]) == (503, "unhealthy", "failed")
    assert (found["queue"]["status"], found["services"]["anime_service"]) == ("unknown", "unknown")
    assert found["configuration"]["status"] == "valid"
    assert Client().get(URL, **ELSEWHERE).status_code == 503


def _refuse() -> None:
    raise OSError("no such host")


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A part that does not come back until the event is set."""
    monkeypatch.setattr(registry, "_known", {})
    monkeypatch.setattr(registry, "_runs", {})
    monkeypatch.setattr(registry, "SECONDS", 0.05)
    event = threading.Event()
    yield event
    event.set()


def test_a_part_that_hangs_or_breaks_holds_nobody_up(hanging: threading.Event) -> None:
    calls: list[int] = []

    @health_part("stuck")
    def stuck() -> Part:
        calls.append(1)
        hanging.wait()
        return Part(State.HEALTHY, {"status": "well"})

    @health_part("broken", uses_database=True, if_broken=State.UNHEALTHY)
    def broken() -> Part:
        raise RuntimeError

    for _ in range(3):
        found = parts_look()
        assert found["stuck"] == Part(State.DEGRADED, {"status": "no_answer"})
        assert found["broken"] == Part(State.UNHEALTHY, {"status": "failed", "error": "RuntimeError"})
    assert calls == [1]
    hanging.set()
    registry._runs["stuck"].thread.join()
    assert parts_look()["stuck"].facts["status"] in ("well", "no_answer")


def test_an_answer_within_a_time(hanging: threading.Event) -> None:
    assert answer_within("quick", lambda: 3) == 3
    with pytest.raises(NoAnswer):
        answer_within("slow", hanging.wait, 0.01)
    with pytest.raises(RuntimeError):
        answer_within("wrong", _raise, 1)


def _raise() -> None:
    raise RuntimeError
