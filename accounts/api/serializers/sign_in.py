"""Bodies of register, login and the token pair."""

from rest_framework import serializers

from accounts.api.serializers.device_tokens import DeviceTokenIn
from accounts.api.serializers.profiles import MeOut
from accounts.validation import PASSWORD_MAX

CLIENTS = ("web", "mobile")


class ClientIn(DeviceTokenIn):
    client = serializers.ChoiceField(
        choices=CLIENTS,
        required=False,
        help_text="Where the refresh token goes: `web` gets an HttpOnly cookie, `mobile` gets it in the body. When it is "
        "left out, browsers count as `web` and all others get both.",
    )


class RegisterIn(ClientIn):
    username = serializers.RegexField(
        r"^[A-Za-z0-9_]+\Z", min_length=3, max_length=30, help_text="Unique whatever its case."
    )
    email = serializers.EmailField(max_length=254, help_text="Unique whatever its case.")
    password = serializers.CharField(
        min_length=8, max_length=PASSWORD_MAX, trim_whitespace=False, help_text="None of the commonest."
    )


class LoginIn(ClientIn):
    identifier = serializers.CharField(
        max_length=254, help_text="With @ it is an e-mail address, otherwise a username; any case."
    )
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


class SignedInOut(serializers.Serializer):
    """`SignedIn` of the sessions service."""

    access_token = serializers.CharField(help_text="A JWT for `Authorization: Bearer`.")
    token_type = serializers.ChoiceField(choices=["Bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds until the access token ends (900).")
    refresh_token = serializers.CharField(
        required=False, help_text="Absent for web clients: theirs is in an HttpOnly cookie."
    )
    device_token = serializers.CharField(
        required=False,
        help_text="To be kept, and sent at the next sign-in. Absent for web clients: theirs is in a cookie.",
    )
    user = MeOut()


class ChallengeOut(serializers.Serializer):
    """The password was right, the second factor is asked for."""

    requires_2fa = serializers.BooleanField(help_text="Always true: `POST /auth/2fa/verify-login` comes next.")
    challenge_token = serializers.CharField(help_text="For `verify-login`; works once and opens nothing by itself.")
    expires_in = serializers.IntegerField(help_text="Seconds until the challenge ends (300).")
