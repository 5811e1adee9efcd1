"""Threat 25: a code of the second factor works once, however many present it at the same time."""

import pytest

from accounts.errors import InvalidChallenge, InvalidCode
from accounts.models import SignInAttempt, User
from accounts.selectors.two_factor import recovery_codes_left
from accounts.services.challenges import challenge_answer, challenge_start
from accounts.services.two_factor import code_confirm, recovery_codes_regenerate
from accounts.tests.factories import UserFactory
from accounts.tests.two_factor import code_now, two_factor_on
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8


def codes_of(user: User) -> dict[str, str]:
    """A code of the app that was not used yet, and a recovery code."""
    secret, recovery = two_factor_on(user)
    return {"app": code_now(secret, ahead=1), "recovery": recovery[0]}


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_one_code_answers_one_of_many_challenges(kind: str) -> None:
    user = UserFactory.create()
    code = codes_of(user)[kind]
    tokens = [challenge_start(user=user) for _ in range(AT_ONCE)]
    ends = at_once(
        [
            lambda token=token, n=n: challenge_answer(token=token, code=code, address=f"198.51.100.{n}")  # type: ignore[misc]
            for n, token in enumerate(tokens)
        ]
    )
    assert ends == {"done": 1, InvalidCode.code: AT_ONCE - 1}


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_confirms_once(kind: str) -> None:
    user = UserFactory.create()
    code = codes_of(user)[kind]
    ends = at_once([lambda: code_confirm(user=user, code=code, address="198.51.100.1")] * AT_ONCE)
    assert ends == {"done": 1, InvalidCode.code: AT_ONCE - 1}
    assert recovery_codes_left(user) == (10 if kind == "app" else 9)


def test_one_challenge_lets_one_in_whatever_codes_answer_it() -> None:
    user = UserFactory.create()
    _, recovery = two_factor_on(user)
    token = challenge_start(user=user)
    ends = at_once(
        [
            lambda code=code, n=n: challenge_answer(token=token, code=code, address=f"198.51.100.{n}")  # type: ignore[misc]
            for n, code in enumerate(recovery[:4])
        ]
    )
    assert ends["done"] == 1
    assert ends[InvalidChallenge.code] == 3


def test_a_code_that_was_used_is_no_use_later() -> None:
    user = UserFactory.create()
    code = codes_of(user)["app"]
    challenge_answer(token=challenge_start(user=user), code=code, address="198.51.100.1")
    with pytest.raises(InvalidCode):
        challenge_answer(token=challenge_start(user=user), code=code, address="198.51.100.1")


def test_recovery_codes_made_twice_at_once_leave_ten() -> None:
    user = UserFactory.create()
    two_factor_on(user)
    made: list[list[str]] = []
    at_once([lambda: made.append(recovery_codes_regenerate(user=user))] * 4)
    assert recovery_codes_left(user) == 10
    working = 0
    for codes in made:
        try:
            code_confirm(user=user, code=codes[0], address="198.51.100.1")
            working += 1
        except InvalidCode:
            SignInAttempt.objects.all().delete()
    assert working == 1
