"""Bodies of the routes for passwords."""

from rest_framework import serializers

from accounts.api.serializers.device_tokens import DeviceTokenIn
from accounts.validation import PASSWORD_MAX


class NewPasswordField(serializers.CharField):
    """8 to 256 characters; which ones is said nowhere. The commonest and the account's own names are refused later."""

    def __init__(self) -> None:
        super().__init__(
            min_length=8, max_length=PASSWORD_MAX, trim_whitespace=False, help_text="None of the commonest."
        )


class ResetPasswordIn(serializers.Serializer):
    token = serializers.CharField(max_length=100, help_text="From the link in the mail.")
    password = NewPasswordField()


class PasswordIn(DeviceTokenIn):
    current_password = serializers.CharField(
        max_length=4096,
        required=False,
        default="",
        allow_blank=True,
        trim_whitespace=False,
        help_text="Of an account that has a password.",
    )
    confirm_email = serializers.CharField(
        max_length=254,
        required=False,
        default="",
        allow_blank=True,
        help_text="The account's address, when it has no password yet (sign-in through providers only).",
    )
    password = NewPasswordField()
