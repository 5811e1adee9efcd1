"""Reading the devices that take push messages."""

import uuid
from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import PushDevice


def push_devices_of(user_id: uuid.UUID) -> QuerySet[PushDevice]:
    """The devices of a person, the latest first."""
    return PushDevice.objects.filter(user_id=user_id).order_by("-last_seen_at", "-id")


def has_push_devices(user_ids: Collection[uuid.UUID]) -> bool:
    """Whether any of these people has a device."""
    return PushDevice.objects.filter(user_id__in=user_ids).exists()
