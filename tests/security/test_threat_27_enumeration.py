"""Threat 27: whether an account exists is not told by the answer to a wrong password, nor by how long it takes."""

import statistics
import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from accounts.models import SignInAttempt
from accounts.services.known_devices import device_remember
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.two_factor import two_factor_on

pytestmark = pytest.mark.django_db


def wrong(client: Client, identifier: str) -> Any:
    body = {"identifier": identifier, "password": "not the passphrase"}
    return client.post("/api/v1/auth/login", body, content_type="application/json")


@pytest.mark.parametrize("has_two_factor", [False, True])
@pytest.mark.parametrize("unknown", ["nobody", "nobody@example.org"])
def test_same_answer(client: Client, unknown: str, has_two_factor: bool) -> None:
    user = UserFactory.create()
    if has_two_factor:
        two_factor_on(user)
    known = user.email if "@" in unknown else user.username
    answers = [wrong(client, identifier) for identifier in (known, unknown)]
    bodies = [{**answer.json(), "request_id": ""} for answer in answers]
    assert bodies[0] == bodies[1]
    assert [answer.status_code for answer in answers] == [401, 401]
    volatile = {"X-Request-ID", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Content-Length"}
    heads = [{k: v for k, v in answer.headers.items() if k not in volatile} for answer in answers]
    assert heads[0] == heads[1]


def test_unknown_accounts_lock_like_known_ones() -> None:
    user = UserFactory.create()
    for identifier in (user.username, "nobody"):
        statuses = [wrong(Client(REMOTE_ADDR=f"198.51.100.{n}"), identifier).status_code for n in range(12)]
        assert statuses == [401] * 10 + [429] * 2
        SignInAttempt.objects.all().delete()


def test_same_answer_on_the_site(client: Client) -> None:
    user = UserFactory.create()
    pages = []
    for name in (user.username, "x" * len(user.username)):
        page = client.post("/accounts/login/", {"login": name, "password": "not the passphrase"})
        pages.append(page.content.decode().replace(name, "NAME"))
        assert page.status_code == 200
        assert len(page.context["form"].non_field_errors()) == 1
    assert _without_tokens(pages[0]) == _without_tokens(pages[1])


def _without_tokens(page: str) -> str:
    import re

    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*', "", page)


def test_whether_a_device_is_known_is_not_told(client: Client) -> None:
    """A cookie of this browser changes nothing in the answer to a wrong password, for its person and for nobody."""
    user = UserFactory.create()
    body = {"identifier": user.username, "password": PASSWORD, "client": "web"}
    assert client.post("/api/v1/auth/login", body, content_type="application/json").status_code == 200
    answers = [wrong(client, name) for name in (user.username, "nobody", UserFactory.create().username)]
    assert len({str({**answer.json(), "request_id": ""}) for answer in answers}) == 1
    assert not any(answer.cookies for answer in answers)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "two factor", "no password", "known device"])
def test_same_time(client: Client, settings: LazySettings, kind: str) -> None:
    """Medians of processor time, known and unknown in turn: what other processes do on this machine does not count."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2id"]
    user = UserFactory.create(password=None if kind == "no password" else PASSWORD)
    if kind == "two factor":
        two_factor_on(user)
    elif kind == "known device":
        client.cookies["device"] = device_remember(user=user, tokens=(), device="", address="198.51.100.1")
    wrong(client, "nobody")
    differences = []
    for _ in range(4):
        cache.clear()  # a minute's tries from one address are fewer than the rounds need
        times: dict[str, list[float]] = {user.username: [], "nobody": []}
        for _ in range(15):
            for identifier, found in times.items():
                SignInAttempt.objects.all().delete()
                start = time.process_time()
                assert wrong(client, identifier).status_code == 401
                found.append(time.process_time() - start)
        known, unknown = (statistics.median(found) for found in times.values())
        differences.append(abs(known - unknown) / max(known, unknown))
        if differences[-1] < 0.05:
            return
    pytest.fail(f"known and unknown accounts differ by {[f'{d:.1%}' for d in differences]}")
