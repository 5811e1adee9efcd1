"""A flood of sign-ins: who would wait too long is asked to come back, and that counts as no failure."""

import pytest
from django.test import Client

from accounts import hashers
from accounts.models import SignInAttempt
from accounts.services.sign_in import credentials_check, password_confirm
from accounts.tests.factories import PASSWORD, UserFactory
from core.errors import ServiceUnavailable
from core.gate import Gate

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A gate with room for one and no line."""
    gate = Gate(at_once=1, waiting=0, seconds=1)
    monkeypatch.setattr(hashers, "_gate", gate)
    return gate


def test_a_try_that_nobody_looked_at_is_not_counted(crowd: Gate) -> None:
    user = UserFactory.create()
    call = {"identifier": user.username, "password": PASSWORD, "address": "198.51.100.1"}
    credentials_check(**call)
    with crowd.turn():
        for _ in range(11):
            with pytest.raises(ServiceUnavailable):
                credentials_check(**call)
            with pytest.raises(ServiceUnavailable):
                password_confirm(user=user, password=PASSWORD, address="198.51.100.2")
    assert not SignInAttempt.objects.exists()
    assert credentials_check(**call) == user


def test_the_api_says_when_to_come_back(crowd: Gate, client: Client) -> None:
    user = UserFactory.create()
    body = {"identifier": user.username, "password": PASSWORD}
    with crowd.turn():
        response = client.post("/api/v1/auth/login", body, content_type="application/json")
    assert (response.status_code, response.json()["error"]) == (503, "service_unavailable")
    assert response["Retry-After"] == "2"


def test_the_page_says_so_too(crowd: Gate, client: Client) -> None:
    user = UserFactory.create()
    form = {"login": user.username, "password": PASSWORD}
    with crowd.turn():
        response = client.post("/accounts/login/", form, headers={"Accept": "text/html"})
    assert response.status_code == 503
    assert response["Retry-After"] == "2"
    assert "sessionid" not in response.cookies
