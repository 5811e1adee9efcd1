"""`/webhooks/{server}/{token}`: what media servers tell, through a person's own secret address."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import MAX_DEPTH, is_nested_deeper, json_brackets
from core.api.permissions import Public
from core.api.views import View
from core.errors import NotFound, PayloadTooLarge
from core.throttles import Limit, throttle_check
from lists.api.serializers.webhooks import ScrobbleOut
from lists.errors import WebhookUnreadable
from lists.scrobbling.addresses import endpoint_by_token
from lists.scrobbling.reading import message_read
from lists.services.scrobbles import scrobble_receive

BODY_LIMIT = 1_048_576
"""Bytes of a message, with the picture that Plex sends along."""
PER_ENDPOINT = Limit("webhook", 120, 60)
PER_ADDRESS = Limit("webhook-address", 600, 60, per="address")
_FIELDS = ("payload", "data")
"""The form fields in which Plex and Emby put their JSON."""


class AnyParser(BaseParser):
    """The body as bytes, whatever its sender calls it: Jellyfin says text/plain of JSON."""

    media_type = "*/*"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return stream.read(BODY_LIMIT + 1)


class Webhook(View):
    """A media server's message. It is answered at once and in a way that no server repeats."""

    access = Public
    authentication_classes = ()
    parser_classes = (MultiPartParser, AnyParser)
    limits = {"POST": (PER_ADDRESS,)}
    also_answers = {"400": "No message of that server", "404": "No such address", "413": "Over 1 MB"}

    @extend_schema(
        operation_id="webhook_receive", request=OpenApiTypes.OBJECT, responses=ScrobbleOut, tags=["Scrobbling"]
    )
    def post(self, request: Request, server: str, token: str) -> Response:
        """Take what Plex, Jellyfin or Emby sends as it is; finished episodes count on the list."""
        endpoint = endpoint_by_token(server, token)
        if endpoint is None:
            raise NotFound()
        throttle_check(PER_ENDPOINT, f"e{endpoint.pk}")
        play = message_read(server, _payload(request))
        return Response(ScrobbleOut(scrobble_receive(endpoint=endpoint, play=play)).data)


def _payload(request: Request) -> Any:
    """The JSON of the message. Raises `PayloadTooLarge`, `WebhookUnreadable`."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
        raise PayloadTooLarge()
    body = request.data
    if not isinstance(body, bytes):
        body = next((body[name] for name in _FIELDS if isinstance(body.get(name), str)), "").encode()
    if len(body) > BODY_LIMIT:
        raise PayloadTooLarge()
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and is_nested_deeper(json_brackets(body), MAX_DEPTH):
        raise WebhookUnreadable()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise WebhookUnreadable() from error
