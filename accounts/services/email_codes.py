"""Codes that prove that somebody reads an address: made, mailed, used once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.errors import EmailCodeInvalid
from accounts.links import link_base
from accounts.models import EmailCode, User
from accounts.services.mails import mail_send
from core.secrets import code_hash, code_make, code_read, token_hash, token_make

Purpose = EmailCode.Purpose

LIFETIMES = {
    Purpose.VERIFY: timedelta(hours=24),
    Purpose.CHANGE: timedelta(hours=24),
    Purpose.RESET: timedelta(hours=1),
    Purpose.DELETION: timedelta(minutes=30),
}
TOKEN_PREFIX = "hpr_"  # noqa: S105 (what a reset link's token begins with)
KEPT = timedelta(days=1)


def _digest(purpose: str, code: str) -> str:
    """A reset link carries 256 random bits; codes that people type are shorter and hashed with a key."""
    return token_hash(code.strip()) if purpose == Purpose.RESET else code_hash(code, purpose=purpose)


def email_code_make(*, user: User, purpose: str, email: str = "") -> str:
    """A new code for `email` (by default the account's address) in clear, once; older ones of the same purpose end."""
    now = timezone.now()
    code = token_make(TOKEN_PREFIX) if purpose == Purpose.RESET else code_make(10)
    with transaction.atomic():
        email_codes_end(user=user, purposes=[purpose])
        EmailCode.objects.create(
            user=user,
            purpose=purpose,
            email=(email or user.email).lower(),
            code_hash=_digest(purpose, code),
            expires_at=now + LIFETIMES[Purpose(purpose)],
        )
    return code


def email_code_send(*, user: User, purpose: str, email: str = "", language: str | None = None) -> None:
    """Make a code and mail it (`templates/mail/<purpose>.txt`) to `email`, by default the account's address."""
    with transaction.atomic():
        code = email_code_make(user=user, purpose=purpose, email=email)
        lifetime = LIFETIMES[Purpose(purpose)]
        mail_send(
            to=email or user.email,
            template=purpose,
            context={
                "username": user.username,
                "code": code,
                "link": _link(purpose, code),
                "minutes": int(lifetime.total_seconds() // 60),
                "hours": int(lifetime.total_seconds() // 3600),
            },
            language=language,
            until=timezone.now() + lifetime,
        )


_PAGES = {
    Purpose.VERIFY: "/accounts/verify-email?code={}",
    Purpose.CHANGE: "/accounts/verify-email?code={}&change=1",
    Purpose.RESET: "/accounts/password/reset/key/{}",
    Purpose.DELETION: "/settings/deletion?code={}",
}


def _link(purpose: str, code: str) -> str:
    return link_base() + _PAGES[Purpose(purpose)].format(code)


def email_code_use(*, purpose: str, code: str, user: User | None = None) -> EmailCode:
    """Spend a code; exactly one of parallel callers gets it. With `user` only that person's codes are looked at.

    Raises `EmailCodeInvalid` for one that is wrong, over, used, replaced by a newer one, or of an account that is gone.
    """
    now = timezone.now()
    found = EmailCode.objects.filter(purpose=purpose, code_hash=_digest(purpose, code), user__is_active=True)
    if user is not None:
        found = found.filter(user=user)
    with transaction.atomic():
        row = found.filter(user__erased_at__isnull=True).select_related("user").first() if code_read(code) else None
        if row is None or not _spend(row, now):
            raise EmailCodeInvalid()
    return row


def _spend(row: EmailCode, now: object) -> bool:
    spent = EmailCode.objects.filter(pk=row.pk, used_at__isnull=True, expires_at__gt=now).update(used_at=now)
    return spent == 1


def email_codes_end(*, user: User, purposes: list[str] | None = None) -> None:
    """Live codes of these purposes (by default all) work no more."""
    live = EmailCode.objects.filter(user=user, used_at__isnull=True)
    if purposes is not None:
        live = live.filter(purpose__in=purposes)
    live.update(used_at=timezone.now())


def email_codes_trim() -> int:
    """Delete codes that were over a day ago; returns how many."""
    return EmailCode.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()[0]
