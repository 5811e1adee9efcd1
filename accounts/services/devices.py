"""Registering and forgetting devices that take push messages."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import PushDevice, User
from accounts.push_expo import TOKEN
from accounts.push_web import Subscription
from accounts.selectors.push import push_devices_of
from core.errors import NotFound, ValidationFailed
from core.secrets import secret_seal, token_hash

PURPOSE = "accounts.push.address"
DEVICES_PER_USER = 20


@dataclass(frozen=True, slots=True)
class Registered:
    """The device, and whether its address was new here."""

    device: PushDevice
    is_new: bool


def expo_register(*, user: User, token: str, platform: str = "", name: str = "") -> Registered:
    """Register or refresh an Expo push token; raises `ValidationFailed` when it is none."""
    if not TOKEN.fullmatch(token):
        raise ValidationFailed({"token": [_("An Expo push token: ExponentPushToken[…].")]})
    return _register(user=user, kind=PushDevice.Kind.EXPO, key=token, address=token, platform=platform, name=name)


def web_register(*, user: User, subscription: Subscription, name: str = "") -> Registered:
    """Register or refresh a browser's subscription (checked by `push_web.subscription_check`)."""
    return _register(
        user=user,
        kind=PushDevice.Kind.WEB,
        key=subscription.endpoint,
        address=subscription.text(),
        platform="web",
        name=name,
    )


def _register(*, user: User, kind: str, key: str, address: str, platform: str, name: str) -> Registered:
    """An address has one row: whoever registers it last gets its messages. Past 20 devices the oldest go."""
    known = token_hash(f"{kind}:{key}")
    fields = {
        "user": user,
        "platform": platform,
        "address": secret_seal(address, purpose=PURPOSE),
        "last_seen_at": timezone.now(),
        "failures": 0,
        **({"name": name} if name else {}),
    }
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once cannot both find room
        device, is_new = PushDevice.objects.get_or_create(address_hash=known, defaults={**fields, "kind": kind})
        if not is_new:
            for field, value in fields.items():
                setattr(device, field, value)
            device.save(update_fields=list(fields))
        keep = push_devices_of(user.pk).values_list("pk", flat=True)[:DEVICES_PER_USER]
        PushDevice.objects.filter(user=user).exclude(pk__in=list(keep)).delete()
    return Registered(device, is_new)


def device_remove(*, user: User, device_id: uuid.UUID) -> None:
    """Forget a device of `user`; raises `NotFound` for another's."""
    gone, _rows = PushDevice.objects.filter(user=user, pk=device_id).delete()
    if not gone:
        raise NotFound()
