"""The names of everything that travels to sockets: groups, kinds of hints, and who deals with each kind.

A hint says that something is to be looked at; it may get lost. What must not get lost is a row (the event log, a revoked
session) that the next hint, the next heartbeat or a check of the hub finds.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.realtime.socket import Socket

Handler = Callable[["Socket", dict[str, Any]], None]
Check = Callable[["Sequence[Socket]"], Awaitable[None]]

SEQ = "seq"
"""To a person's group: their event log is at `seq` now."""

_handlers: dict[str, list[Handler]] = {}
_checks: list[Check] = []


def user_group(user_id: uuid.UUID) -> str:
    """All open sockets of one person."""
    return f"user.{user_id.hex}"


def on_hint(kind: str) -> Callable[[Handler], Handler]:
    """Decorator: call the function, in the loop, for every local socket in the group that a hint of this kind went to."""

    def decorator(handler: Handler) -> Handler:
        known = _handlers.setdefault(kind, [])
        if handler not in known:
            known.append(handler)
        return handler

    return decorator


def on_check(check: Check) -> Check:
    """Decorator: call the function every `core.realtime.hub.TICK` seconds with all sockets of this process."""
    if check not in _checks:
        _checks.append(check)
    return check


def handlers_of(kind: str) -> Sequence[Handler]:
    """Who deals with hints of this kind."""
    return _handlers.get(kind, ())


def checks() -> Sequence[Check]:
    """Every registered check."""
    return tuple(_checks)
