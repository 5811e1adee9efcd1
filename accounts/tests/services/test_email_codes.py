"""Codes from mails: one winner among many, bound to purpose, person and address."""

import importlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.utils import timezone

from accounts.errors import EmailCodeInvalid
from accounts.models import EmailCode, User
from accounts.services.email_addresses import email_change_confirm, email_mirror, email_verify
from accounts.services.email_codes import (
    LIFETIMES,
    email_code_make,
    email_code_use,
    email_codes_trim,
)
from accounts.services.passwords import password_reset
from accounts.tests.factories import UserFactory
from core.errors import DomainError, ValidationFailed

Purpose = EmailCode.Purpose


def in_parallel(work: Callable[[int], object], times: int) -> list[object]:
    """What each call gave or which domain error it raised; all start at once, each on its own connection."""
    barrier, found = threading.Barrier(times), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            found.append(work(number))
        except DomainError as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_code_works_once_for_its_purpose_and_as_long_as_it_lives(purpose: EmailCode.Purpose) -> None:
    user = UserFactory.create()
    code = email_code_make(user=user, purpose=purpose)
    for other in set(Purpose) - {purpose}:
        with pytest.raises(EmailCodeInvalid):
            email_code_use(purpose=other, code=code)
    with pytest.raises(EmailCodeInvalid):
        email_code_use(purpose=purpose, code=code, user=UserFactory.create())
    with (
        time_machine.travel(timezone.now() + LIFETIMES[purpose] + timedelta(seconds=1)),
        pytest.raises(EmailCodeInvalid),
    ):
        email_code_use(purpose=purpose, code=code)
    with time_machine.travel(timezone.now() + LIFETIMES[purpose] - timedelta(seconds=1)):
        assert email_code_use(purpose=purpose, code=code, user=user).user == user
    with pytest.raises(EmailCodeInvalid):
        email_code_use(purpose=purpose, code=code)


@pytest.mark.django_db
def test_lifetimes_are_the_agreed_ones() -> None:
    hours = {purpose: lifetime.total_seconds() / 3600 for purpose, lifetime in LIFETIMES.items()}
    assert hours == {Purpose.VERIFY: 24, Purpose.CHANGE: 24, Purpose.RESET: 1, Purpose.DELETION: 0.5}


@pytest.mark.django_db
def test_codes_are_typed_in_any_way_and_tokens_in_one() -> None:
    user = UserFactory.create()
    code = email_code_make(user=user, purpose=Purpose.VERIFY)
    assert len(code.replace("-", "")) == 10
    email_code_use(purpose=Purpose.VERIFY, code=f"  {code.lower().replace('-', '')} ")
    token = email_code_make(user=user, purpose=Purpose.RESET)
    assert len(token) >= 43
    for wrong in (token.upper(), token[:-1], token + "x"):
        with pytest.raises(EmailCodeInvalid):
            email_code_use(purpose=Purpose.RESET, code=wrong)
    email_code_use(purpose=Purpose.RESET, code=f" {token}\n")


@pytest.mark.django_db
def test_no_row_holds_a_code() -> None:
    user = UserFactory.create()
    codes = [email_code_make(user=user, purpose=purpose) for purpose in Purpose]
    rows = repr(list(EmailCode.objects.values()))
    assert not any(code in rows or code.replace("-", "") in rows for code in codes)


@pytest.mark.django_db
def test_old_codes_are_deleted() -> None:
    for purpose in Purpose:
        email_code_make(user=UserFactory.create(), purpose=purpose)
    with time_machine.travel(timezone.now() + timedelta(hours=25, minutes=1)):
        assert email_codes_trim() == 2  # reset and deletion
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert email_codes_trim() == 2


@pytest.mark.django_db
def test_an_erased_account_has_no_codes_that_work() -> None:
    user = UserFactory.create()
    code = email_code_make(user=user, purpose=Purpose.VERIFY)
    User.objects.filter(pk=user.pk).update(erased_at=timezone.now())
    with pytest.raises(EmailCodeInvalid):
        email_verify(code=code)


@pytest.mark.django_db
def test_the_mirror_holds_one_row_a_person() -> None:
    user = UserFactory.create()
    for email in ("a@example.org", "b@example.org"):
        EmailAddress.objects.create(user=user, email=email, primary=email[0] == "a")
    EmailAddress.objects.create(user=UserFactory.create(), email=user.email, verified=True)
    email_mirror(user=user)
    rows = EmailAddress.objects.values_list("email", "primary", "verified")
    assert list(rows) == [(user.email, True, False)]


@pytest.mark.django_db(transaction=True)
def test_one_code_many_uses_at_once() -> None:
    user = UserFactory.create()
    code = email_code_make(user=user, purpose=Purpose.VERIFY)
    found = in_parallel(lambda _n: email_code_use(purpose=Purpose.VERIFY, code=code), 10)
    assert sum(isinstance(each, EmailCode) for each in found) == 1
    assert sum(isinstance(each, EmailCodeInvalid) for each in found) == 9
    token = email_code_make(user=user, purpose=Purpose.RESET)
    found = in_parallel(lambda n: password_reset(token=token, password=f"a passphrase {n}"), 8)
    (winner,) = [each for each in found if isinstance(each, User)]
    user.refresh_from_db()
    assert user.password == winner.password  # the losers changed nothing


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_one_address_at_once() -> None:
    people = [UserFactory.create() for _ in range(6)]
    codes = [email_code_make(user=user, purpose=Purpose.CHANGE, email="wanted@example.org") for user in people]
    found = in_parallel(lambda n: email_change_confirm(user=people[n], code=codes[n]), len(people))
    assert sum(isinstance(each, User) for each in found) == 1
    assert sum(isinstance(each, ValidationFailed) and "email" in each.extra["fields"] for each in found) == 5
    assert User.objects.filter(email="wanted@example.org").count() == 1
    assert EmailAddress.objects.filter(email="wanted@example.org").count() == 1


@pytest.mark.django_db
def test_addresses_that_the_old_page_had_added_go_and_the_own_one_stays() -> None:
    from django.apps import apps

    migration = importlib.import_module("accounts.migrations.0006_one_address_a_person")
    user = UserFactory.create(email="own@example.org")
    for email in ("Own@example.org", "second@example.org"):
        EmailAddress.objects.create(user=user, email=email, primary=email.startswith("Own"))
    migration.others_delete(apps, None)
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["Own@example.org"]
