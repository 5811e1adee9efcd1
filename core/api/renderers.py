"""JSON through orjson: compact UTF-8, times as ISO 8601 in UTC with Z."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.encoding import force_str
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


def _default(value: Any) -> Any:
    if isinstance(value, Promise):
        return force_str(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)


def json_bytes(data: Any) -> bytes:
    """`data` as compact JSON; aware times become UTC with `Z`, UUIDs and lazy texts strings."""
    return orjson.dumps(data, default=_default, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


class JSONRenderer(BaseRenderer):
    """The only format of the API."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else json_bytes(data)
