"""Accounts that come from other sites: made, linked, unlinked; and the code that an app exchanges for its tokens."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import validation
from accounts.errors import AccountInactive
from accounts.models import EmailCode, OAuthGrant, User
from accounts.notices import SecurityChange
from accounts.oauth.errors import AlreadyLinked, InvalidGrant, LastWayIn, LinkedElsewhere
from accounts.oauth.providers import NAMES
from accounts.selectors.oauth import has_way_in
from accounts.services.email_codes import email_code_send
from accounts.services.notices import notice_send
from core.errors import NotFound, ValidationFailed
from core.secrets import token_hash, token_make

GRANT_SECONDS = 60
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
"""RFC 7636, 4.1."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider says somebody is: `uid` never changes there; `name` is shown to its owner, `nickname` suggests a
    username."""

    provider: str
    uid: str
    name: str = ""
    nickname: str = ""

    def row(self, user: User) -> SocialAccount:
        """The row to be saved that links this identity to `user`."""
        said = {"name": self.name, "nickname": self.nickname}
        return SocialAccount(user=user, provider=self.provider, uid=self.uid, extra_data=said)


def username_free(nickname: str) -> str:
    """A free username: the nickname as far as it can be one, with digits when it is taken; onboarding asks for another."""
    wanted = re.sub(r"_{2,}", "_", re.sub(r"[^A-Za-z0-9_]", "_", nickname)).strip("_")[:24]
    candidates = [wanted, *(f"{wanted}_{secrets.randbelow(9000) + 1000}" for _ in range(3))] if len(wanted) > 2 else []
    for candidate in candidates:
        try:
            return validation.username_clean(candidate)
        except ValidationError:
            continue
    return f"new_{secrets.token_hex(6)}"


def oauth_sign_up(*, identity: Identity, email: str, is_verified: bool) -> User:
    """Make an account without a password that this identity opens, and mail a code when `email` is not verified yet.

    Raises `ValidationFailed` (`email`) or `LinkedElsewhere` (the identity opens an account already).
    """

    def check() -> None:
        try:
            validation.email_clean(email)
        except ValidationError as error:
            raise ValidationFailed({"email": error.messages}) from error
        if SocialAccount.objects.filter(provider=identity.provider, uid=identity.uid).exists():
            raise LinkedElsewhere()

    for attempt in range(_TRIES):
        check()
        try:
            with transaction.atomic():
                name = username_free(identity.nickname if attempt == 0 else "")
                user = User.objects.create_user(username=name, email=email, password=None, is_verified=is_verified)
                identity.row(user).save()
                if not is_verified:
                    email_code_send(user=user, purpose=EmailCode.Purpose.VERIFY)
                return user
        except IntegrityError:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def oauth_link(*, user: User, identity: Identity) -> None:
    """Let this identity open `user`'s account too; nothing happens when it does already.

    Raises `LinkedElsewhere`, or `AlreadyLinked` for a second account of one provider.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        same = SocialAccount.objects.filter(provider=identity.provider, uid=identity.uid).first()
        if same is not None and same.user_id == user.pk:
            return
        if same is not None:
            raise LinkedElsewhere()
        if SocialAccount.objects.filter(user=user, provider=identity.provider).exists():
            raise AlreadyLinked()
        try:
            with transaction.atomic():
                identity.row(user).save()
        except IntegrityError as error:  # somebody else linked it between the look and the insert
            raise LinkedElsewhere() from error
        _tell(user, SecurityChange.PROVIDER_LINKED, identity.provider)


def oauth_unlink(*, user: User, provider: str) -> None:
    """Take a provider's account away. Raises `NotFound` when none is linked, `LastWayIn` when nothing else would be left.

    The person's row is locked: of two unlinks at once the second sees what the first left.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        linked = SocialAccount.objects.filter(user=locked, provider=provider)
        if not linked.exists():
            raise NotFound()
        if not has_way_in(locked, without_provider=provider):
            raise LastWayIn()
        linked.delete()
        _tell(locked, SecurityChange.PROVIDER_UNLINKED, provider)


def _tell(user: User, change: SecurityChange, provider: str) -> None:
    context = {"change": change.value, "detail": NAMES.get(provider, provider)}
    notice_send(user=user, kind="security_change", context=context)


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636: what an app sends at first, of the verifier that it shows at last."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).decode("ascii").rstrip("=")


def grant_issue(*, user: User, code_challenge: str, redirect_uri: str) -> str:
    """The code for a deep link: good for 60 seconds, once, with the verifier. Raises `AccountInactive`."""
    if not user.is_active or user.erased_at is not None:
        raise AccountInactive()
    code = token_make("hoc_")
    OAuthGrant.objects.create(
        user=user,
        code_hash=token_hash(code),
        code_challenge=code_challenge,
        redirect_uri=redirect_uri,
        expires_at=timezone.now() + timedelta(seconds=GRANT_SECONDS),
    )
    return code


def grant_redeem(*, code: str, code_verifier: str) -> User:
    """Who signed in; one of parallel callers gets the answer, and a wrong verifier spends the code.

    Raises `InvalidGrant` or `AccountInactive`.
    """
    now = timezone.now()
    found = OAuthGrant.objects.filter(code_hash=token_hash(code))
    if found.filter(used_at__isnull=True, expires_at__gt=now).update(used_at=now) != 1:
        raise InvalidGrant()
    grant = found.select_related("user__avatar").get()
    if not VERIFIER.fullmatch(code_verifier):
        raise InvalidGrant()
    if not secrets.compare_digest(challenge_of(code_verifier), grant.code_challenge):
        raise InvalidGrant()
    if not grant.user.is_active or grant.user.erased_at is not None:
        raise AccountInactive()
    return grant.user


def grants_trim() -> int:
    """Delete codes that are over; returns how many."""
    return OAuthGrant.objects.filter(expires_at__lt=timezone.now()).delete()[0]
