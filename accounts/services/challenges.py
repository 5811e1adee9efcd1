"""The question between a right password and a sign-in: a token of five minutes that a code of the second factor answers."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.errors import AccountInactive, InvalidChallenge
from accounts.models import SignInChallenge, User
from accounts.services.sessions import standing_check
from accounts.services.two_factor import code_confirm
from core.secrets import token_hash, token_make

LIFETIME = timedelta(minutes=5)
CODES_ALLOWED = 5


def _refuse_inactive(user: User) -> None:
    if not user.is_active or user.erased_at is not None:
        raise AccountInactive()


def challenge_start(*, user: User) -> str:
    """The token that `challenge_answer` takes with a code; it opens nothing by itself.

    Raises `AccountInactive`, or `InvalidCredentials` when the password was changed since `user` was read.
    """
    _refuse_inactive(user)
    token = token_make("hct_")
    with transaction.atomic():
        standing_check(user=user)
        SignInChallenge.objects.create(user=user, token_hash=token_hash(token), expires_at=timezone.now() + LIFETIME)
    return token


def challenge_answer(*, token: str, code: str, address: str, device_tokens: Sequence[str] = ()) -> User:
    """Who signs in, when `code` (of the app, or a recovery code) answers the challenge; it is over then.

    Five wrong codes end it. A try is counted before the code is looked at, here and for the lock-out of codes, so
    parallel guesses gain nothing. Raises `InvalidChallenge`, `InvalidCode`, `TooManyFailures` or `AccountInactive`.
    """
    open_ones = SignInChallenge.objects.filter(
        token_hash=token_hash(token), used_at__isnull=True, expires_at__gt=timezone.now()
    )
    challenge = open_ones.select_related("user__avatar", "user__totp_device").first()
    if challenge is None:
        raise InvalidChallenge()
    _refuse_inactive(challenge.user)
    if open_ones.filter(failures__lt=CODES_ALLOWED).update(failures=F("failures") + 1) != 1:
        raise InvalidChallenge()
    code_confirm(user=challenge.user, code=code, address=address, device_tokens=device_tokens)
    if open_ones.update(used_at=timezone.now()) != 1:
        raise InvalidChallenge()
    return challenge.user


def challenges_trim() -> int:
    """Delete challenges that are over; returns how many."""
    return SignInChallenge.objects.filter(expires_at__lt=timezone.now()).delete()[0]
