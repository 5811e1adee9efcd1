"""Bodies of the routes for e-mail addresses."""

from rest_framework import serializers

from accounts.api.serializers.device_tokens import DeviceTokenIn


class CodeIn(serializers.Serializer):
    code = serializers.CharField(max_length=40, help_text="From the mail; any case, with or without the hyphen.")


class EmailIn(serializers.Serializer):
    email = serializers.EmailField(max_length=254)


class EmailChangeIn(DeviceTokenIn):
    email = serializers.EmailField(max_length=254, help_text="The new address; nobody else's.")
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


class SaidOut(serializers.Serializer):
    detail = serializers.CharField(help_text="A sentence for people.")


class VerifiedOut(serializers.Serializer):
    is_verified = serializers.BooleanField()


class EmailOut(serializers.Serializer):
    email = serializers.EmailField()
    is_verified = serializers.BooleanField()
