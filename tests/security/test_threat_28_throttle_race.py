"""Threat 28: a hundred parallel guesses evaluate at most as many passwords, and codes, as the lock-out allows."""

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from accounts.errors import InvalidChallenge, InvalidCode, InvalidCredentials, TooManyFailures
from accounts.models import SignInAttempt
from accounts.services import sign_in, two_factor
from accounts.services.challenges import CODES_ALLOWED, challenge_answer, challenge_start
from accounts.services.lockout import FAILURES_ALLOWED, WINDOW
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.two_factor import two_factor_on


def outcome(call: dict[str, str]) -> str:
    """How one attempt ends: "in", "wrong", "locked", or "over" (its challenge)."""
    try:
        (challenge_answer if "token" in call else sign_in.credentials_check)(**call)
    except (InvalidCredentials, InvalidCode):
        return "wrong"
    except TooManyFailures:
        return "locked"
    except InvalidChallenge:
        return "over"
    return "in"


def storm(calls: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> tuple[Counter[str], int]:
    """All calls at once: how they ended, and how many passwords or codes were looked at."""
    evaluated: list[int] = []

    def count_calls(module: Any, name: str) -> None:
        real = getattr(module, name)

        def counted(*args: Any) -> bool:
            evaluated.append(1)
            return real(*args)

        monkeypatch.setattr(module, name, counted)

    count_calls(sign_in, "password_matches")
    count_calls(two_factor, "_code_spend")
    barrier, ends = threading.Barrier(len(calls)), Counter[str]()

    def guess(call: dict[str, str]) -> None:
        barrier.wait()
        try:
            ends[outcome(call)] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends, len(evaluated)


@pytest.mark.django_db(transaction=True)
def test_one_address_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [{"identifier": f"name{n}", "password": "wrong", "address": "198.51.100.1"} for n in range(100)]
    ends, evaluated = storm(calls, monkeypatch)
    assert ends.total() == 100
    assert 1 <= evaluated <= FAILURES_ALLOWED
    assert ends["wrong"] == evaluated


@pytest.mark.django_db(transaction=True)
def test_one_account_many_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    user = UserFactory.create()
    names = (user.username, user.username.upper(), user.email)
    calls = [{"identifier": names[n % 3], "password": "wrong", "address": f"198.51.{n}.7"} for n in range(100)]
    ends, evaluated = storm(calls, monkeypatch)
    assert ends.total() == 100
    assert 1 <= evaluated <= FAILURES_ALLOWED
    guesses = [{"identifier": user.email, "password": "wrong", "address": "203.0.113.9"}] * (FAILURES_ALLOWED + 1)
    assert "locked" in [outcome(guess) for guess in guesses]


@pytest.mark.django_db(transaction=True)
def test_codes_of_one_account_on_many_challenges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows the password may start challenges without end; the account's counter of codes stays one."""
    user = UserFactory.create()
    two_factor_on(user)
    calls = [{"token": challenge_start(user=user), "code": f"{n:06d}", "address": f"198.51.{n}.7"} for n in range(100)]
    ends, evaluated = storm(calls, monkeypatch)
    assert ends.total() == 100
    assert 1 <= evaluated <= FAILURES_ALLOWED
    assert ends["wrong"] == evaluated


@pytest.mark.django_db(transaction=True)
def test_codes_on_one_challenge(monkeypatch: pytest.MonkeyPatch) -> None:
    user = UserFactory.create()
    two_factor_on(user)
    token = challenge_start(user=user)
    calls = [{"token": token, "code": f"{n:06d}", "address": f"198.51.{n}.7"} for n in range(100)]
    ends, evaluated = storm(calls, monkeypatch)
    assert ends.total() == 100
    assert 1 <= evaluated <= CODES_ALLOWED
    assert ends["over"] >= 100 - FAILURES_ALLOWED


@pytest.mark.django_db(transaction=True)
def test_codes_of_many_accounts_from_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = []
    for _ in range(25):
        user = UserFactory.create()
        two_factor_on(user)
        tokens.append(challenge_start(user=user))
    calls = [{"token": token, "code": "nothing", "address": "198.51.100.1"} for token in tokens]
    ends, evaluated = storm(calls, monkeypatch)
    assert ends.total() == 25
    assert 1 <= evaluated <= FAILURES_ALLOWED


@pytest.mark.django_db
def test_the_lock_holds_for_the_right_password_and_ends() -> None:
    import time_machine

    user = UserFactory.create()
    call = {"identifier": user.username, "address": "198.51.100.1"}
    for _ in range(FAILURES_ALLOWED):
        with pytest.raises(InvalidCredentials):
            sign_in.credentials_check(password="wrong", **call)
    with pytest.raises(TooManyFailures) as locked:
        sign_in.credentials_check(password=PASSWORD, **call)
    assert 0 < int(locked.value.headers["Retry-After"]) <= WINDOW.total_seconds() + 1
    with pytest.raises(TooManyFailures):  # the address is locked for other names too
        sign_in.credentials_check(identifier="someone", password="wrong", address="198.51.100.1")
    oldest = SignInAttempt.objects.earliest("created_at").created_at
    with time_machine.travel(oldest + WINDOW * 1.01, tick=False):
        assert sign_in.credentials_check(password=PASSWORD, **call) == user


@pytest.mark.django_db
def test_knowing_one_password_does_not_free_the_address() -> None:
    mine, victim = UserFactory.create(), UserFactory.create()
    ends = []
    for _ in range(FAILURES_ALLOWED + 1):
        ends.append(outcome({"identifier": victim.username, "password": "wrong", "address": "198.51.100.1"}))
        ends.append(outcome({"identifier": mine.username, "password": PASSWORD, "address": "198.51.100.1"}))
    assert ends == ["wrong", "in"] * (FAILURES_ALLOWED - 1) + ["wrong"] + ["locked"] * 3


@pytest.mark.django_db
def test_an_ipv6_customer_is_one_address() -> None:
    calls = [
        {"identifier": f"name{n}", "password": "wrong", "address": f"2001:db8:1:2::{n + 1:x}"}
        for n in range(FAILURES_ALLOWED + 1)
    ]
    assert [outcome(call) for call in calls] == ["wrong"] * FAILURES_ALLOWED + ["locked"]
    assert outcome({**calls[0], "address": "2001:db8:1:3::1"}) == "wrong"
