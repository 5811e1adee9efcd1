"""The calendar's address when two things happen at once, on either database."""

import threading

import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.errors import NotFound
from lists.models import ListPreferences
from lists.services.calendars import calendar_key, calendar_owner, calendar_revoke

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, call) -> list[str]:
    """What `call` gives in each of `count` threads that start at the same moment."""
    barrier, found = threading.Barrier(count), []

    def run() -> None:
        barrier.wait()
        try:
            found.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_first_looks_give_one_address() -> None:
    user = UserFactory.create()
    found = at_once(8, lambda: calendar_key(user=User.objects.get(pk=user.pk)))
    assert len(found) == 8
    assert len(set(found)) == 1
    assert calendar_owner(found[0]) == user
    assert ListPreferences.objects.filter(user=user).count() == 1


def test_of_many_revocations_one_address_is_left() -> None:
    user = UserFactory.create()
    old = calendar_key(user=user)
    found = at_once(8, lambda: calendar_revoke(user=User.objects.get(pk=user.pk)))
    assert len(found) == 8
    left = calendar_key(user=user)
    assert left in found
    for key in {old, *found} - {left}:
        with pytest.raises(NotFound):
            calendar_owner(key)
