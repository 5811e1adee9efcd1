"""`/ws/downloads`: who may look, what they see, and that it ends with their right to look."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator

from accounts.models import Role, User
from accounts.services.sessions import SignedIn, session_start, sessions_revoke_all
from accounts.tests.factories import UserFactory
from accounts.tests.live import clients
from accounts.tests.live.clients import SECONDS, ended
from catalog.tests.factories import AnimeFactory
from core.realtime import codes, hints
from core.realtime.hub import hub
from downloads.models import Download
from downloads.queue import telling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hints go out at once: a test's transaction is never committed."""
    monkeypatch.setattr("accounts.live.endings.hint_on_commit", hints.hint_send)
    monkeypatch.setattr("downloads.queue.telling.hint_on_commit", hints.hint_send)


@pytest.fixture
def admin() -> SignedIn:
    return session_start(user=UserFactory.create(username="ada", role=Role.ADMIN))


@pytest.fixture
def download() -> Download:
    return Download(anime=AnimeFactory(title="Hoshi no Niwa"), episode_number=5, stage="fetch", percent=45.0)


def connect(query: str = "", **headers: str) -> WebsocketCommunicator:
    return clients.connect(query, path="/ws/downloads", **headers)


async def opened(client: WebsocketCommunicator) -> WebsocketCommunicator:
    """Connected, and in the group: the reference has no frame that says so."""
    is_connected, _ = await client.connect(SECONDS)
    assert is_connected
    async with asyncio.timeout(SECONDS):
        while telling.GROUP not in hub()._subscribed:  # noqa: ASYNC110 - the hub tells nobody
            await asyncio.sleep(0.01)
    return client


async def code_of(client: WebsocketCommunicator) -> int:
    return (await ended(client, SECONDS))[1]


def run(scenario: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return async_to_sync(scenario)()


def test_the_frames_are_those_of_the_reference(admin: SignedIn, download: Download) -> None:
    download.bytes_done, download.bytes_total, download.speed = 500_000_000, 1_100_000_000, 687_500
    download.error_code = "segment_failed"

    async def scenario() -> list[dict[str, Any]]:
        client = await opened(connect(f"?token={admin.access_token}"))
        await sync_to_async(telling.started_tell)(download, "Hoshi no Niwa")
        await sync_to_async(telling.progress_tell)(download)
        await sync_to_async(telling.completed_tell)(download, "library:x.mkv")
        await sync_to_async(telling.error_tell)(download, code="egress_timeout", message="Connection timeout")
        frames = [await client.receive_json_from(SECONDS) for _ in range(4)]
        await client.disconnect()
        return frames

    started, progress, completed, error = run(scenario)
    key = str(download.pk)
    for frame in (started, progress, completed, error):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", frame["timestamp"])
        assert set(frame) == {"type", "timestamp", "data"}
    assert (started["type"], started["data"]) == (
        "download_started",
        {"queue_item_id": key, "anime_title": "Hoshi no Niwa", "episode": "S01E05"},
    )
    assert progress["type"] == "download_progress"
    expected = {"progress_percent": 45.0, "downloaded_bytes": 500_000_000, "total_bytes": 1_100_000_000}
    assert {**progress["data"], **expected, "speed_mbps": 5.5} == progress["data"]
    assert (completed["type"], completed["data"]) == (
        "download_completed",
        {"queue_item_id": key, "total_time_seconds": 0, "file_path": "library:x.mkv"},
    )
    assert error["type"] == "download_error"
    assert error["data"]["error_code"] == "PROVIDER_ERROR"
    assert error["data"]["error_message"] == "Connection timeout"


def test_a_header_lets_in_as_well(admin: SignedIn, download: Download) -> None:
    async def scenario() -> str:
        client = await opened(connect(authorization=f"Bearer {admin.access_token}"))
        await sync_to_async(telling.progress_tell)(download)
        frame = await client.receive_json_from(SECONDS)
        await client.disconnect()
        return frame["type"]

    assert run(scenario) == "download_progress"


@pytest.mark.parametrize("role", [Role.USER, Role.TESTER, Role.MODERATOR])
def test_others_are_sent_away(role: Role) -> None:
    signed_in = session_start(user=UserFactory.create(role=role))

    async def scenario() -> int:
        client = connect(f"?token={signed_in.access_token}")
        await client.connect(SECONDS)
        return await code_of(client)

    assert run(scenario) == codes.FORBIDDEN


def test_strangers_are_sent_away() -> None:
    async def scenario() -> int:
        client = connect("?token=nonsense")
        await client.connect(SECONDS)
        return await code_of(client)

    assert run(scenario) == codes.UNAUTHENTICATED


def test_threat_14_a_lost_role_ends_it(admin: SignedIn) -> None:
    async def scenario() -> int:
        client = await opened(connect(f"?token={admin.access_token}"))
        users = User.objects.filter(pk=admin.session.user_id)
        await sync_to_async(users.update)(role=Role.USER)
        return await code_of(client)

    assert run(scenario) == codes.FORBIDDEN


def test_threat_24_the_end_of_the_sign_in_ends_it(admin: SignedIn) -> None:
    async def scenario() -> int:
        client = await opened(connect(f"?token={admin.access_token}"))
        user = await sync_to_async(User.objects.get)(pk=admin.session.user_id)
        await sync_to_async(sessions_revoke_all)(user=user, reason="test")
        return await code_of(client)

    assert run(scenario) == codes.UNAUTHENTICATED
