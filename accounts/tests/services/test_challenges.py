"""The question between password and sign-in."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.errors import AccountInactive, InvalidChallenge, InvalidCode, TooManyFailures
from accounts.models import SignInChallenge, User
from accounts.services.challenges import CODES_ALLOWED, challenge_answer, challenge_start, challenges_trim
from accounts.services.known_devices import device_remember
from accounts.tests.factories import UserFactory
from accounts.tests.two_factor import code_now, two_factor_on

pytestmark = pytest.mark.django_db
HERE = {"address": "198.51.100.1"}


@pytest.fixture
def user() -> User:
    return UserFactory.create()


def test_a_code_of_the_app_answers_it_once(user: User) -> None:
    secret, codes = two_factor_on(user)
    token = challenge_start(user=user)
    assert token not in str(SignInChallenge.objects.values_list())
    assert challenge_answer(token=token, code=code_now(secret, ahead=1), **HERE) == user
    with pytest.raises(InvalidChallenge):
        challenge_answer(token=token, code=codes[0], **HERE)


def test_a_recovery_code_answers_it(user: User) -> None:
    _, codes = two_factor_on(user)
    assert challenge_answer(token=challenge_start(user=user), code=codes[0].lower(), **HERE) == user


@pytest.mark.parametrize("token", ["", "hct_", "hct_" + "A" * 43, "\x00", "ü" * 1000])
def test_unknown_tokens(token: str) -> None:
    with pytest.raises(InvalidChallenge):
        challenge_answer(token=token, code="123456", **HERE)


def test_it_lives_five_minutes(user: User) -> None:
    _, codes = two_factor_on(user)
    token = challenge_start(user=user)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        with pytest.raises(InvalidChallenge):
            challenge_answer(token=token, code=codes[0], **HERE)
        assert challenges_trim() == 1


def test_five_wrong_codes_end_it(user: User) -> None:
    _, codes = two_factor_on(user)
    token = challenge_start(user=user)
    for _ in range(CODES_ALLOWED):
        with pytest.raises(InvalidCode):
            challenge_answer(token=token, code="wrong", **HERE)
    with pytest.raises(InvalidChallenge):
        challenge_answer(token=token, code=codes[0], **HERE)
    assert challenge_answer(token=challenge_start(user=user), code=codes[0], **HERE) == user


def test_new_challenges_bring_no_new_guesses(user: User) -> None:
    """Whoever knows the password may start as many as they like: the account's counter of codes goes on."""
    _, codes = two_factor_on(user)
    ends = []
    for n in range(12):
        try:
            challenge_answer(token=challenge_start(user=user), code="wrong", address=f"198.51.100.{n}")
        except (InvalidCode, TooManyFailures) as error:
            ends.append(type(error))
    assert ends == [InvalidCode] * 10 + [TooManyFailures] * 2
    with pytest.raises(TooManyFailures):
        challenge_answer(token=challenge_start(user=user), code=codes[0], address="203.0.113.1")


def test_a_known_device_answers_while_others_are_locked_out(user: User) -> None:
    _, codes = two_factor_on(user)
    kept = device_remember(user=user, tokens=(), device="Phone", address="203.0.113.1")
    for n in range(10):
        with pytest.raises(InvalidCode):
            challenge_answer(token=challenge_start(user=user), code="wrong", address=f"198.51.100.{n}")
    answer = {"code": codes[0], "address": "203.0.113.1"}
    with pytest.raises(TooManyFailures):
        challenge_answer(token=challenge_start(user=user), **answer)
    assert challenge_answer(token=challenge_start(user=user), device_tokens=[kept], **answer) == user


@pytest.mark.parametrize("change", [{"is_active": False}, {"erased_at": timezone.now()}])
def test_who_may_not_sign_in_gets_no_challenge_and_answers_none(user: User, change: dict[str, object]) -> None:
    _, codes = two_factor_on(user)
    token = challenge_start(user=user)
    User.objects.update(**change)
    user.refresh_from_db()
    with pytest.raises(AccountInactive):
        challenge_answer(token=token, code=codes[0], **HERE)
    with pytest.raises(AccountInactive):
        challenge_start(user=user)


def test_a_person_in_the_days_of_grace_still_signs_in(user: User) -> None:
    _, codes = two_factor_on(user)
    User.objects.update(deletion_due_at=timezone.now() + timedelta(days=3))
    assert challenge_answer(token=challenge_start(user=user), code=codes[0], **HERE) == user
