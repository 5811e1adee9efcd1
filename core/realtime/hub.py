"""The sockets of this process: one subscription a group, one reader, one clock for all of them (why: design/realtime.md).

Channels' way, a task and a thread hop for each message and consumer, costs ten times as much. Sockets register here; the
channel layer carries only hints between processes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import structlog
from channels.layers import get_channel_layer

from core.realtime.groups import checks, handlers_of

if TYPE_CHECKING:
    from core.realtime.socket import Socket

log = structlog.get_logger("realtime")

TICK = 1.5
"""Seconds between two checks of all sockets: what a lost hint costs at most (a ban reaches sockets within 2 s)."""


class Hub:
    """Lives in one event loop. It works while it has sockets; an idle process does nothing."""

    def __init__(self) -> None:
        self._groups: dict[str, set[Socket]] = {}
        self._memberships: dict[Socket, tuple[str, ...]] = {}
        self._subscribed: set[str] = set()
        self._settling = asyncio.Lock()
        self._channel = ""
        self._watcher: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def sockets(self) -> tuple[Socket, ...]:
        """Every socket that has said who it is."""
        return tuple(self._memberships)

    async def add(self, socket: Socket, *groups: str) -> None:
        """From now on `socket` gets the hints of these groups and is looked at every `TICK` seconds."""
        self._memberships[socket] = groups
        for group in groups:
            self._groups.setdefault(group, set()).add(socket)
        await self._settle()

    async def remove(self, socket: Socket) -> None:
        """Forget `socket`; a second time, or one that was never added, changes nothing."""
        for group in self._memberships.pop(socket, ()):
            members = self._groups[group]
            members.discard(socket)
            if not members:
                del self._groups[group]
        await self._settle()

    async def _settle(self) -> None:
        """Start or end what this hub needs, one caller after the other."""
        async with self._settling:
            if self._memberships and self._watcher is None:
                self._watcher = asyncio.create_task(self._watch())
            await self._subscribe()
            if not self._memberships and self._watcher is not None:
                tasks = [task for task in (self._watcher, self._reader) if task is not None]
                self._watcher = self._reader = None
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _subscribe(self) -> None:
        """Make the layer's subscriptions what they should be. What fails is tried again at the next tick."""
        layer: Any = get_channel_layer()
        try:
            if self._reader is None and self._groups:
                # The layer forgets a channel whose receiver was cancelled, so each reader has its own.
                self._channel, self._subscribed = await layer.new_channel("hub"), set()
                self._reader = asyncio.create_task(self._read(layer, self._channel))
            for group in set(self._groups) - self._subscribed:
                await layer.group_add(group, self._channel)
                self._subscribed.add(group)
            for group in self._subscribed - set(self._groups):
                await layer.group_discard(group, self._channel)
                self._subscribed.discard(group)
        except Exception as error:
            log.warning("subscription_failed", error=type(error).__name__)

    async def _read(self, layer: Any, channel: str) -> None:
        while True:
            try:
                self._deliver(await layer.receive(channel))
            except Exception:
                log.exception("hint_unread")
                await asyncio.sleep(1)

    def _deliver(self, message: dict[str, Any]) -> None:
        sockets = tuple(self._groups.get(message.get("group", ""), ()))
        for handler in handlers_of(message.get("kind", "")):
            for socket in sockets:
                try:
                    handler(socket, message["data"])
                except Exception:
                    log.exception("hint_failed", kind=message.get("kind"))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            for check in (_heartbeats_check, *checks()):
                try:
                    await check(self.sockets)
                except Exception:
                    log.exception("check_failed", check=check.__name__)
            async with self._settling:
                await self._subscribe()


async def _heartbeats_check(sockets: tuple[Socket, ...]) -> None:
    for socket in sockets:
        socket.heartbeat_check()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop: a process that serves has one."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
