"""`live/session`: who gets in, and how a sign-in's end reaches its socket."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User, UserSession
from accounts.services.passwords import password_set
from accounts.services.sessions import SignedIn, session_revoke, session_start, sessions_revoke_all
from accounts.services.users import user_suspend
from accounts.tests.factories import UserFactory
from accounts.tests.live.clients import connect, ended, ready, run
from core.realtime import codes, hints, hub

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hints go out at once: a test's transaction is never committed."""
    monkeypatch.setattr("accounts.live.endings.hint_on_commit", hints.hint_send)


@pytest.fixture
def signed_in() -> SignedIn:
    return session_start(user=UserFactory.create(username="aki"))


@pytest.fixture
def cookie(client: Client) -> str:
    client.force_login(UserFactory.create(username="ren"))
    return client.cookies["sessionid"].value


class TestWhoGetsIn:
    def test_by_access_token(self, signed_in: SignedIn) -> None:
        async def scenario() -> None:
            client = connect(f"?token={signed_in.access_token}")
            said = (await ready(client))["d"]
            assert said["session_id"] == str(signed_in.session.pk)
            assert said["user"] == {"id": str(signed_in.session.user_id), "username": "aki"}
            await client.disconnect()

        run(scenario)

    def test_by_the_sites_cookie_from_our_page(self, cookie: str) -> None:
        async def scenario() -> None:
            client = connect(cookie=cookie, origin="http://testserver")
            assert (await ready(client))["d"]["user"]["username"] == "ren"
            await client.disconnect()

        run(scenario)

    def test_a_token_goes_before_a_cookie(self, cookie: str, signed_in: SignedIn) -> None:
        async def scenario() -> None:
            client = connect(f"?token={signed_in.access_token}", cookie=cookie)
            assert (await ready(client))["d"]["user"]["username"] == "aki"
            await client.disconnect()

        run(scenario)

    @pytest.mark.parametrize("query", ["?token=x", "?token=hrt_x"])
    def test_a_wrong_token_is_4001_whatever_the_cookie(self, cookie: str, query: str) -> None:
        async def scenario() -> None:
            client = connect(query, cookie=cookie)
            assert (await client.connect())[0]
            assert (await ended(client))[1] == codes.UNAUTHENTICATED

        run(scenario)

    def test_a_refresh_token_opens_nothing(self, signed_in: SignedIn) -> None:
        async def scenario() -> None:
            client = connect(f"?token={signed_in.refresh_token}")
            await client.connect()
            assert (await ended(client))[1] == codes.UNAUTHENTICATED

        run(scenario)

    def test_a_dead_cookie_is_4001_when_no_token_follows(self, cookie: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.realtime.socket.IDENTIFY_SECONDS", 0.05)
        sessions_revoke_all(user=User.objects.get(username="ren"), reason="by_hand")

        async def scenario() -> None:
            client = connect(cookie=cookie)
            await client.connect()
            assert (await ended(client))[1] == codes.UNAUTHENTICATED

        run(scenario)

    @pytest.mark.parametrize("is_there", [True, False])
    def test_a_page_that_relies_on_its_cookie_learns_at_once(self, cookie: str, is_there: bool) -> None:
        sessions_revoke_all(user=User.objects.get(username="ren"), reason="by_hand")

        async def scenario() -> None:
            client = connect("?cookie", cookie=cookie if is_there else "")
            await client.connect()
            assert (await ended(client, 1))[1] == codes.UNAUTHENTICATED

        run(scenario)

    def test_an_unknown_path_is_4004(self) -> None:
        async def scenario() -> None:
            from channels.routing import get_default_application

            client = WebsocketCommunicator(
                get_default_application(), "/live/nothing", headers=[(b"host", b"testserver")]
            )
            assert (await client.connect())[0]
            assert (await client.receive_output())["code"] == codes.NOT_FOUND == 4004

        run(scenario)


def _suspend(user: User) -> None:
    user_suspend(actor=UserFactory.create(role=Role.ADMIN), user=user)


ENDINGS: dict[str, Callable[[SignedIn], object]] = {
    "revoked": lambda s: session_revoke(session=s.session, reason="by_hand"),
    "suspended": lambda s: _suspend(s.session.user),
    "password": lambda s: password_set(user=s.session.user, password="another passphrase"),
}


class TestItsEnd:
    @pytest.mark.parametrize("how", ENDINGS.values(), ids=ENDINGS)
    def test_a_hint_closes_it_at_once(
        self, signed_in: SignedIn, how: Callable[[SignedIn], object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hub, "TICK", 1000)  # not by the check

        async def scenario() -> None:
            client = connect(f"?token={signed_in.access_token}")
            await ready(client)
            await sync_to_async(how)(signed_in)
            frames, code = await ended(client, 1)
            assert [frame.get("t") for frame in frames] == ["SIGNED_OUT"]
            assert code == codes.UNAUTHENTICATED

        run(scenario)

    def test_other_sessions_of_the_person_stay(self, signed_in: SignedIn) -> None:
        other = session_start(user=signed_in.session.user)

        async def scenario() -> None:
            clients = [connect(f"?token={s.access_token}") for s in (signed_in, other)]
            for client in clients:
                await ready(client)
            await sync_to_async(session_revoke)(session=other.session, reason="by_hand")
            assert (await ended(clients[1]))[1] == codes.UNAUTHENTICATED
            assert await clients[0].receive_nothing(0.1)
            await clients[0].disconnect()

        run(scenario)

    @pytest.mark.parametrize("change", ["revoked", "expired", "inactive", "erased", "deleted"])
    def test_the_check_closes_what_no_hint_told_of(
        self, signed_in: SignedIn, change: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hub, "TICK", 0.05)
        session, now = UserSession.objects.filter(pk=signed_in.session.pk), timezone.now()
        user = User.objects.filter(pk=signed_in.session.user_id)
        changes: dict[str, Callable[[], object]] = {
            "revoked": lambda: session.update(revoked_at=now),
            "expired": lambda: session.update(expires_at=now),
            "inactive": lambda: user.update(is_active=False),
            "erased": lambda: user.update(erased_at=now),
            "deleted": lambda: session.delete(),
        }

        async def scenario() -> None:
            client = connect(f"?token={signed_in.access_token}")
            await ready(client)
            await sync_to_async(changes[change])()
            frames, code = await ended(client)
            assert ([frame.get("t") for frame in frames], code) == (["SIGNED_OUT"], codes.UNAUTHENTICATED)

        run(scenario)

    def test_many_sockets_are_one_query(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from accounts.live.endings import sockets_check

        monkeypatch.setattr(hub, "TICK", 1000)
        pairs = [session_start(user=UserFactory.create()) for _ in range(8)]

        async def scenario() -> None:
            clients = [connect(f"?token={pair.access_token}") for pair in pairs]
            for client in clients:
                await ready(client)
            captured = CaptureQueriesContext(connection)
            await sync_to_async(captured.__enter__)()
            await sockets_check(hub.hub().sockets)
            assert await sync_to_async(captured.__len__)() == 1
            await sync_to_async(captured.__exit__)(None, None, None)
            for client in clients:
                await client.disconnect()

        run(scenario)


def test_an_open_page_is_somebody_who_is_here(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "TICK", 0.05)
    long_ago = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr("accounts.live.endings.SEEN_EVERY", timedelta(seconds=0.1))

    async def scenario() -> None:
        client = connect(f"?token={signed_in.access_token}")
        await ready(client)
        await sync_to_async(UserSession.objects.update)(last_seen_at=long_ago)
        await sync_to_async(User.objects.update)(last_seen_at=long_ago)
        await client.receive_nothing(0.5)
        await client.disconnect()

    run(scenario)
    assert UserSession.objects.get().last_seen_at > long_ago
    assert User.objects.get().last_seen_at > long_ago
