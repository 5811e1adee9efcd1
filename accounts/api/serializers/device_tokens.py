"""What an app sends to be counted as the device it is, wherever a password or a code is checked."""

from rest_framework import serializers


class DeviceTokenIn(serializers.Serializer):
    device_token = serializers.CharField(
        max_length=1000,
        required=False,
        default="",
        allow_blank=True,
        help_text="What the last sign-in on this device gave: with it, wrong guesses elsewhere do not lock you out here. "
        "Browsers send theirs in a cookie.",
    )
