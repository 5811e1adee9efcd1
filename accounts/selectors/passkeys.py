"""The passkeys of a person, as the settings list them."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey; `name` is what its person called it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


def passkeys_of(user: User) -> list[Passkey]:
    """Oldest first."""
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("created_at", "pk")
    return [Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at) for row in rows]
