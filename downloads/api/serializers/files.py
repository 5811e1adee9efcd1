"""Shapes of tickets."""

from rest_framework import serializers


class TicketOut(serializers.Serializer[dict[str, object]]):
    """`ticket` is said this once; `url` is where a browser goes with it until `expires_at`."""

    ticket = serializers.UUIDField()
    url = serializers.CharField()
    expires_at = serializers.DateTimeField()
