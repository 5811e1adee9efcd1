"""What the API says of a sign-in. Never its tokens: they are not known."""

from typing import Any

from rest_framework import serializers

from accounts.devices import device_of
from accounts.models import SessionKind, UserSession


class SessionOut(serializers.Serializer):
    """A `UserSession`; `context["current"]` is the caller's own or None."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=SessionKind.values, help_text="`api`: an app. `site`: a browser.")
    is_current = serializers.SerializerMethodField(help_text="Whether this request comes by it.")
    device = serializers.SerializerMethodField(help_text='A readable guess, such as "Firefox on Linux".')
    device_type = serializers.SerializerMethodField(help_text="desktop, phone, tablet, tv or program.")
    user_agent = serializers.CharField(source="device", help_text="What the client called itself, 200 characters.")
    address = serializers.IPAddressField(allow_null=True, help_text="Where it was seen last.")
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(help_text="To the minute.")
    expires_at = serializers.DateTimeField(help_text="When it ends if it is not used.")

    def get_is_current(self, session: UserSession) -> bool:
        current: Any = self.context["current"]
        return current is not None and current.pk == session.pk

    def get_device(self, session: UserSession) -> str:
        return device_of(session.device).name

    def get_device_type(self, session: UserSession) -> str:
        return device_of(session.device).form


class RevokedOut(serializers.Serializer):
    revoked = serializers.IntegerField(help_text="How many sessions ended.")
