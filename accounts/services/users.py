"""Registering people, their roles, shutting them out."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import permissions, validation
from accounts.errors import LastSuperadmin, RoleChangeRefused
from accounts.models import EmailCode, Role, User
from accounts.services.email_codes import email_code_send
from accounts.services.sessions import sessions_revoke_all
from core.errors import PermissionDenied, ValidationFailed


def _collect(checks: dict[str, Callable[[], object]]) -> dict[str, list[str]]:
    """The messages of every check that fails."""
    found: dict[str, list[str]] = {}
    for name, check in checks.items():
        try:
            check()
        except ValidationError as error:
            found[name] = list(error.messages)
    return found


def user_register(*, username: str, email: str, password: str) -> User:
    """Make an account of role `user` and mail a code to its address.

    Raises `ValidationFailed` with the messages of every field that is not right.
    """

    def check() -> None:
        problems = _collect(
            {
                "username": lambda: validation.username_clean(username),
                "email": lambda: validation.email_clean(email),
                "password": lambda: validation.password_clean(password, User(username=username, email=email)),
            }
        )
        if problems:
            raise ValidationFailed(problems)

    check()
    user = User(username=username, email=email.strip().lower())
    user.search_name = user.search_name_made()
    user.set_password(password)  # before the transaction: hashing would keep its locks
    try:
        with transaction.atomic():
            user.save()
            email_code_send(user=user, purpose=EmailCode.Purpose.VERIFY)
            return user
    except IntegrityError:
        check()  # somebody took the name between the check and the insert: say so like any taken name
        raise


def user_set_role(*, actor: User, user: User, role: str) -> User:
    """Give `user` a role. Both rows are read again under a lock, so a stale page cannot be used to climb (threat 17).

    Raises `RoleChangeRefused` (see `permissions.can_assign`) or `LastSuperadmin`.
    """
    if role not in Role.values:
        raise ValidationFailed({"role": [_("There is no such role.")]})
    with transaction.atomic():
        # One order for every caller, superadmins included: two demotions at once wait for each other.
        wanted = User.objects.select_for_update().order_by("pk")
        rows = {row.pk: row for row in wanted.filter(pk__in={actor.pk, user.pk}) | wanted.filter(role=Role.SUPERADMIN)}
        me, target = rows[actor.pk], rows[user.pk]
        is_allowed = (
            permissions.can_step_down(target.role, role)
            if me.pk == target.pk
            else permissions.can_assign(me.role, target.role, role)
        )
        if not (is_allowed and me.is_active):
            raise RoleChangeRefused()
        if target.role == Role.SUPERADMIN and not any(
            row.role == Role.SUPERADMIN and row.is_active and row.deletion_due_at is None and row.pk != target.pk
            for row in rows.values()
        ):
            raise LastSuperadmin()
        target.role = Role(role)
        target.save(update_fields=["role"])
    user.role = target.role
    return user


def user_suspend(*, actor: User, user: User) -> None:
    """Shut `user` out at once: no sign-in, every session and token dead (threat 24). Raises `PermissionDenied`."""
    with transaction.atomic():
        target = User.objects.select_for_update().get(pk=user.pk)
        if not permissions.can_moderate(actor.role, target.role):
            raise PermissionDenied()
        target.is_active = False
        target.save(update_fields=["is_active"])
        sessions_revoke_all(user=target, reason="suspended")
    user.is_active = False


def user_restore(*, actor: User, user: User) -> None:
    """Let a suspended person sign in again. Raises `PermissionDenied`; nobody comes back from being erased."""
    with transaction.atomic():
        target = User.objects.select_for_update().get(pk=user.pk)
        if target.erased_at is not None or not permissions.can_moderate(actor.role, target.role):
            raise PermissionDenied()
        target.is_active = True
        target.save(update_fields=["is_active"])
    user.is_active = True
