"""Reading JSON bodies: size, depth and syntax are checked before anything else looks at them (threat 39)."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.parsers import BaseParser

from core.errors import MalformedRequest, PayloadTooLarge

MAX_DEPTH = 32


def body_depth(raw: bytes) -> int:
    """An upper bound of the nesting of a JSON text in one linear pass (brackets inside strings do not count)."""
    depth = deepest = 0
    in_string = escaped = False
    for byte in raw:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in (0x5B, 0x7B):
            depth += 1
            deepest = max(deepest, depth)
        elif byte in (0x5D, 0x7D):
            depth -= 1
    return deepest


class JSONParser(BaseParser):
    """A JSON body of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes and 32 levels."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise PayloadTooLarge()
        if not raw.strip():
            return {}
        # Counting brackets bounds the depth cheaply; only a text with many of them pays for the exact pass.
        if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and body_depth(raw) > MAX_DEPTH:
            raise MalformedRequest("The JSON is nested too deeply.")
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise MalformedRequest("The body is not valid JSON.") from error
