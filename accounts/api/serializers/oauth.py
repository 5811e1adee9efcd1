"""Shapes of signing in through other sites."""

from rest_framework import serializers

from accounts.api.serializers.sign_in import ClientIn
from accounts.oauth.deep_links import LENGTH_MAX
from accounts.oauth.providers import NAMES


class BeginIn(serializers.Serializer):
    """The query of `GET /auth/oauth/{provider}`; shapes are the service's to judge, with codes of their own."""

    next = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="A path on this site to go to afterwards."
    )
    mobile_redirect = serializers.CharField(
        required=False,
        allow_blank=False,
        trim_whitespace=False,
        help_text="A deep link (`anilay://auth/callback`) that gets the answer instead of the site.",
    )
    code_challenge = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="PKCE: base64url of the SHA-256 of the app's verifier, 43 characters. Needed with mobile_redirect.",
    )
    code_challenge_method = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="S256, the default and the only one."
    )
    link = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Part of an `authorize_url`; clients do not make it."
    )


class LinkIn(serializers.Serializer):
    mobile_redirect = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=LENGTH_MAX,
        trim_whitespace=False,
        help_text="A deep link that hears `linked=<provider>` or `error=<code>`; else the browser stays on the site.",
    )


class LinkOut(serializers.Serializer):
    authorize_url = serializers.URLField(help_text="To be opened in a browser.")
    expires_in = serializers.IntegerField(help_text="Seconds until it works no more (900).")


class TokenIn(ClientIn):
    code = serializers.CharField(max_length=100, help_text="From the deep link; good for 60 seconds, once.")
    code_verifier = serializers.CharField(max_length=128, min_length=43, help_text="RFC 7636: 43 to 128 characters.")


class LinkedAccountOut(serializers.Serializer):
    provider = serializers.ChoiceField(choices=list(NAMES))
    name = serializers.CharField(help_text="What the provider is called.")
    display_name = serializers.CharField(help_text="What the person is called there; may be empty.")
    linked_at = serializers.DateTimeField()


class OfferedOut(serializers.Serializer):
    provider = serializers.ChoiceField(choices=list(NAMES))
    name = serializers.CharField()


class ProvidersOut(serializers.Serializer):
    linked = LinkedAccountOut(many=True)
    available = OfferedOut(many=True, help_text="Those that the operator has set up, linked or not.")
