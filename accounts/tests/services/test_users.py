"""Roles, profiles, passwords and tidying up."""

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import RefreshToken, Role, SignInAttempt, User, UserSession
from accounts.selectors.users import user_by_identifier
from accounts.services.lockout import attempt_begin
from accounts.services.profiles import age_on, profile_update
from accounts.services.sessions import session_start, sessions_revoke_all
from accounts.services.sign_in import credentials_check
from accounts.services.users import user_register
from accounts.tasks import sign_ins_trim
from accounts.tests.factories import PASSWORD, UserFactory
from core.errors import ValidationFailed

pytestmark = pytest.mark.django_db

PROFILE = {"display_name": "", "bio": "", "title_language": "romaji", "shows_adult": False, "birth_date": None}


def years_ago(years: int) -> date:
    today = timezone.now().date()
    return date(today.year - years, today.month, min(today.day, 28))


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2008, 11, 22), date(2026, 11, 22), 18),
        (date(2008, 11, 23), date(2026, 11, 22), 17),
    ],
)
def test_age(born: date, today: date, age: int) -> None:
    assert age_on(born, today) == age


@pytest.mark.parametrize(
    ("birth_date", "field"),
    [
        (None, "birth_date"),
        (years_ago(17), "shows_adult"),
        (years_ago(-1), "birth_date"),
        (years_ago(140), "birth_date"),
    ],
    ids=["unsaid", "too young", "unborn", "too old"],
)
def test_adult_titles_are_for_adults(birth_date: date | None, field: str) -> None:
    user = UserFactory.create()
    with pytest.raises(ValidationFailed) as refused:
        profile_update(user=user, **{**PROFILE, "shows_adult": True, "birth_date": birth_date})
    assert list(refused.value.extra["fields"]) == [field]
    assert not User.objects.get().shows_adult


def test_an_adult_may() -> None:
    profile_update(user=UserFactory.create(), **{**PROFILE, "shows_adult": True, "birth_date": years_ago(19)})
    assert User.objects.get().shows_adult


def test_rights_follow_from_the_role_alone() -> None:
    people = {role: UserFactory.create(role=role) for role in Role}
    assert [people[role].is_staff for role in Role] == [False, False, True, True, True]
    assert [people[role].is_superuser for role in Role] == [False, False, False, False, True]
    assert [people[role].has_perm("catalog.change_anime") for role in Role] == [False, False, True, True, True]
    assert [people[role].has_perm("catalog.delete_anime") for role in Role] == [False, False, False, True, True]
    assert [people[role].has_perm("accounts.view_refreshtoken") for role in Role] == [False] * 4 + [True]
    assert [people[role].has_module_perms("catalog") for role in Role] == [False, False, True, True, True]
    assert people[Role.ADMIN].has_perms(["catalog.add_anime", "core.view_job"])
    suspended = UserFactory.create(role=Role.SUPERADMIN, is_active=False)
    assert not suspended.has_perm("catalog.view_anime")
    assert suspended.get_all_permissions() == set()
    columns = {field.name for field in User._meta.get_fields()}
    assert not columns & {"is_superuser", "is_staff", "groups", "user_permissions"}


def test_createsuperuser_makes_a_superadmin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a passphrase 77")
    call_command("createsuperuser", username="root_1", email="root@example.org", interactive=False, verbosity=0)
    assert User.objects.get().role == Role.SUPERADMIN


@pytest.mark.parametrize("identifier", ["", "@", "a\x00b", "ſ", "%", "person_%"])
def test_strange_identifiers_find_nobody(identifier: str) -> None:
    UserFactory.create(username="person_1")
    assert user_by_identifier(identifier) is None


def test_a_password_of_an_older_cost_is_hashed_anew_at_sign_in() -> None:
    user = UserFactory.create()
    User.objects.update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    credentials_check(identifier=user.username, password=PASSWORD, address="198.51.100.1")
    assert User.objects.get().password.startswith("argon2$argon2id$")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_a_name_one_gets_it() -> None:
    barrier, ends = threading.Barrier(6), []

    def register(n: int) -> None:
        barrier.wait()
        try:
            user_register(
                username=["Wanted_1", "wanted_l", "WANTED_1"][n % 3],
                email=f"{n}@example.org",
                password="a passphrase 77",
            )
            ends.append("got it")
        except ValidationFailed as error:
            ends.append(",".join(error.extra["fields"]))
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["got it"] + ["username"] * 5
    assert User.objects.count() == 1


def test_revoking_all_but_one() -> None:
    user = UserFactory.create()
    kept = session_start(user=user).session
    for _ in range(3):
        session_start(user=user)
    assert sessions_revoke_all(user=user, reason="by_hand", keep=kept) == 3
    assert list(UserSession.objects.filter(revoked_at__isnull=True)) == [kept]


def test_what_is_over_is_deleted() -> None:
    user = UserFactory.create()
    with time_machine.travel(timezone.now() - timedelta(days=70)):
        session_start(user=user)
        attempt_begin(address="198.51.100.1", account=str(user.pk))
    session_start(user=user)
    attempt_begin(address="198.51.100.1", account=str(user.pk))
    sign_ins_trim()
    assert (UserSession.objects.count(), RefreshToken.objects.count(), SignInAttempt.objects.count()) == (1, 1, 2)
