"""Where the deletion of an account stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AccountDeletion, EmailCode, User
from accounts.services.email_codes import LIFETIMES

PURPOSE = EmailCode.Purpose.DELETION


@dataclass(frozen=True, slots=True)
class DeletionStatus:
    """`requested`: a code is under way; `confirmed`: erased at `due_at` unless cancelled; `none`: nothing of it."""

    status: Literal["none", "requested", "confirmed"]
    requested_at: datetime | None = None
    confirmed_at: datetime | None = None
    due_at: datetime | None = None


def deletions_open(user: User) -> QuerySet[AccountDeletion]:
    """The one row that is neither cancelled nor done, if there is one."""
    return AccountDeletion.objects.filter(user=user, cancelled_at__isnull=True, erased_at__isnull=True)


def deletion_status(user: User) -> DeletionStatus:
    """Where the deletion of this account stands. A request whose code is over counts as none. One query."""
    row = deletions_open(user).first()
    if row is None:
        return DeletionStatus("none")
    if row.confirmed_at:
        return DeletionStatus("confirmed", row.requested_at, row.confirmed_at, row.due_at)
    if row.requested_at + LIFETIMES[PURPOSE] < timezone.now():
        return DeletionStatus("none")
    return DeletionStatus("requested", row.requested_at)
