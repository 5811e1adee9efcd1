"""What a password must be, and that it is the same however it is typed."""

import gzip
import unicodedata
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.hashers import Argon2id, password_normal
from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.validation import password_clean

PERSON = User(username="Some_Person", email="unusual_mailbox@example.org")


def commonest() -> list[str]:
    """Django's list, the commonest first."""
    folder = Path(password_validation.__file__).parent
    return gzip.decompress((folder / "common-passwords.txt.gz").read_bytes()).decode().split()


def refused(password: str, user: User | None = None) -> list[str]:
    try:
        password_clean(password, user)
    except ValidationError as error:
        return [each.code for each in error.error_list]
    return []


def test_the_three_thousand_commonest_are_refused() -> None:
    long_enough = [password for password in commonest() if len(password) >= 8]
    assert len(long_enough) > 8000
    assert all(refused(password) == ["password_too_common"] for password in long_enough[:3000])
    assert all(refused(password) for password in commonest()[:3000])


@pytest.mark.parametrize("password", ["Password1", "PASSWORD", " password ", "ｐａｓｓｗｏｒｄ", "iloveyou1"])
def test_a_common_one_in_other_letters_is_as_common(password: str) -> None:
    assert refused(password) == ["password_too_common"]


@pytest.mark.parametrize("password", ["short", "1234567", "", "ｓｈｏｒｔ"])
def test_eight_characters_at_least(password: str) -> None:
    assert "password_too_short" in refused(password)


def test_at_most_256() -> None:
    assert refused("ы" * 256) == []
    assert refused("x" * 257) == ["password_too_long"]


@pytest.mark.parametrize("password", ["Some_Person", "some_person", "UNUSUAL_mailbox@example.org", "unusual_mailbox"])
def test_the_own_name_is_none(password: str) -> None:
    assert refused(password, PERSON) == ["password_own_name"]
    assert refused(password) == []


@pytest.mark.parametrize(
    "password", ["tralalala", "98216450", "ещё одна фраза", "かめはめはかめはめは", "🐉🐉🐉🐉🐉🐉🐉🐉", "a b c d e"]
)
def test_no_rules_of_composition(password: str) -> None:
    assert refused(password, PERSON) == []


def test_an_accent_is_the_same_in_one_character_or_two() -> None:
    typed, stored = (unicodedata.normalize(form, "пароль ёжика é") for form in ("NFD", "NFC"))
    assert typed != stored
    hasher = Argon2id()
    encoded = hasher.encode(stored, "saltsaltsalt")
    assert hasher.verify(typed, encoded)
    assert hasher.verify(stored, encoded)
    assert not hasher.verify(stored.upper(), encoded)


def test_a_hash_of_before_stays_good() -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    typed = unicodedata.normalize("NFD", "пароль ёжика")
    encoded = Argon2PasswordHasher().encode(typed, "saltsaltsalt")
    assert password_normal(typed) != typed
    assert Argon2id().verify(typed, encoded)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["пароль ёжика", "かめはめはかめ波", "  spaces at both ends  ", "🐉" * 8])
def test_unicode_passwords_sign_in_on_the_site_and_in_the_api(password: str) -> None:
    UserFactory.create(username="person", password=password)
    typed = unicodedata.normalize("NFD", password)
    body = {"identifier": "person", "password": typed}
    assert Client().post("/api/v1/auth/login", body, content_type="application/json").status_code == 200
    assert Client().post("/accounts/login/", {"login": "person", "password": typed}).status_code == 302


@pytest.mark.django_db
def test_the_sign_up_form_and_register_refuse_the_own_name() -> None:
    form = {"username": "long_enough", "email": "other@example.org", "password1": "Long_Enough"}
    answer = Client().post("/accounts/signup/", form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["password1"])
    body = {"username": "long_enough", "email": "other@example.org", "password": "Long_Enough"}
    api = Client().post("/api/v1/auth/register", body, content_type="application/json")
    assert (api.status_code, list(api.json()["fields"])) == (422, ["password"])
