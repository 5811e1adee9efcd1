"""Keeping somebody from writing for a while, without shutting them out."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.errors import Muted
from accounts.models import User
from core.errors import PermissionDenied, ValidationFailed

logger = logging.getLogger(__name__)

MUTE_LONGEST = timedelta(days=365)
REASON_LENGTH = 200


def user_mute(*, actor: User, user: User, duration: timedelta, reason: str = "") -> User:
    """Keep `user` from writing for `duration` (up to a year) from now; sessions stay (reference: POST /admin/users/:id/mute).

    A new one replaces the one before. Raises `PermissionDenied` unless `user` is below `actor`, `ValidationFailed`.
    """
    if not timedelta(0) < duration <= MUTE_LONGEST:
        raise ValidationFailed({"duration": [_("Longer than nothing, at most a year.")]})
    if len(reason) > REASON_LENGTH or not reason.isprintable():
        raise ValidationFailed({"reason": [_("At most %(limit)s characters.") % {"limit": REASON_LENGTH}]})
    return _set(actor, user, timezone.now() + duration, reason.strip())


def user_unmute(*, actor: User, user: User) -> User:
    """Let `user` write again. Raises `PermissionDenied` unless `user` is below `actor`."""
    return _set(actor, user, None, "")


def muted_check(user: User) -> None:
    """Raises `Muted` (403, with `muted_until`) while `user` is muted. One query: what the request loaded may be older."""
    _refuse(User.objects.values_list("muted_until", flat=True).get(pk=user.pk))


def muted_row_check(user: User) -> None:
    """As `muted_check`, for a row that was read inside the caller's transaction; no query."""
    _refuse(user.muted_until)


def _refuse(until: datetime | None) -> None:
    if until is not None and until > timezone.now():
        moment = until.isoformat(timespec="seconds").replace("+00:00", "Z")
        raise Muted(extra={"muted_until": moment})


def _set(actor: User, user: User, until: datetime | None, reason: str) -> User:
    with transaction.atomic():
        target = User.objects.select_for_update().get(pk=user.pk)
        if target.erased_at is not None or not permissions.can_moderate(actor.role, target.role):
            raise PermissionDenied()
        target.muted_until, target.mute_reason = until, reason
        target.save(update_fields=["muted_until", "mute_reason"])
    logger.info("user %s: muted until %s by %s", target.pk, until, actor.pk)
    user.muted_until, user.mute_reason = until, reason
    return user


__all__ = ["MUTE_LONGEST", "muted_check", "muted_row_check", "user_mute", "user_unmute"]
