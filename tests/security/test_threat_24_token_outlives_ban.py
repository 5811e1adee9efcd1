"""Threat 24 (HTTP): sign-out, revocation and suspension end what was handed out before, at the next request."""

import pytest
from django.test import Client

from accounts.models import Role
from accounts.services.passwords import password_set
from accounts.services.sessions import session_revoke, session_start
from accounts.services.users import user_restore, user_suspend
from accounts.tests.factories import PASSWORD, UserFactory
from core.errors import PermissionDenied

pytestmark = pytest.mark.django_db


def me(client: Client, token: str) -> int:
    return client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_sign_out_ends_the_access_token(client: Client) -> None:
    signed_in = session_start(user=UserFactory.create())
    head = {"Authorization": f"Bearer {signed_in.access_token}"}
    assert client.post("/api/v1/auth/logout", headers=head).status_code == 204
    assert me(client, signed_in.access_token) == 401
    assert (
        client.post("/api/v1/auth/refresh", headers={"Authorization": f"Bearer {signed_in.refresh_token}"}).status_code
        == 401
    )


def test_revoking_ends_one_session_only(client: Client) -> None:
    user = UserFactory.create()
    first, second = session_start(user=user), session_start(user=user)
    session_revoke(session=first.session, reason="by_hand")
    assert (me(client, first.access_token), me(client, second.access_token)) == (401, 200)


def test_suspension_ends_tokens_and_the_site_session(client: Client) -> None:
    user, moderator = UserFactory.create(), UserFactory.create(role=Role.MODERATOR)
    signed_in = session_start(user=user)
    client.force_login(user)
    assert client.get("/settings").status_code == 200
    user_suspend(actor=moderator, user=user)
    assert me(Client(), signed_in.access_token) == 401
    assert client.get("/settings").status_code == 302
    body = {"identifier": user.username, "password": PASSWORD}
    response = client.post("/api/v1/auth/login", body, content_type="application/json")
    assert (response.status_code, response.json()["error"]) == (403, "account_inactive")

    user_restore(actor=moderator, user=user)
    assert me(Client(), signed_in.access_token) == 401  # what died stays dead
    assert client.post("/api/v1/auth/login", body, content_type="application/json").status_code == 200


def test_a_row_set_inactive_by_any_hand_is_enough(client: Client) -> None:
    user = UserFactory.create()
    signed_in = session_start(user=user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert me(client, signed_in.access_token) == 401


def test_nobody_suspends_a_peer(client: Client) -> None:
    for role in (Role.USER, Role.TESTER, Role.MODERATOR):
        with pytest.raises(PermissionDenied):
            user_suspend(actor=UserFactory.create(role=role), user=UserFactory.create(role=Role.MODERATOR))


def test_a_new_password_ends_every_session(client: Client) -> None:
    user = UserFactory.create()
    signed_in = session_start(user=user)
    client.force_login(user)
    password_set(user=user, password="another passphrase")
    assert me(Client(), signed_in.access_token) == 401
    assert client.get("/settings").status_code == 302
