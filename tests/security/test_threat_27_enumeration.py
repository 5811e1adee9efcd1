"""Threat 27: whether an account exists is not told by the answer to a wrong password, nor by how long it takes."""

import statistics
import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import SignInAttempt
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def wrong(client: Client, identifier: str) -> Any:
    body = {"identifier": identifier, "password": "not the passphrase"}
    return client.post("/api/v1/auth/login", body, content_type="application/json")


@pytest.mark.parametrize("unknown", ["nobody", "nobody@example.org"])
def test_same_answer(client: Client, unknown: str) -> None:
    user = UserFactory.create()
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


@pytest.mark.slow
def test_same_time(client: Client, settings: LazySettings) -> None:
    """Medians of processor time, known and unknown in turn: what other processes do on this machine does not count."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2id"]
    user = UserFactory.create()
    wrong(client, "nobody")
    differences = []
    for _ in range(4):
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
