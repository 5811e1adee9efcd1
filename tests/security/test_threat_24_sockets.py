"""Threat 24: what ends a sign-in ends its tokens at the next request and its open sockets within 2 s."""

import time
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from accounts.models import Role, User, UserSession
from accounts.services.passwords import password_set
from accounts.services.sessions import session_start
from accounts.services.users import user_suspend
from accounts.tests.factories import UserFactory
from accounts.tests.live.clients import connect, ended, ready, run

pytestmark = pytest.mark.django_db(transaction=True)


def _head(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _suspend(user: User, token: str) -> None:
    user_suspend(actor=UserFactory.create(role=Role.ADMIN), user=user)


def _password(user: User, token: str) -> None:
    password_set(user=user, password="another passphrase")


def _revoke(user: User, token: str) -> None:
    """Another app of the person ends all others."""
    keep = session_start(user=user)
    Client().delete("/api/v1/auth/sessions", headers=_head(keep.access_token))


def _sign_out(user: User, token: str) -> None:
    Client().post("/api/v1/auth/logout", headers=_head(token))


def _by_any_hand(user: User, token: str) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


WAYS = {
    "revoked": _revoke,
    "suspended": _suspend,
    "password": _password,
    "signed-out": _sign_out,
    "by-any-hand": _by_any_hand,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_apps_socket(way: Callable[[User, str], None]) -> None:
    user = UserFactory.create()
    pair = session_start(user=user)

    async def scenario() -> None:
        client = connect(f"?token={pair.access_token}")
        await ready(client)
        await sync_to_async(way)(user, pair.access_token)
        began = time.perf_counter()
        status = (await sync_to_async(Client().get)("/api/v1/auth/me", headers=_head(pair.access_token))).status_code
        assert status == 401
        frames, code = await ended(client, 2)
        assert ([frame["t"] for frame in frames], code) == (["SIGNED_OUT"], 4001)
        assert time.perf_counter() - began < 2

    run(scenario)


@pytest.mark.parametrize("way", [_revoke, _suspend, _password, _by_any_hand])
def test_a_browsers_socket(way: Callable[[User, str], None], client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value

    async def scenario() -> None:
        socket = connect(cookie=cookie, origin="http://testserver")
        await ready(socket)
        await sync_to_async(way)(user, "")
        began = time.perf_counter()
        assert (await sync_to_async(client.get)("/settings")).status_code == 302
        assert (await ended(socket, 2))[1] == 4001
        assert time.perf_counter() - began < 2

    run(scenario)


def test_signing_out_of_the_site_closes_its_socket(client: Client) -> None:
    client.force_login(UserFactory.create())
    cookie = client.cookies["sessionid"].value

    async def scenario() -> None:
        socket = connect(cookie=cookie, origin="http://testserver")
        await ready(socket)
        await sync_to_async(client.post)("/accounts/logout/")
        assert (await ended(socket, 2))[1] == 4001

    run(scenario)
    assert UserSession.objects.get().revoke_reason == "signed_out"
