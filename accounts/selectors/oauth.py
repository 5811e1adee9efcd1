"""Accounts elsewhere that somebody linked, and which ways in they have."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from accounts.models import User
from accounts.oauth.providers import NAMES, offered


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account of a provider. `display_name` is how the person is called there, "" when the provider does not say."""

    provider: str
    name: str
    display_name: str
    linked_at: datetime


def _accounts(user: User) -> QuerySet[SocialAccount]:
    return SocialAccount.objects.filter(user=user, provider__in=NAMES)


def linked_accounts(user: User) -> list[LinkedAccount]:
    """What `user` linked, oldest first; a provider that is no longer offered stays listed, so that it can be unlinked."""
    return [
        LinkedAccount(
            provider=row.provider,
            name=NAMES[row.provider],
            display_name=str(row.extra_data.get("name", "")) if isinstance(row.extra_data, dict) else "",
            linked_at=row.date_joined,
        )
        for row in _accounts(user).order_by("date_joined", "pk")
    ]


def has_way_in(user: User, *, without_provider: str = "", without_passkey: int | None = None) -> bool:
    """Whether `user` could still sign in without this provider or this passkey (its id): a password, another passkey,
    another linked account of a provider that is offered."""
    if user.has_usable_password():
        return True
    if _accounts(user).filter(provider__in=offered()).exclude(provider=without_provider).exists():
        return True
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return passkeys.exclude(pk=without_passkey).exists()
