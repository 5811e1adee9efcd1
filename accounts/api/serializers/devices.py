"""Shapes of devices that take push messages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import PushDevice

PLATFORMS = ("ios", "android", "web")


class SubscriptionKeysIn(serializers.Serializer):
    p256dh = serializers.CharField(max_length=120, help_text="The browser's public key, base64url.")
    auth = serializers.CharField(max_length=40, help_text="The shared secret, base64url.")


class SubscriptionIn(serializers.Serializer):
    """A browser's `PushSubscription` as JSON."""

    endpoint = serializers.CharField(max_length=2000)
    keys = SubscriptionKeysIn()


class DeviceIn(serializers.Serializer):
    """Either `token` (the app) or `subscription` (a browser)."""

    platform = serializers.ChoiceField(
        choices=PLATFORMS, required=False, help_text="Left out: `web` with a subscription, else unknown."
    )
    token = serializers.CharField(max_length=250, required=False, help_text="`ExponentPushToken[…]`.")
    subscription = SubscriptionIn(required=False)
    name = serializers.CharField(
        max_length=100, required=False, allow_blank=True, default="", help_text="What its person calls it."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        has_token, has_subscription = "token" in attrs, "subscription" in attrs
        if has_token == has_subscription:
            words = [_("Either a token or a subscription is needed.")]
            raise serializers.ValidationError({"token": words, "subscription": words})
        if has_subscription and attrs.get("platform", "web") != "web":
            raise serializers.ValidationError({"platform": [_("A subscription is of the platform “web”.")]})
        if has_token and attrs.get("platform") == "web":
            raise serializers.ValidationError({"subscription": [_("The platform “web” needs a subscription.")]})
        return attrs


class DeviceOut(serializers.ModelSerializer):
    """A device; its address is told to nobody."""

    class Meta:
        model = PushDevice
        fields = ("id", "kind", "platform", "name", "created_at", "last_seen_at")
        read_only_fields = fields


class VapidKeyOut(serializers.Serializer):
    public_key = serializers.CharField(help_text="For `applicationServerKey`: 65 bytes in base64url.")
