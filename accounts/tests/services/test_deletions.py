"""Deleting an account in two steps, and taking it back."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import DeletionPending, EmailCodeInvalid, LastSuperadmin, NoDeletionPending
from accounts.models import AccountDeletion, ApiKey, EmailCode, KnownDevice, PushDevice, User, UserSession
from accounts.selectors.deletions import deletion_status
from accounts.selectors.users import user_by_identifier
from accounts.services import deletions
from accounts.services.erasing import KIND, erasures_enqueue
from accounts.services.sessions import session_start
from accounts.services.users import user_restore, user_set_role
from accounts.tests.factories import UserFactory
from accounts.tests.mails import code_in, mails_sent
from accounts.validation import username_clean
from core.errors import PermissionDenied
from core.jobs.services import job_run
from core.models import Job
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def code_for(user: User) -> str:
    """Ask, and read the mail."""
    deletions.deletion_request(user=user)
    message = [mail for mail in mails_sent() if mail.to == [user.email]][-1]
    return code_in(message)


def confirmed(user: User) -> User:
    deletions.deletion_confirm(user=user, code=code_for(user), keep=None)
    user.refresh_from_db()
    return user


def is_due(user: User) -> None:
    past = timezone.now() - timedelta(seconds=1)
    User.objects.filter(pk=user.pk).update(deletion_due_at=past)
    AccountDeletion.objects.filter(user=user, cancelled_at__isnull=True).update(due_at=past)


class TestSteps:
    def test_asking_changes_nothing_but_the_status(self) -> None:
        user = UserFactory.create()
        assert deletion_status(user).status == "none"
        code_for(user)
        user.refresh_from_db()
        assert deletion_status(user).status == "requested"
        assert user.deletion_due_at is None

    def test_a_request_whose_code_is_over_counts_as_none(self) -> None:
        user = UserFactory.create()
        code_for(user)
        AccountDeletion.objects.update(requested_at=timezone.now() - timedelta(minutes=31))
        assert deletion_status(user).status == "none"

    def test_confirming_starts_seven_days(self) -> None:
        user = UserFactory.create()
        status = deletions.deletion_confirm(user=user, code=code_for(user), keep=None)
        assert status.due_at is not None
        assert status.confirmed_at is not None
        assert status.due_at - status.confirmed_at == timedelta(days=7)
        assert User.objects.get(pk=user.pk).deletion_due_at == status.due_at == user.deletion_due_at
        assert deletion_status(user) == status

    def test_confirming_cuts_off_keys_devices_and_other_sessions(self) -> None:
        user, other = UserFactory.create(), UserFactory.create()
        here, there = session_start(user=user).session, session_start(user=user).session
        strangers = session_start(user=other).session
        for person in (user, other):
            ApiKey.objects.create(user=person, name="k", prefix="p", key_hash=str(person.pk))
            PushDevice.objects.create(user=person, kind="web", address="x", address_hash=str(person.pk))
        deletions.deletion_confirm(user=user, code=code_for(user), keep=here)
        alive = set(UserSession.objects.filter(revoked_at__isnull=True).values_list("pk", flat=True))
        assert alive == {here.pk, strangers.pk}
        assert there.pk not in alive
        assert [key.user for key in ApiKey.objects.all()] == [other]
        assert [device.user for device in PushDevice.objects.all()] == [other]

    def test_others_see_nobody(self) -> None:
        user, other = UserFactory.create(), UserFactory.create()
        confirmed(user)
        assert not User.objects.visible_to(other).filter(pk=user.pk).exists()
        assert User.objects.visible_to(user).filter(pk=user.pk).exists()

    def test_the_person_may_still_sign_in(self) -> None:
        user = confirmed(UserFactory.create())
        found = user_by_identifier(user.username)
        assert found == user
        assert user.is_active

    @pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "x" * 40, "\x00"])
    def test_a_wrong_code(self, code: str) -> None:
        user = UserFactory.create()
        code_for(user)
        with pytest.raises(EmailCodeInvalid):
            deletions.deletion_confirm(user=user, code=code, keep=None)
        assert User.objects.get(pk=user.pk).deletion_due_at is None

    def test_codes_of_others_over_used_or_replaced(self) -> None:
        user, other = UserFactory.create(), UserFactory.create()
        first, second = code_for(user), code_for(user)
        for code in (first, code_for(other)):
            with pytest.raises(EmailCodeInvalid):
                deletions.deletion_confirm(user=user, code=code, keep=None)
        EmailCode.objects.update(expires_at=timezone.now())
        with pytest.raises(EmailCodeInvalid):
            deletions.deletion_confirm(user=user, code=second, keep=None)

    def test_once_confirmed_there_is_nothing_to_ask_or_confirm(self) -> None:
        user = UserFactory.create()
        code = code_for(user)
        deletions.deletion_confirm(user=user, code=code, keep=None)
        for call in (
            lambda: deletions.deletion_request(user=user),
            lambda: deletions.deletion_confirm(user=user, code=code, keep=None),
        ):
            with pytest.raises(DeletionPending) as refused:
                call()
            assert refused.value.extra["due_at"] == user.deletion_due_at


class TestCancelling:
    def test_within_the_days_of_grace(self) -> None:
        user = confirmed(UserFactory.create())
        deletions.deletion_cancel(user=user)
        assert User.objects.get(pk=user.pk).deletion_due_at is None
        assert deletion_status(user).status == "none"
        with pytest.raises(NoDeletionPending):
            deletions.deletion_cancel(user=user)

    def test_a_request_and_its_code(self) -> None:
        user = UserFactory.create()
        code = code_for(user)
        deletions.deletion_cancel(user=user)
        with pytest.raises(EmailCodeInvalid):
            deletions.deletion_confirm(user=user, code=code, keep=None)

    def test_and_asking_again(self) -> None:
        user = confirmed(UserFactory.create())
        deletions.deletion_cancel(user=user)
        assert confirmed(user).deletion_due_at is not None
        assert AccountDeletion.objects.filter(user=user).count() == 2

    def test_not_once_the_erasure_has_begun(self) -> None:
        user = confirmed(UserFactory.create())
        AccountDeletion.objects.update(started_at=timezone.now())
        with pytest.raises(NoDeletionPending):
            deletions.deletion_cancel(user=user)

    def test_the_person_is_told_by_mail(self) -> None:
        user = confirmed(UserFactory.create())
        deletions.deletion_cancel(user=user)
        words = [mail.body for mail in mails_sent() if mail.to == [user.email]]
        assert [sum(text in body for body in words) for text in ("was confirmed", "was cancelled")] == [1, 1]


class TestSuperadmins:
    def test_the_last_one_has_to_stay(self) -> None:
        only = UserFactory.create(role="superadmin")
        UserFactory.create(role="superadmin", is_active=False)
        confirmed_one = UserFactory.create(role="superadmin")
        User.objects.filter(pk=confirmed_one.pk).update(deletion_due_at=timezone.now())
        with pytest.raises(LastSuperadmin):
            deletions.deletion_request(user=only)

    def test_and_is_asked_again_when_confirming(self) -> None:
        first, second = UserFactory.create(role="superadmin"), UserFactory.create(role="superadmin")
        code = code_for(first)
        confirmed(second)
        with pytest.raises(LastSuperadmin):
            deletions.deletion_confirm(user=first, code=code, keep=None)
        assert EmailCode.objects.get(user=first).used_at is None

    def test_nobody_steps_down_beside_one_who_is_about_to_go(self) -> None:
        first, second = UserFactory.create(role="superadmin"), UserFactory.create(role="superadmin")
        confirmed(second)
        with pytest.raises(LastSuperadmin):
            user_set_role(actor=first, user=first, role="admin")


class TestAfterwards:
    def test_the_name_is_held_back_and_the_address_is_free(self) -> None:
        user = confirmed(UserFactory.create(username="Maria", email="maria@example.org"))
        is_due(user)
        erasures_enqueue()
        job_run(job_id=Job.objects.get(kind=KIND).pk)
        for name in ("maria", "MARIA", "rnaria", "mar1a", f"deleted_{user.pk.hex[-22:]}", "deleted_x"):
            with pytest.raises(Exception, match="reserved"):
                username_clean(name)
        assert UserFactory.create(username="someone", email="maria@example.org").pk != user.pk

    def test_the_name_is_free_again_after_90_days(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from accounts import held_names

        held_names.name_hold(username="Maria")
        later = timezone.now() + timedelta(days=90, seconds=1)
        monkeypatch.setattr(held_names.timezone, "now", lambda: later)
        assert not held_names.name_is_held("maria")
        assert held_names.held_names_trim() == 1

    def test_nobody_comes_back(self) -> None:
        user = UserFactory.create(is_active=False, erased_at=timezone.now())
        with pytest.raises(PermissionDenied):
            user_restore(actor=UserFactory.create(role="superadmin"), user=user)


class TestRaces:
    def test_confirmed_in_parallel_once(self) -> None:
        user = UserFactory.create()
        code = code_for(user)
        ends = at_once([lambda: deletions.deletion_confirm(user=user, code=code, keep=None)] * 6)
        assert ends == {"done": 1, "deletion_pending": 5}
        assert AccountDeletion.objects.filter(user=user, confirmed_at__isnull=False).count() == 1

    def test_asked_for_in_parallel_one_row_one_living_code(self) -> None:
        user = UserFactory.create()
        assert at_once([lambda: deletions.deletion_request(user=user)] * 5) == {"done": 5}
        assert AccountDeletion.objects.filter(user=user).count() == 1
        assert EmailCode.objects.filter(user=user, used_at__isnull=True).count() == 1

    def test_cancelled_in_parallel_once(self) -> None:
        user = confirmed(UserFactory.create())
        assert at_once([lambda: deletions.deletion_cancel(user=user)] * 5) == {"done": 1, "no_deletion_pending": 4}

    def test_two_last_superadmins_do_not_both_go(self) -> None:
        both = [UserFactory.create(role="superadmin") for _ in range(2)]
        codes = [code_for(user) for user in both]
        ends = at_once(
            [
                lambda user=user, code=code: deletions.deletion_confirm(user=user, code=code, keep=None)
                for user, code in zip(both, codes, strict=True)
            ]
        )
        assert ends == {"done": 1, "last_superadmin": 1}

    @pytest.mark.parametrize("turn", range(4))
    def test_cancelling_against_the_eraser_ends_in_one_of_both(self, turn: int) -> None:
        user = confirmed(UserFactory.create(bio="was here"))
        is_due(user)
        erasures_enqueue()
        job_id = Job.objects.get(kind=KIND).pk
        ends = at_once([lambda: deletions.deletion_cancel(user=user), lambda: job_run(job_id=job_id)])
        row = User.objects.get(pk=user.pk)
        was_cancelled = ends == {"done": 2}
        assert was_cancelled or ends == {"done": 1, "no_deletion_pending": 1}
        assert (row.bio, row.is_active, row.erased_at is None) == (
            ("was here", True, True) if was_cancelled else ("", False, False)
        )
        assert (row.deletion_due_at is None) is was_cancelled

    def test_erased_while_requests_of_the_same_person_write(self) -> None:
        """Nothing breaks, and what slipped in goes with the second pass."""
        user = confirmed(UserFactory.create())
        is_due(user)
        erasures_enqueue()
        job_id = Job.objects.get(kind=KIND).pk

        def write() -> None:
            for number in range(10):
                KnownDevice.objects.create(user_id=user.pk, token_hash=uuid.uuid4().hex, device=f"late {number}")

        ends = at_once([lambda: job_run(job_id=job_id), write, write, write])
        assert ends == {"done": 4}
        assert User.objects.get(pk=user.pk).erased_at is not None
        again = Job.objects.get(kind=KIND, unique_key__endswith=" again")
        Job.objects.filter(pk=again.pk).update(run_after=None)
        job_run(job_id=again.pk)
        assert not user.known_devices.exists()
