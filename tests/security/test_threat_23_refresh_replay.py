"""Threat 23: a refresh token is no access token, works once, and a spent one that comes back kills the family."""

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts.errors import InvalidToken
from accounts.models import RefreshToken, UserSession
from accounts.services.sessions import SignedIn, session_refresh, session_start
from accounts.tests.factories import UserFactory


def me(client: Client, token: str) -> int:
    return client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"}).status_code


def refresh(client: Client, token: str):
    return client.post("/api/v1/auth/refresh", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    return session_start(user=UserFactory.create())


def test_refresh_as_bearer(client: Client, signed_in: SignedIn) -> None:
    assert me(client, signed_in.refresh_token) == 401
    assert me(client, signed_in.access_token) == 200


def test_access_as_refresh(client: Client, signed_in: SignedIn) -> None:
    assert refresh(client, signed_in.access_token).status_code == 401


def test_a_spent_token_kills_the_family(client: Client, signed_in: SignedIn) -> None:
    other = session_start(user=signed_in.session.user)
    second = refresh(client, signed_in.refresh_token).json()
    third = refresh(client, second["refresh_token"]).json()
    assert me(client, third["access_token"]) == 200

    replay = refresh(client, signed_in.refresh_token)
    assert (replay.status_code, replay.json()["error"]) == (401, "invalid_token")
    assert refresh(client, third["refresh_token"]).status_code == 401
    assert [me(client, token) for token in (signed_in.access_token, second["access_token"], third["access_token"])] == [
        401,
        401,
        401,
    ]
    assert me(client, other.access_token) == 200  # another sign-in of the same person goes on
    assert UserSession.objects.get(pk=signed_in.session.pk).revoke_reason == "reused"


@pytest.mark.django_db(transaction=True)
def test_parallel_use_hands_out_one_pair_at_most() -> None:
    signed_in = session_start(user=UserFactory.create())
    barrier, won, lost = threading.Barrier(8), [], []

    def use() -> None:
        barrier.wait()
        try:
            won.append(session_refresh(refresh_token=signed_in.refresh_token))
        except InvalidToken:
            lost.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)
    assert RefreshToken.objects.count() == 2
    assert UserSession.objects.get().revoked_at is not None  # seven replays: the family is dead, the winner's pair too
    with pytest.raises(InvalidToken):
        session_refresh(refresh_token=won[0].refresh_token)
