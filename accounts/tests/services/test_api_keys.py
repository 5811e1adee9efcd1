"""API keys: made once, stored as hashes, capped, found while they live, their use noted at most once a minute."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import InvalidApiKey, TooManyApiKeys
from accounts.models import ApiKey, Role, User
from accounts.selectors.api_keys import api_key_by_token, is_use_unrecorded
from accounts.services.api_keys import (
    KEYS_PER_USER,
    api_key_create,
    api_key_revoke,
    api_key_revoke_as_staff,
    api_key_use_record,
)
from accounts.tests.factories import UserFactory
from core.errors import NotFound, PermissionDenied, ValidationFailed
from core.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return UserFactory()


class TestMaking:
    def test_the_key_itself_is_nowhere(self, person: User) -> None:
        made = api_key_create(
            user=person, name="  My   tracker ", scopes=["lists:write", "catalog:read", "lists:write"]
        )
        row = ApiKey.objects.values().get()
        assert (row["name"], row["scopes"]) == ("My tracker", ["catalog:read", "lists:write"])
        assert made.token.startswith("hk_")
        assert row["prefix"] == made.token[:11]
        assert made.token not in str(row)
        assert made.token not in repr(made)
        assert api_key_by_token(made.token).pk == row["id"]

    def test_its_person_is_told_by_mail(self, person: User) -> None:
        api_key_create(user=person, name="x", scopes=["catalog:read"])
        assert Job.objects.filter(kind="accounts.mail").count() == 1

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("name", {"name": "  "}),
            ("name", {"name": "x" * 51}),
            ("name", {"name": "a\x00b"}),
            ("scopes", {"scopes": []}),
            ("scopes", {"scopes": ["catalog:read", "everything"]}),
            ("expires_at", {"expires_at": timezone.now() - timedelta(seconds=1)}),
            ("expires_at", {"expires_at": timezone.now() + timedelta(days=4000)}),
        ],
    )
    def test_what_is_not_right_is_named(self, person: User, field: str, change: dict[str, Any]) -> None:
        with pytest.raises(ValidationFailed) as caught:
            api_key_create(user=person, **{"name": "x", "scopes": ["catalog:read"], **change})
        assert list(caught.value.extra["fields"]) == [field]
        assert not ApiKey.objects.exists()

    def test_twenty_are_the_limit(self, person: User) -> None:
        for number in range(KEYS_PER_USER):
            api_key_create(user=person, name=str(number), scopes=["catalog:read"])
        with pytest.raises(TooManyApiKeys):
            api_key_create(user=person, name="one more", scopes=["catalog:read"])
        api_key_create(user=UserFactory(), name="another's", scopes=["catalog:read"])

    @pytest.mark.django_db(transaction=True)
    def test_parallel_makers_stay_within_the_limit(self) -> None:
        person = UserFactory()
        for number in range(KEYS_PER_USER - 1):
            api_key_create(user=person, name=str(number), scopes=["catalog:read"])
        barrier, outcomes = Barrier(6), []

        def work() -> None:
            barrier.wait()
            try:
                api_key_create(user=person, name="racer", scopes=["catalog:read"])
                outcomes.append("made")
            except TooManyApiKeys:
                outcomes.append("refused")
            finally:
                connection.close()

        threads = [Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["made"] + ["refused"] * 5
        assert ApiKey.objects.filter(user=person).count() == KEYS_PER_USER


class TestFinding:
    @pytest.fixture
    def token(self, person: User) -> str:
        return api_key_create(
            user=person, name="x", scopes=["catalog:read"], expires_at=timezone.now() + timedelta(days=1)
        ).token

    def test_one_query_with_person_and_avatar(self, token: str, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            key = api_key_by_token(token)
            assert key.user.avatar is None

    @pytest.mark.parametrize(
        "wrong", ["", "hk_", "hk_" + "a" * 42, "hk_" + "a" * 44, "hrt_" + "a" * 43, "hk_" + "ä" * 43]
    )
    def test_what_cannot_be_a_key_asks_nothing(self, wrong: str, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0), pytest.raises(InvalidApiKey):
            api_key_by_token(wrong)

    def test_expired(self, token: str) -> None:
        ApiKey.objects.update(expires_at=timezone.now())
        with pytest.raises(InvalidApiKey):
            api_key_by_token(token)

    @pytest.mark.parametrize(
        "change",
        [{"is_active": False}, {"deletion_due_at": timezone.now()}, {"erased_at": timezone.now()}],
        ids=["suspended", "leaving", "erased"],
    )
    def test_of_somebody_who_may_not(self, person: User, token: str, change: dict[str, Any]) -> None:
        User.objects.filter(pk=person.pk).update(**change)
        with pytest.raises(InvalidApiKey):
            api_key_by_token(token)

    def test_use_is_written_once_a_minute(self, token: str) -> None:
        key = api_key_by_token(token)
        assert is_use_unrecorded(key)
        api_key_use_record(key=key)
        first = ApiKey.objects.get().last_used_at
        assert not is_use_unrecorded(ApiKey.objects.get())
        api_key_use_record(key=key)  # another request that read the row before the first wrote
        assert ApiKey.objects.get().last_used_at == first
        ApiKey.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
        assert is_use_unrecorded(ApiKey.objects.get())


class TestRevoking:
    def test_mine_is_gone(self, person: User) -> None:
        made = api_key_create(user=person, name="x", scopes=["catalog:read"])
        api_key_revoke(user=person, key_id=made.key.pk)
        with pytest.raises(InvalidApiKey):
            api_key_by_token(made.token)
        with pytest.raises(NotFound):
            api_key_revoke(user=person, key_id=made.key.pk)

    def test_anothers_stays(self, person: User) -> None:
        made = api_key_create(user=person, name="x", scopes=["catalog:read"])
        with pytest.raises(NotFound):
            api_key_revoke(user=UserFactory(), key_id=made.key.pk)
        assert ApiKey.objects.exists()

    @pytest.mark.parametrize(
        ("actor", "target", "allowed"),
        [
            (Role.ADMIN, Role.USER, True),
            (Role.ADMIN, Role.ADMIN, False),
            (Role.ADMIN, Role.SUPERADMIN, False),
            (Role.SUPERADMIN, Role.ADMIN, True),
        ],
    )
    def test_staff_revoke_of_those_below(self, actor: Role, target: Role, allowed: bool) -> None:
        key = api_key_create(user=UserFactory(role=target), name="x", scopes=["catalog:read"]).key
        if allowed:
            api_key_revoke_as_staff(actor=UserFactory(role=actor), key=key)
        else:
            with pytest.raises(PermissionDenied):
                api_key_revoke_as_staff(actor=UserFactory(role=actor), key=key)
        assert ApiKey.objects.exists() is not allowed


def test_listing_takes_one_query(person: User) -> None:
    from accounts.selectors.api_keys import api_keys_of

    for number in range(3):
        api_key_create(user=person, name=str(number), scopes=["catalog:read"])
    with CaptureQueriesContext(connection) as captured:
        assert [key.name for key in api_keys_of(person.pk)] == ["2", "1", "0"]
    assert len(captured) == 1
