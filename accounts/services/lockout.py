"""The lock-out of sign-in: 10 failures in 15 minutes per address and per account (reference: POST /auth/login).

An attempt is counted before it is evaluated, so a hundred parallel guesses cannot slip through (threat 28): the row is
committed, then the window is counted again; whoever sees too many takes its row back and leaves without evaluating.
A device that its person signed in on before is counted by itself instead of with the account: whoever guesses elsewhere
cannot lock them out of it. Passwords and codes of the second factor are counted apart.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.errors import TooManyFailures
from accounts.models import SignInAttempt
from core.proxies import network_of

FAILURES_ALLOWED = 10
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt: it stays counted as a failure unless `attempt_succeeded` is called."""

    address_key: str
    account_key: str
    ids: tuple[int, ...]


def _key(kind: str, value: str) -> str:
    return salted_hmac(f"accounts.lockout.{kind}", value, algorithm="sha256").hexdigest()


def _refuse_beyond(keys: Iterable[str], allowed: int) -> None:
    """Raises `TooManyFailures` when a key has more than `allowed` attempts in the window that ends now."""
    now = timezone.now()
    rows = (
        SignInAttempt.objects.filter(key__in=list(keys), created_at__gt=now - WINDOW)
        .values("key")
        .annotate(attempts=Count("id"), oldest=Min("created_at"))
    )
    over = [row["oldest"] for row in rows if row["attempts"] > allowed]
    if over:
        wait = max(1, int((max(over) + WINDOW - now).total_seconds()) + 1)
        raise TooManyFailures(headers={"Retry-After": str(wait)})


def attempt_begin(
    *, address: str, account: str, device: uuid.UUID | None = None, at: Literal["password", "code"] = "password"
) -> Attempt:
    """Count an attempt from `address` on `account` (an id, or the name that was typed when there is no such account).

    `device`: the account's known device that it comes from, counted in the account's place. Raises `TooManyFailures`
    without counting when either is locked. Runs outside of a transaction, so that others see it.
    """
    prefix = "" if at == "password" else f"{at}."
    owner = _key(f"{prefix}device", str(device)) if device else _key(f"{prefix}account", account)
    keys = (_key(f"{prefix}address", network_of(address)), owner)
    _refuse_beyond(keys, FAILURES_ALLOWED - 1)
    rows = SignInAttempt.objects.bulk_create([SignInAttempt(key=key) for key in keys])
    attempt = Attempt(*keys, ids=tuple(row.pk for row in rows))
    try:
        _refuse_beyond(keys, FAILURES_ALLOWED)
    except TooManyFailures:
        attempt_withdraw(attempt)
        raise
    return attempt


def attempt_withdraw(attempt: Attempt) -> None:
    """Take an attempt back that was not evaluated."""
    SignInAttempt.objects.filter(id__in=attempt.ids).delete()


def attempt_succeeded(attempt: Attempt) -> None:
    """Forget this attempt and the account's failures. The address keeps its others: knowing one password is no alibi."""
    SignInAttempt.objects.filter(Q(id__in=attempt.ids) | Q(key=attempt.account_key)).delete()


def attempts_trim() -> int:
    """Delete attempts that no window reaches any more; returns how many."""
    return SignInAttempt.objects.filter(created_at__lt=timezone.now() - WINDOW).delete()[0]
