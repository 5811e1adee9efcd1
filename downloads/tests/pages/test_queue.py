"""The page of the queue: what it shows, what its forms do, with and without scripts."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, EpisodeFactory
from core.admin.dashboard import Figure
from downloads.admin.dashboard import downloads_part
from downloads.models import Download, DownloadAttempt, DownloadState, QueueControl
from downloads.pages.queue_lines import error_words, left_words, stages_of
from downloads.queue.selectors import downloads_live
from downloads.tests.queue.conftest import Configured, admin, anime, configured, queued
from tests.query_counts import assert_queries

__all__ = ["admin", "anime", "configured", "queued"]
pytestmark = pytest.mark.django_db

PAGE = "/downloads"
HTMX = {"HX-Request": "true", "HX-Target": "queue"}
Act = Callable[..., Any]


@pytest.fixture
def client(admin: User, configured: Configured) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def act(client: Client) -> Act:
    def post(download: Download, action: str, *, query: str = "", headers: dict[str, str] | None = None, **form: Any):
        return client.post(f"/downloads/queue/{download.pk}{query}", {"action": action, **form}, headers=headers)

    return post


def numbers(state: str = "queued") -> list[int]:
    """Episode numbers in the order of the queue."""
    return [row.episode_number for row in downloads_live() if row.state == state]


def body(answer: Any) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return re.sub(r"\s+", " ", answer.content.decode())


def state_set(download: Download, state: str, **values: Any) -> None:
    Download.objects.filter(pk=download.pk).update(state=state, **values)


class TestWhatItShows:
    def test_an_empty_queue(self, client: Client) -> None:
        page = body(client.get(PAGE))
        assert "Nothing is in the queue" in page
        assert 'id="queue-start" name="action" value="start" aria-pressed="true"' in page
        assert "Nothing yet." in page

    def test_every_state_says_what_matters(self, client: Client, anime: Anime, queued: Callable[..., Download]) -> None:
        running, waiting, failed, done = (
            queued(number, variant_kind="dub", variant_language="de") for number in (1, 2, 3, 5)
        )
        state_set(
            running,
            "running",
            stage="fetch",
            stage_percent=62.4,
            percent=51.0,
            bytes_done=512 * 1024**2,
            bytes_total=1024**3,
            speed=5 * 1024**2,
            seconds_left=100,
            attempt=2,
            host="cdn.example",
        )
        again = timezone.now() + timedelta(minutes=3)
        state_set(waiting, "queued", attempt=1, retry_at=again, error_code="segment_failed")
        state_set(failed, "failed", attempt=5, error_code="media_broken", finished_at=timezone.now())
        DownloadAttempt.objects.create(
            download=failed, number=5, stage="verify", error_code="media_broken", error_detail="<b>at 3 s</b>"
        )
        state_set(done, "done", path="library:a/b.mkv", size=400 * 1024**2, height=1080, finished_at=timezone.now())
        page = body(client.get(PAGE))
        for words in (
            "S01E01",
            "Dub (German)",
            "512.0 MB of 1.0 GB",
            "5.0 MB/s",
            "2 min left",
            "Attempt 2 of 5",
            "cdn.example",
            "A part of the stream could not be fetched",
            "next attempt:",
            "The file is damaged",
            "1 attempt failed",
            "&lt;b&gt;at 3 s&lt;/b&gt;",
            f'href="/watch/{anime.pk}/5"',
            "1080p",
        ):
            assert words in page, words
        assert page.count("data-stage=") == 6
        assert 'data-stage="fetch" data-label="Fetching" title="Fetching" style="--p:62"' in page
        assert 'aria-valuenow="51"' in page

    def test_why_it_waits(self, client: Client, configured: Configured, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("downloads.queue.dispatch.is_quiet", lambda: True)
        assert "Quiet hours" in body(client.get(PAGE))

        def refuse(*_args: object, **_named: object) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr("downloads.queue.dispatch.is_quiet", refuse)
        assert "Is its disk connected?" in body(client.get(PAGE))

    def test_history_by_state_and_page(self, client: Client, anime: Anime) -> None:
        for number in range(1, 24):
            state = "failed" if number == 23 else "cancelled"
            Download.objects.create(anime=anime, episode_number=number, state=state, finished_at=timezone.now())
        first, second = body(client.get(PAGE)), body(client.get(f"{PAGE}?page=2"))
        assert (first.count("data-download="), second.count("data-download=")) == (20, 3)
        failed = body(client.get(f"{PAGE}?over=failed"))
        assert failed.count("data-download=") == 1
        assert 'href="/downloads?over=failed#history" aria-current="true"' in failed
        assert body(client.get(f"{PAGE}?over=%00nonsense&page=999999&queue=x")).count("data-download=") == 0

    def test_hostile_words_stay_words(self, client: Client, admin: User) -> None:
        Download.objects.create(
            anime=AnimeFactory(title="<script>alert(1)</script>", document=True),
            episode_number=1,
            state="failed",
            host='"><img src=x>',
            error_code="<i>x",
            error_detail="</details><script>1",
        )
        page = body(client.get(PAGE))
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert "<i>x" not in page

    def test_it_asks_as_often_for_many_as_for_few(
        self, client: Client, anime: Anime, queued: Callable[..., Download]
    ) -> None:
        queued(1)
        Download.objects.create(anime=anime, episode_number=9, state="failed", finished_at=timezone.now())
        client.get(PAGE)
        with assert_queries("downloads/GET downloads"):
            client.get(PAGE)
        for number in range(8):
            other = AnimeFactory(document=True)
            EpisodeFactory(anime=other, number=1)
            state = ["queued", "running", "done", "failed"][number % 4]
            one = Download.objects.create(anime=other, episode_number=1, state=state, stage="fetch")
            DownloadAttempt.objects.create(download=one, number=1, error_code="egress_timeout")
        with assert_queries("downloads/GET downloads"):
            page = body(client.get(PAGE))
        assert page.count("data-download=") == 10

    def test_the_health_of_the_site(self, client: Client, settings: Any) -> None:
        settings.FFMPEG = "/nowhere"
        assert "Look now" in body(client.get(PAGE))
        page = body(client.get(f"{PAGE}?health=1"))
        part = body(client.get(PAGE, headers={"HX-Request": "true", "HX-Target": "queue-health"}))
        for found in (page, part):
            assert "Folder of the library" in found
            assert re.search(r'<div class="state-degraded"><dt>.{0,200}ffmpeg</dt><dd>Not there', found), found
        assert "<html" not in part


class TestActions:
    def test_the_mode(self, client: Client) -> None:
        for action, mode, words in [
            ("stop", "stopped", "Stopped: what runs comes to its end"),
            ("pause", "paused", "Paused: nothing is fetched"),
            ("start", "running", 'value="start" aria-pressed="true"'),
        ]:
            page = body(client.post("/downloads/queue", {"action": action}, follow=True))
            assert QueueControl.objects.get().mode == mode
            assert words in page
        assert "toast-error" in body(client.post("/downloads/queue", {"action": "explode"}, follow=True))
        assert QueueControl.objects.get().mode == "running"

    def test_each_action_and_back_to_the_same_page(self, act: Act, queued: Callable[..., Download]) -> None:
        row = queued(1)
        for action, state in [("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled"), ("retry", "queued")]:
            answer = act(row, action, query="?over=failed&page=2&evil=x")
            assert (answer.status_code, answer["Location"]) == (302, "/downloads?over=failed&page=2")
            row.refresh_from_db()
            assert row.state == state
        act(row, "priority-high")
        row.refresh_from_db()
        assert row.priority == 2
        act(row, "delete")
        assert not Download.objects.exists()

    def test_what_cannot_be_done_is_said_and_changes_nothing(
        self, act: Act, client: Client, queued: Callable[..., Download]
    ) -> None:
        row = queued(1)
        state_set(row, "done")
        for action in ("pause", "resume", "cancel", "retry", "top", "up", "down", "nonsense", "priority-x", ""):
            act(row, action)
            said = body(client.get(PAGE))
            assert "toast-error" in said, action
            row.refresh_from_db()
            assert (row.state, row.priority) == ("done", 1)
        assert act(Download(), "pause").status_code == 404

    def test_htmx_gets_the_list_and_a_message(self, act: Act, client: Client, queued: Callable[..., Download]) -> None:
        row = queued(1)
        answer = act(row, "pause", headers=HTMX)
        part = body(answer)
        assert part.lstrip().startswith('<div id="queue"')
        assert "Go on" in part
        assert json.loads(answer["HX-Trigger"])["site:toast"] == {
            "text": "Paused: Hoshi no Niwa · 1.",
            "kind": "success",
        }
        state_set(row, "done")
        refused = act(row, "pause", headers=HTMX)
        assert json.loads(refused["HX-Trigger"])["site:toast"]["kind"] == "error"
        assert "<html" not in body(client.get(PAGE, headers=HTMX))

    def test_order(self, act: Act, queued: Callable[..., Download]) -> None:
        one, two, three, five = (queued(number) for number in (1, 2, 3, 5))
        act(five, "top")
        assert numbers() == [5, 1, 2, 3]
        act(five, "down")
        assert numbers() == [1, 5, 2, 3]
        act(three, "up")
        assert numbers() == [1, 5, 3, 2]
        act(one, "after", other=str(two.pk))
        assert numbers() == [5, 3, 2, 1]
        act(one, "before", other=str(five.pk))
        assert numbers() == [1, 5, 3, 2]
        act(two, "down")
        act(one, "up")
        act(one, "after", other="no id")
        act(one, "before", other=str(one.pk))
        assert numbers() == [1, 5, 3, 2]

    def test_order_over_priorities(self, act: Act, queued: Callable[..., Download]) -> None:
        one, two, three = (queued(number) for number in (1, 2, 3))
        act(three, "priority-low")
        act(one, "priority-high")
        assert numbers() == [1, 2, 3]
        act(two, "up")
        two.refresh_from_db()
        assert (numbers(), two.priority) == ([2, 1, 3], 2)
        act(two, "after", other=str(three.pk))
        two.refresh_from_db()
        assert (numbers(), two.priority) == ([1, 3, 2], 0)

    def test_the_file_comes_by_a_ticket(self, client: Client, queued: Callable[..., Download]) -> None:
        row = queued(1)
        path = reverse("downloads-queue-file", args=[row.pk])
        assert client.post(path)["Location"] == PAGE
        state_set(row, "done", path="library:a.mkv", size=3)
        leads = client.post(path)
        assert leads.status_code == 302
        assert re.fullmatch(rf".*/downloads/{row.pk}/file\?ticket=[0-9a-f-]{{36}}", leads["Location"]), leads[
            "Location"
        ]


class TestWho:
    def test_keepers_alone(self, client: Client, configured: Configured) -> None:
        assert Client().get(PAGE)["Location"].endswith(f"?next={PAGE}")
        for role in (Role.USER, Role.MODERATOR):
            other = Client()
            other.force_login(UserFactory(role=role))
            assert other.get(PAGE).status_code == 404, role
            assert 'href="/downloads"' not in other.get("/", follow=True).content.decode()
        assert 'href="/downloads"' in client.get("/", follow=True).content.decode()

    def test_the_dashboard_has_a_card_for_keepers(self, anime: Anime, admin: User, rf: Any) -> None:
        for number, state in enumerate(["queued", "failed", "done", "done"], 1):
            Download.objects.create(anime=anime, episode_number=number, state=state, finished_at=timezone.now())
        request = rf.get("/admin/")
        request.user = UserFactory(role=Role.MODERATOR)
        assert list(downloads_part(request)) == []
        request.user = admin
        parts = list(downloads_part(request))
        figures = {str(one.title): (one.value, one.is_bad) for one in parts if isinstance(one, Figure)}
        assert figures == {"Downloads in the queue": (1, False), "Downloads that failed": (1, True)}
        assert parts[-1].values[-1] == 2  # type: ignore[union-attr]


def test_words() -> None:
    assert [left_words(one) for one in (None, 0, 59, 60, 61, 3599, 3600)] == [
        "",
        "0 s left",
        "59 s left",
        "1 min left",
        "2 min left",
        "60 min left",
        "1 h left",
    ]
    assert error_words("") == ""
    assert error_words("never_heard_of") == "never_heard_of"
    assert error_words("egress_timeout") not in ("", "egress_timeout")
    row = Download(state=DownloadState.RUNNING, stage="verify", stage_percent=33.4)
    assert [one.percent for one in stages_of(row)] == [100, 100, 33, 0, 0, 0]
    assert stages_of(Download(state=DownloadState.DONE, stage="index")) == ()
