"""Devices that people signed in on."""

from typing import Any

import pytest
from django.core.cache import cache

from accounts.errors import InvalidCredentials, TooManyFailures
from accounts.models import KnownDevice, User
from accounts.services import known_devices
from accounts.services.known_devices import KEPT_PER_PERSON, device_remember, device_tokens_read, known_device
from accounts.services.sessions import session_start
from accounts.services.sign_in import credentials_check
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
PHONE = {"device": "Phone", "address": "203.0.113.1"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(known_devices, "notice_send", lambda **sent: found.append(sent))
    return found


def wrong(user: User, address: str, kept: str = "") -> str:
    """How a try with a wrong password ends: "wrong" or "locked"."""
    try:
        credentials_check(
            identifier=user.username, password="wrong", address=address, device_tokens=device_tokens_read(kept)
        )
    except InvalidCredentials:
        return "wrong"
    except TooManyFailures:
        return "locked"
    return "in"


def test_the_victim_gets_in_on_a_device_of_theirs_while_somebody_guesses() -> None:
    user = UserFactory.create()
    kept = device_remember(user=user, tokens=(), **PHONE)
    assert [wrong(user, f"198.51.100.{n}") for n in range(11)] == ["wrong"] * 10 + ["locked"]
    right = {"identifier": user.username, "password": PASSWORD, "address": "203.0.113.1"}
    with pytest.raises(TooManyFailures):
        credentials_check(**right)
    assert credentials_check(**right, device_tokens=[kept]) == user
    assert wrong(user, "203.0.113.2") == "locked"  # that they got in frees nobody else


def test_a_stolen_device_token_guesses_ten_times_too() -> None:
    user = UserFactory.create()
    kept = device_remember(user=user, tokens=(), **PHONE)
    assert [wrong(user, f"198.51.100.{n}", kept) for n in range(11)] == ["wrong"] * 10 + ["locked"]
    assert credentials_check(identifier=user.email, password=PASSWORD, address="203.0.113.1") == user


def test_the_address_is_counted_on_a_known_device_as_well() -> None:
    user = UserFactory.create()
    kept = device_remember(user=user, tokens=(), **PHONE)
    names = [UserFactory.create() for _ in range(10)]
    assert {wrong(other, "198.51.100.1") for other in names} == {"wrong"}
    assert wrong(user, "198.51.100.1", kept) == "locked"


def test_the_token_of_another_account_helps_nobody() -> None:
    user, other = UserFactory.create(), UserFactory.create()
    kept = device_remember(user=other, tokens=(), **PHONE)
    assert [wrong(user, f"198.51.100.{n}", kept) for n in range(11)] == ["wrong"] * 10 + ["locked"]
    assert known_device(user=user, tokens=[kept]) is None
    assert known_device(user=None, tokens=[kept]) is None


def test_only_a_hash_is_stored_and_it_is_told_of_new_ones(told: list[dict[str, Any]]) -> None:
    user = UserFactory.create()
    first = device_remember(user=user, tokens=(), **PHONE)
    assert not told  # the first sign-in ever is no news
    assert first not in str(KnownDevice.objects.values_list())
    assert device_remember(user=user, tokens=[first], **PHONE) == first
    assert not told
    device_remember(user=user, tokens=(), device="Telly\x00" + "x" * 300, address="198.51.100.1")
    assert [(sent["user"], sent["kind"], sent["context"]["address"]) for sent in told] == [
        (user, "new_sign_in", "198.51.100.1")
    ]
    assert sorted(len(row.device) for row in KnownDevice.objects.all()) == [5, 200]


def test_one_browser_of_a_family_knows_five_accounts() -> None:
    kept = ""
    family = [UserFactory.create() for _ in range(6)]
    for user in family:
        kept = device_remember(user=user, tokens=device_tokens_read(kept), **PHONE)
    tokens = device_tokens_read(kept)
    assert [known_device(user=user, tokens=tokens) is not None for user in family] == [False] + [True] * 5


def test_twenty_are_kept_and_the_least_used_goes() -> None:
    user = UserFactory.create()
    kept = [device_remember(user=user, tokens=(), **PHONE) for _ in range(KEPT_PER_PERSON)]
    device_remember(user=user, tokens=[kept[0]], **PHONE)  # used again: the second is the least used now
    device_remember(user=user, tokens=(), **PHONE)
    cache.clear()
    assert KnownDevice.objects.filter(user=user).count() == KEPT_PER_PERSON
    known = [known_device(user=user, tokens=[token]) is not None for token in kept]
    assert known == [True, False] + [True] * (KEPT_PER_PERSON - 2)


def test_a_program_that_keeps_no_token_pushes_no_real_device_out() -> None:
    user = UserFactory.create()
    phone = device_remember(user=user, tokens=(), **PHONE)
    for _ in range(KEPT_PER_PERSON + 5):
        device_remember(user=user, tokens=(), device="a script/1.0", address="198.51.100.9")
    assert KnownDevice.objects.filter(user=user).count() == KEPT_PER_PERSON
    assert known_device(user=user, tokens=[phone]) is not None


def test_the_same_program_from_the_same_address_is_told_of_once(told: list[dict[str, Any]]) -> None:
    user = UserFactory.create()
    device_remember(user=user, tokens=(), **PHONE)
    script = {"device": "a script/1.0", "address": "198.51.100.9"}
    for _ in range(3):
        device_remember(user=user, tokens=(), **script)
        session_start(user=user, **script)
    device_remember(user=user, tokens=(), **{**script, "address": "198.51.100.10"})
    assert [sent["context"]["address"] for sent in told] == ["198.51.100.9", "198.51.100.10"]


@pytest.mark.parametrize("text", ["", ".", "x.y", "hrt_x", "." * 5000, "\x00", "ü"])
def test_rubbish_in_the_cookie_is_nobody(text: str) -> None:
    assert device_tokens_read(text) == []


def test_at_most_five_tokens_are_looked_up() -> None:
    assert len(device_tokens_read("hdt_a." * 50)) == 5
