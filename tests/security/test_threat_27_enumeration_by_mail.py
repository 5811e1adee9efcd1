"""Threat 27: what asks for a mail answers alike, and in the same time, whether the address has an account or not.

Register is no such place: it says openly that an address is taken (accounts/README.md), 20 times an hour at most.
"""

import statistics
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.tests.factories import UserFactory
from accounts.tests.mails import mails_sent
from core.models import Job
from tests.permissions.snapshots import table_contents

pytestmark = pytest.mark.django_db

ROUTES = ["/api/v1/auth/forgot-password", "/api/v1/auth/request-verification"]
VOLATILE = {"X-Request-ID", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


def ask(route: str, email: str) -> Any:
    return Client().post(route, {"email": email}, content_type="application/json")


@pytest.mark.parametrize("route", ROUTES)
def test_same_answer(route: str) -> None:
    user = UserFactory.create()
    UserFactory.create(email="verified@example.org", is_verified=True)
    UserFactory.create(email="suspended@example.org", is_active=False)
    answers = []
    for email in (user.email, "nobody@example.org", "verified@example.org", "suspended@example.org"):
        cache.clear()
        answers.append(ask(route, email))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert all(answer.content == answers[0].content for answer in answers)
    heads = [{k: v for k, v in answer.headers.items() if k not in VOLATILE} for answer in answers]
    assert all(head == heads[0] for head in heads)


def test_same_answer_on_the_site(client: Client) -> None:
    user = UserFactory.create()
    answers = [
        client.post("/accounts/password/reset/", {"email": email}) for email in (user.email, "nobody@example.org")
    ]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/accounts/password/reset/done/")] * 2
    assert [message.to for message in mails_sent()] == [[user.email]]


@pytest.mark.parametrize("route", ROUTES)
def test_same_traces_until_a_worker_looks(route: str) -> None:
    """What the request writes is the same, too: one job each, which tells its reader nothing."""
    user = UserFactory.create()
    tables = ["accounts_emailcode", "accounts_user", "accounts_signinattempt"]
    before = table_contents(tables)
    for email in (user.email, "nobody@example.org"):
        cache.clear()
        ask(route, email)
    assert table_contents(tables) == before
    assert [job.kind for job in Job.objects.all()] == ["accounts.mail_ask"] * 2
    assert user.email not in repr([job.payload for job in Job.objects.all()])


@pytest.mark.parametrize("route", ROUTES)
def test_a_reset_link_that_is_wrong_tells_no_account(route: str) -> None:
    UserFactory.create()
    body = {"token": "hpr_nothing", "password": "a passphrase 77"}
    answers = []
    for _ in range(2):
        answers.append(Client().post("/api/v1/auth/reset-password", body, content_type="application/json").json())
        UserFactory._meta.model.objects.all().delete()
    assert {**answers[0], "request_id": ""} == {**answers[1], "request_id": ""}


@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES)
def test_same_time(route: str) -> None:
    """Medians of processor time, known and unknown in turn: what other processes do on this machine does not count."""
    user = UserFactory.create()
    unknown = "x" * (len(user.email) - 12) + "@example.org"
    ask(route, unknown)
    differences = []
    for _ in range(4):
        times: dict[str, list[float]] = {user.email: [], unknown: []}
        for _ in range(60):
            for email, found in times.items():
                cache.clear()
                start = time.process_time()
                assert ask(route, email).status_code == 200
                found.append(time.process_time() - start)
        known, nobody = (statistics.median(found) for found in times.values())
        differences.append(abs(known - nobody) / max(known, nobody))
        if differences[-1] < 0.05:
            return
    pytest.fail(f"known and unknown addresses differ by {[f'{d:.1%}' for d in differences]}")
