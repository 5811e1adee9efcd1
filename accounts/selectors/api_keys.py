"""Reading API keys: those of a person, and the one that a request came with."""

import re
import uuid
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.errors import InvalidApiKey
from accounts.models import ApiKey
from core.secrets import token_hash

PREFIX = "hk_"
LAST_USED_EVERY = timedelta(minutes=1)
_SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)


def api_keys_of(user_id: uuid.UUID) -> QuerySet[ApiKey]:
    """The keys of a person, newest first."""
    return ApiKey.objects.filter(user_id=user_id).order_by("-created_at", "-id")


def api_key_by_token(token: str) -> ApiKey:
    """The living key with its person and avatar, in one query; raises `InvalidApiKey`.

    A suspended person's keys, and those of a person who asked to be deleted, open nothing.
    """
    if not _SHAPE.fullmatch(token):
        raise InvalidApiKey()
    key = (
        ApiKey.objects.select_related("user__avatar", "user__totp_device")
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()), key_hash=token_hash(token))
        .first()
    )
    if key is None or not key.user.is_active or key.user.erased_at or key.user.deletion_due_at:
        raise InvalidApiKey()
    return key


def is_use_unrecorded(key: ApiKey) -> bool:
    """Whether its last use is older than what is worth a write."""
    return key.last_used_at is None or key.last_used_at < timezone.now() - LAST_USED_EVERY
