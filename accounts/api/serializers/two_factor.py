"""Bodies of the two-factor endpoints."""

from rest_framework import serializers

from accounts.api.serializers.device_tokens import DeviceTokenIn
from accounts.api.serializers.sign_in import ClientIn

_CODE = "Six digits of the app, or a recovery code; spaces, hyphens and case do not matter."


class VerifyLoginIn(ClientIn):
    challenge_token = serializers.CharField(max_length=100, help_text="What `POST /auth/login` answered.")
    code = serializers.CharField(max_length=64, help_text=_CODE)


class TotpSetupOut(serializers.Serializer):
    """What an authenticator app needs; shown once."""

    secret = serializers.CharField(help_text="Base 32, to be typed in by hand.")
    provisioning_uri = serializers.CharField(help_text="`otpauth://totp/…`: what the QR code says.")
    qr_code = serializers.CharField(help_text="The QR code: an SVG as a `data:` address.")
    expires_in = serializers.IntegerField(help_text="Seconds until the secret is forgotten unless enabled (900).")


class TotpEnableIn(serializers.Serializer):
    code = serializers.CharField(
        max_length=64, help_text="The six digits that the app shows for the secret of `setup`."
    )


class RecoveryCodesOut(serializers.Serializer):
    backup_codes = serializers.ListField(
        child=serializers.CharField(),
        help_text="Ten codes, each works once in the app's place. They are shown only here.",
    )


class TwoFactorDisableIn(DeviceTokenIn):
    password = serializers.CharField(
        max_length=4096, trim_whitespace=False, required=False, help_text="The current one; of accounts that have one."
    )
    code = serializers.CharField(
        max_length=64, required=False, help_text="In its place where there is no password. " + _CODE
    )
