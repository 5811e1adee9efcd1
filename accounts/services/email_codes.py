"""Codes that prove that somebody reads an address: made, mailed, used once."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from accounts.errors import EmailCodeInvalid
from accounts.links import link_base
from accounts.models import EmailCode, User
from accounts.selectors.users import user_by_email
from accounts.services.mails import mail_send
from core.jobs import JobContext, job_enqueue, job_kind
from core.models import Job
from core.secrets import SecretUnreadable, code_hash, code_make, secret_open, secret_seal, token_hash, token_make

Purpose = EmailCode.Purpose

LIFETIMES = {
    Purpose.VERIFY: timedelta(hours=24),
    Purpose.CHANGE: timedelta(hours=24),
    Purpose.RESET: timedelta(hours=1),
    Purpose.DELETION: timedelta(minutes=30),
}
TOKEN_PREFIX = "hpr_"  # noqa: S105 (what a reset link's token begins with)
KEPT = timedelta(days=1)
ASK_KIND = "accounts.mail_ask"
ASKED_AN_HOUR = 5  # mails that strangers can make us send to one person, from however many addresses they ask


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


def email_code_ask(*, email: str, purpose: str) -> None:
    """Somebody who is not signed in asks for a code to `email`: a worker looks whether there is such an account.

    So nothing of the answer, nor its time, depends on that (threat 27). The address is sealed, and gone when it was read.
    """
    language = translation.get_language() or settings.LANGUAGE_CODE
    sealed = secret_seal(email.strip().lower(), purpose=ASK_KIND)
    job_enqueue(kind=ASK_KIND, payload={"purpose": purpose, "language": language, "sealed": sealed})


@job_kind(ASK_KIND)
def email_code_answer(context: JobContext) -> None:
    """Send the code that was asked for, when the account is there, may have it, and was not mailed too often."""
    payload = context.payload
    if "sealed" not in payload:
        return
    try:
        user = user_by_email(secret_open(payload["sealed"], purpose=ASK_KIND))
    except SecretUnreadable:  # asked under a SECRET_KEY that is gone: whoever wants the mail asks again
        user = None
    with transaction.atomic():
        Job.objects.filter(id=context.job_id).update(payload={"purpose": payload["purpose"]})
        if user is not None and _may_ask(user, payload["purpose"]):
            email_code_send(user=user, purpose=payload["purpose"], language=payload["language"])


def _may_ask(user: User, purpose: str) -> bool:
    if not user.is_active or user.erased_at is not None or (purpose == Purpose.VERIFY and user.is_verified):
        return False
    recent = EmailCode.objects.filter(user=user, purpose=purpose, created_at__gt=timezone.now() - timedelta(hours=1))
    return recent.count() < ASKED_AN_HOUR


_PAGES = {
    Purpose.VERIFY: "/accounts/verify-email?code={}",
    Purpose.CHANGE: "/settings/account/confirm?code={}",
    Purpose.RESET: "/accounts/password/reset/key?token={}",
    Purpose.DELETION: "/settings/deletion?code={}",
}


def _link(purpose: str, code: str) -> str:
    return link_base() + _PAGES[Purpose(purpose)].format(code)


def email_code_find(*, purpose: str, code: str, user: User | None = None) -> EmailCode:
    """The live code, not spent yet. With `user` only that person's codes are looked at.

    Raises `EmailCodeInvalid` for one that is wrong, over, used, replaced by a newer one, of an account that is gone or
    suspended, or sent to an address that is no longer the account's.
    """
    found = EmailCode.objects.select_related("user").filter(
        purpose=purpose,
        code_hash=_digest(purpose, code),
        used_at__isnull=True,
        expires_at__gt=timezone.now(),
        user__is_active=True,
        user__erased_at__isnull=True,
    )
    if user is not None:
        found = found.filter(user=user)
    row = found.first()
    if row is None or (purpose != Purpose.CHANGE and row.email != row.user.email.lower()):
        raise EmailCodeInvalid(field="token" if purpose == Purpose.RESET else "code")
    return row


def email_code_use(*, purpose: str, code: str, user: User | None = None) -> EmailCode:
    """Spend a code; exactly one of parallel callers gets it. Raises `EmailCodeInvalid` (see `email_code_find`)."""
    row = email_code_find(purpose=purpose, code=code, user=user)
    now = timezone.now()
    live = EmailCode.objects.filter(pk=row.pk, used_at__isnull=True, expires_at__gt=now)
    if live.update(used_at=now) != 1:
        raise EmailCodeInvalid(field="token" if purpose == Purpose.RESET else "code")
    return row


def email_codes_end(*, user: User, purposes: list[str] | None = None) -> None:
    """Live codes of these purposes (by default all) work no more."""
    live = EmailCode.objects.filter(user=user, used_at__isnull=True)
    if purposes is not None:
        live = live.filter(purpose__in=purposes)
    live.update(used_at=timezone.now())


def email_codes_trim() -> int:
    """Delete codes that were over a day ago; returns how many."""
    return EmailCode.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()[0]
