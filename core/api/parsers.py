"""Reading JSON bodies: size, depth and syntax are checked before anything else looks at them (threat 39)."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.parsers import BaseParser

from core.errors import MalformedRequest, PayloadTooLarge

MAX_DEPTH = 32
MAX_QUOTES = 400_000
MAX_CONTAINERS = 50_000  # objects and lists of one body; half a million would keep a thread busy for a second


_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"[]{}")
_ONE_KIND = bytes.maketrans(b"{}", b"[]")


def json_brackets(raw: bytes) -> bytes:
    """The brackets of a JSON text that stand outside its strings, braces as brackets; without a loop over its bytes."""
    outside = raw.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2]
    return b"".join(outside).translate(_ONE_KIND, _NO_BRACKET)


def is_nested_deeper(brackets: bytes, levels: int) -> bool:
    """Whether `json_brackets` of a text nest deeper than `levels`: each pass removes the innermost one."""
    for _ in range(levels):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


class JSONParser(BaseParser):
    """A JSON body of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes, 50,000 objects and lists, and 32 levels."""

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
        # Counting brackets bounds the depth cheaply; only a text with many of them pays for a closer look.
        if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
            brackets = json_brackets(raw) if raw.count(b'"') <= MAX_QUOTES else b""
            if not brackets or len(brackets) > 2 * MAX_CONTAINERS:
                raise MalformedRequest("The JSON has too many objects and lists.")
            if is_nested_deeper(brackets, MAX_DEPTH):
                raise MalformedRequest("The JSON is nested too deeply.")
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise MalformedRequest("The body is not valid JSON.") from error
