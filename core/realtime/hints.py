"""Sending hints to sockets from synchronous code: services, tasks, request threads."""

from __future__ import annotations

from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from core.realtime.memory_layer import MemoryChannelLayer

log = structlog.get_logger("realtime")

MESSAGE = "realtime.hint"


def hint_send(group: str, kind: str, **data: Any) -> None:
    """Tell every process that has sockets in `group`. Best effort: never raises, and a lost hint heals by itself."""
    layer = get_channel_layer()
    if layer is None:
        return
    message = {"type": MESSAGE, "group": group, "kind": kind, "data": data}
    try:
        if isinstance(layer, MemoryChannelLayer):
            layer.group_put(group, message)
        else:
            async_to_sync(layer.group_send)(group, message)
    except Exception as error:
        log.warning("hint_lost", kind=kind, error=type(error).__name__)


def hint_on_commit(group: str, kind: str, **data: Any) -> None:
    """`hint_send` when the caller's transaction is committed; at once outside of one."""
    transaction.on_commit(lambda: hint_send(group, kind, **data))
