"""A page's socket brings its person's event log: all of it, in order, also what happened while it was away."""

from collections.abc import Iterable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import transaction

from accounts.models import User
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from accounts.tests.live.clients import SECONDS, connect, ready, run
from core.models import RealtimeEvent
from core.realtime import following, groups, realtime_publish

pytestmark = pytest.mark.django_db(transaction=True)


def publish(user: User, numbers: Iterable[int]) -> None:
    for number in numbers:
        with transaction.atomic():
            realtime_publish(user_ids=[user.pk], type="counted", payload={"number": number})


async def events(client: WebsocketCommunicator, count: int) -> list[tuple[str, int, int]]:
    frames: list[dict[str, Any]] = []
    while len(frames) < count:
        frame = await client.receive_json_from(SECONDS)
        if frame["op"] == "DISPATCH":
            frames.append(frame)
    return [(frame["t"], frame["s"], frame["d"]["number"]) for frame in frames]


@pytest.fixture
def token() -> tuple[User, str]:
    user = UserFactory.create()
    return user, session_start(user=user).access_token


def test_events_arrive_as_they_happen_and_in_order(token: tuple[User, str], monkeypatch: pytest.MonkeyPatch) -> None:
    user, access = token
    monkeypatch.setattr(groups, "_checks", [])  # by hints alone

    async def scenario() -> None:
        await sync_to_async(publish)(user, [1])
        client = connect(f"?token={access}")
        said = await ready(client)
        assert said["d"]["seq"] == 1
        assert said["d"]["is_complete"]
        assert said["d"]["snapshot"]["notifications"] == {"unread": 0}
        await sync_to_async(publish)(user, [2])
        assert await events(client, 1) == [("counted", 2, 2)]
        await sync_to_async(publish)(user, range(3, 40))
        assert await events(client, 37) == [("counted", n, n) for n in range(3, 40)]
        await client.disconnect()

    run(scenario)


def test_who_comes_back_gets_what_was_missed_however_much(token: tuple[User, str]) -> None:
    user, access = token

    async def scenario() -> None:
        await sync_to_async(publish)(user, range(1, 451))
        client = connect(f"?token={access}&seq=3")
        said = await ready(client)
        assert (said["d"]["seq"], said["d"]["is_complete"]) == (3, True)
        assert [number for _, number, _ in await events(client, 447)] == list(range(4, 451))
        await client.disconnect()

    run(scenario)


def test_a_lost_hint_is_made_good_by_the_next_check(token: tuple[User, str], monkeypatch: pytest.MonkeyPatch) -> None:
    user, access = token
    monkeypatch.setattr("core.realtime.services.hint_send", lambda *arguments, **values: None)

    async def scenario() -> None:
        client = connect(f"?token={access}")
        await ready(client)
        await sync_to_async(publish)(user, [1, 2])
        assert await events(client, 2) == [("counted", 1, 1), ("counted", 2, 2)]
        await client.disconnect()

    run(scenario)


@pytest.mark.parametrize("seq", ["99", "-1", "two", "9" * 40, "١"])
def test_a_number_that_nobody_was_given_starts_anew(token: tuple[User, str], seq: str) -> None:
    user, access = token

    async def scenario() -> None:
        await sync_to_async(publish)(user, [1, 2])
        client = connect(f"?token={access}&seq={seq}")
        assert (await ready(client))["d"]["seq"] == 2
        await client.disconnect()

    run(scenario)


def test_who_was_away_too_long_is_told_so(token: tuple[User, str]) -> None:
    user, access = token
    publish(user, range(1, 9))
    RealtimeEvent.objects.filter(user=user, seq__lte=5).delete()

    async def scenario() -> None:
        client = connect(f"?token={access}&seq=2")
        said = await ready(client)
        assert (said["d"]["seq"], said["d"]["is_complete"]) == (8, False)
        await client.disconnect()

    run(scenario)


def test_a_page_that_falls_behind_what_is_kept_takes_a_new_snapshot(
    token: tuple[User, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, access = token
    monkeypatch.setattr("core.realtime.services.hint_send", lambda *arguments, **values: None)

    def much_happens() -> None:
        publish(user, range(1, 9))
        RealtimeEvent.objects.filter(user=user, seq__lte=5).delete()

    async def scenario() -> None:
        client = connect(f"?token={access}")
        await ready(client)
        await sync_to_async(much_happens)()
        frame = await client.receive_json_from(SECONDS)
        assert frame == {"op": "INVALID_SESSION", "d": {"seq": 8}}
        await client.disconnect()

    run(scenario)


def test_a_database_that_is_away_for_a_moment_costs_no_event(
    token: tuple[User, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, access = token
    read, failures = following.events_after, iter([True])

    def sometimes(*arguments: Any, **values: Any) -> Any:
        if values.get("limit") == following.STRETCH and next(failures, False):
            raise OSError("away")
        return read(*arguments, **values)

    async def scenario() -> None:
        client = connect(f"?token={access}")
        await ready(client)
        monkeypatch.setattr(following, "events_after", sometimes)
        await sync_to_async(publish)(user, [1, 2, 3])
        assert [number for _, number, _ in await events(client, 3)] == [1, 2, 3]
        await client.disconnect()

    run(scenario)


def test_nobody_else_hears_it(token: tuple[User, str]) -> None:
    user, access = token
    other = UserFactory.create()

    async def scenario() -> None:
        client = connect(f"?token={access}")
        await ready(client)
        await sync_to_async(publish)(other, [1])
        await sync_to_async(publish)(user, [7])
        assert await events(client, 1) == [("counted", 1, 7)]
        await client.disconnect()

    run(scenario)
