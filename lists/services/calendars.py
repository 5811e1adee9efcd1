"""The secret address of a person's calendar: made, read and made worthless.

Its key is the person's id with a signature over their password's hash and their `calendar_revision`. Nothing of it is
stored: a new password ends it, a new revision ends it, and a stolen database holds no key (threat 40).
"""

import base64
import binascii
import uuid

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.facade import User
from core.errors import NotFound
from lists.models import ListPreferences

_SALT = "lists.calendar"
_SIGNATURE_BYTES = 16


def calendar_key(*, user: User) -> str:
    """The key in the addresses of the user's feeds, always the same until it is revoked: 43 letters, digits, "-" and "_"."""
    preferences, _is_new = ListPreferences.objects.get_or_create(user=user)
    signature = _signature(user, preferences.calendar_revision, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(user.pk.bytes + signature).decode().rstrip("=")


def calendar_paths(key: str) -> dict[str, str]:
    """{"ics": path, "rss": path} of the feeds behind a key."""
    return {kind: reverse(f"calendar-{kind}", args=[key]) for kind in ("ics", "rss")}


def calendar_revoke(*, user: User) -> str:
    """A new address; the old one answers 404 from now on. Returns the new key."""
    with transaction.atomic():
        ListPreferences.objects.update_or_create(user=user, defaults={"calendar_revision": uuid.uuid4()})
    return calendar_key(user=user)


def calendar_owner(key: str) -> User:
    """Whose calendar a key opens. Raises `NotFound` for keys that are forged or revoked, and where the owner is suspended,
    leaving or erased. One query.
    """
    try:
        raw = base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotFound() from error
    if len(raw) != 16 + _SIGNATURE_BYTES:
        raise NotFound()
    people = User.objects.public().select_related("list_preferences")
    user = people.filter(pk=uuid.UUID(bytes=raw[:16]), list_preferences__isnull=False).first()
    if user is None:
        raise NotFound()
    revision = user.list_preferences.calendar_revision
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(raw[16:], _signature(user, revision, secret)) for secret in keys):
        raise NotFound()
    return user


def _signature(user: User, revision: uuid.UUID, secret: str) -> bytes:
    signed = f"{user.pk.hex}:{revision.hex}:{user.password}"
    return salted_hmac(_SALT, signed, secret=secret, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
