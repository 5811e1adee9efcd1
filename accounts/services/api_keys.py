"""Making and revoking API keys, and noting their use."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import TooManyApiKeys
from accounts.models import ApiKey, User
from accounts.notices import SecurityChange
from accounts.permissions import can_moderate
from accounts.selectors.api_keys import LAST_USED_EVERY, PREFIX
from accounts.services.notices import notice_send
from core.api.scopes import Scope
from core.errors import NotFound, PermissionDenied, ValidationFailed
from core.secrets import token_hash, token_make

log = structlog.get_logger("accounts")

KEYS_PER_USER = 20
NAME_LENGTH = 50
LONGEST_LIFE = timedelta(days=3660)
_SHOWN = 8  # characters of a key's beginning that are kept in clear, for recognising it


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `token` is the key itself, told only now."""

    key: ApiKey
    token: str = field(repr=False)


def api_key_create(*, user: User, name: str, scopes: Iterable[str], expires_at: datetime | None = None) -> NewKey:
    """Make a key for `user` (they are told by mail).

    Raises `ValidationFailed` (name of 1–50 characters, at least one known scope, an expiry within ten years) and
    `TooManyApiKeys` past 20.
    """
    name, granted = " ".join(name.split()), sorted(set(scopes))
    _check(name, granted, expires_at)
    token = token_make(PREFIX)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once cannot both be the twentieth
        if ApiKey.objects.filter(user=user).count() >= KEYS_PER_USER:
            raise TooManyApiKeys(_("Revoke a key first: %(count)d is the limit.") % {"count": KEYS_PER_USER})
        key = ApiKey.objects.create(
            user=user,
            name=name,
            prefix=token[: len(PREFIX) + _SHOWN],
            key_hash=token_hash(token),
            scopes=granted,
            expires_at=expires_at,
        )
        notice_send(
            user=user, kind="security_change", context={"change": SecurityChange.API_KEY_CREATED.value, "detail": name}
        )
    log.info("api_key_created", user=str(user.pk), key=str(key.pk), scopes=granted)
    return NewKey(key, token)


def _check(name: str, scopes: list[str], expires_at: datetime | None) -> None:
    fields: dict[str, list[str]] = {}
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        fields["name"] = [_("1 to %(limit)d printable characters.") % {"limit": NAME_LENGTH}]
    unknown = [scope for scope in scopes if scope not in Scope.values]
    if unknown or not scopes:
        fields["scopes"] = [_("At least one of: %(scopes)s.") % {"scopes": ", ".join(Scope.values)}]
    if expires_at is not None and not timedelta() < expires_at - timezone.now() <= LONGEST_LIFE:
        fields["expires_at"] = [_("A time in the future, at most ten years away.")]
    if fields:
        raise ValidationFailed(fields)


def api_key_revoke(*, user: User, key_id: uuid.UUID) -> None:
    """Delete a key of `user` for good; raises `NotFound` for another's."""
    gone, _rows = ApiKey.objects.filter(user=user, pk=key_id).delete()
    if not gone:
        raise NotFound()
    log.info("api_key_revoked", user=str(user.pk), key=str(key_id))


def api_key_revoke_as_staff(*, actor: User, key: ApiKey) -> None:
    """Delete somebody's key; only of people whom `actor` may moderate (or their own)."""
    if key.user_id != actor.pk and not can_moderate(actor.role, key.user.role):
        raise PermissionDenied()
    key_id = key.pk
    key.delete()
    log.info("api_key_revoked", user=str(key.user_id), key=str(key_id), actor=str(actor.pk))


def api_key_use_record(*, key: ApiKey) -> None:
    """Note that the key was used now; of parallel requests one writes, and none within a minute of another."""
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - LAST_USED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
