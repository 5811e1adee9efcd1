"""The end of an account: asked for, confirmed by an e-mailed code, seven days to change one's mind, then erased."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.errors import DeletionPending, LastSuperadmin, NoDeletionPending
from accounts.models import ApiKey, PushDevice, Role, User, UserSession
from accounts.notices import SecurityChange
from accounts.selectors.deletions import PURPOSE, DeletionStatus, deletions_open
from accounts.services.email_codes import email_code_send, email_code_use, email_codes_end
from accounts.services.notices import notice_send
from accounts.services.sessions import sessions_revoke_all

GRACE = timedelta(days=7)
"""Reference, POST /users/me/deletion/confirm: "Account is soft-deleted and enters a 7-day grace window"."""


def deletion_request(*, user: User) -> DeletionStatus:
    """Step 1: mail a code to the account's address; an earlier code ends.

    Raises `DeletionPending` when it is confirmed already and `LastSuperadmin`.
    """
    with transaction.atomic():
        person = _locked(user)
        row, _is_new = deletions_open(person).get_or_create(defaults={"user": person})
        row.requested_at = timezone.now()
        row.save(update_fields=["requested_at"])
        email_code_send(user=person, purpose=PURPOSE)
    return DeletionStatus("requested", row.requested_at)


def deletion_confirm(*, user: User, code: str, keep: UserSession | None) -> DeletionStatus:
    """Step 2: from now on others see nobody of this name; keys, push devices and every session but `keep` are dead.

    The person may still sign in, to cancel. Raises `EmailCodeInvalid`, `DeletionPending`, `LastSuperadmin`.
    """
    now = timezone.now()
    with transaction.atomic():
        person = _locked(user)
        email_code_use(purpose=PURPOSE, code=code, user=person)
        row, _is_new = deletions_open(person).get_or_create(defaults={"user": person})
        row.confirmed_at, row.due_at = now, now + GRACE
        row.save(update_fields=["confirmed_at", "due_at"])
        User.objects.filter(pk=person.pk).update(deletion_due_at=row.due_at)
        ApiKey.objects.filter(user=person).delete()
        PushDevice.objects.filter(user=person).delete()
        sessions_revoke_all(user=person, reason="deletion", keep=keep)
        _tell(person, SecurityChange.DELETION_REQUESTED, row.due_at)
    user.deletion_due_at = row.due_at
    return DeletionStatus("confirmed", row.requested_at, row.confirmed_at, row.due_at)


def deletion_cancel(*, user: User) -> None:
    """Keep the account after all: within the days of grace, or while a code is under way.

    Keys and push devices do not come back. Raises `NoDeletionPending` (404): also once the erasure has begun.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        row = deletions_open(person).filter(started_at__isnull=True).first()
        if row is None:
            raise NoDeletionPending()
        row.cancelled_at = timezone.now()
        row.save(update_fields=["cancelled_at"])
        User.objects.filter(pk=person.pk).update(deletion_due_at=None)
        email_codes_end(user=person, purposes=[PURPOSE])
        if row.confirmed_at:
            _tell(person, SecurityChange.DELETION_CANCELLED, None)
    user.deletion_due_at = None


def _locked(user: User) -> User:
    """The account, read again under a lock. Raises `DeletionPending`, and `LastSuperadmin` unless another one stays.

    Superadmins are locked together and in one order, as everything does that may take one away (`user_set_role`).
    """
    rows = User.objects.select_for_update().order_by("pk")
    found = list(
        rows.filter(pk=user.pk) | rows.filter(role=Role.SUPERADMIN) if user.is_superuser else rows.filter(pk=user.pk)
    )
    person = next(row for row in found if row.pk == user.pk)
    if person.deletion_due_at is not None:
        raise DeletionPending(extra={"due_at": person.deletion_due_at})
    others = [row for row in found if row.pk != user.pk and row.is_superuser and row.is_active]
    if person.is_superuser and not any(row.deletion_due_at is None for row in others):
        raise LastSuperadmin()
    return person


def _tell(user: User, change: SecurityChange, due_at: datetime | None) -> None:
    context = {"change": change.value}
    if due_at is not None:
        context["detail"] = f"{due_at:%Y-%m-%d %H:%M} UTC"
    notice_send(user=user, kind="security_change", context=context)
