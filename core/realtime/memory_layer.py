"""The channel layer of one process, for senders in any thread.

Channels' own in-memory layer puts messages into asyncio queues from whatever thread sends, which neither is safe nor wakes
a sleeping loop: a hint from a worker thread lies until something else happens. Here a lock guards the queues and the
receiver's loop is woken by `call_soon_threadsafe`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from copy import deepcopy
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer

Message = dict[str, Any]
_Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class _Inbox:
    """What waits on one channel, and who waits for it."""

    __slots__ = ("messages", "waiters")

    def __init__(self) -> None:
        self.messages: deque[tuple[float, Message]] = deque()
        self.waiters: deque[_Waiter] = deque()


class MemoryChannelLayer(InMemoryChannelLayer):
    """Channels' interface; `put` and `group_put` are the same without a loop, for synchronous senders.

    capacity: messages that a channel holds before more are dropped (`ChannelFull` for a direct send). Membership of
    groups does not run out: who leaves says so.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._lock = threading.Lock()
        self._inboxes: dict[str, _Inbox] = {}

    def put(self, channel: str, message: Message) -> None:
        """Add a message from any thread and wake one receiver. Raises `ChannelFull`."""
        now = time.monotonic()
        with self._lock:
            inbox = self._inboxes.setdefault(channel, _Inbox())
            while inbox.messages and inbox.messages[0][0] < now:
                inbox.messages.popleft()
            if len(inbox.messages) >= self.get_capacity(channel):
                raise ChannelFull(channel)
            inbox.messages.append((now + self.expiry, deepcopy(message)))
        self._wake(inbox)

    def group_put(self, group: str, message: Message) -> None:
        """Add a message for every channel of the group, from any thread; full ones miss it."""
        self.require_valid_group_name(group)
        with self._lock:
            channels = list(self.groups.get(group, ()))
        for channel in channels:
            try:
                self.put(channel, message)
            except ChannelFull:
                continue

    async def send(self, channel: str, message: Message) -> None:
        self.require_valid_channel_name(channel)
        self.put(channel, message)

    async def group_send(self, group: str, message: Message) -> None:
        self.group_put(group, message)

    async def receive(self, channel: str) -> Message:
        self.require_valid_channel_name(channel)
        loop = asyncio.get_running_loop()
        while True:
            with self._lock:
                inbox = self._inboxes.setdefault(channel, _Inbox())
                if inbox.messages:
                    message = inbox.messages.popleft()[1]
                    self._forget_if_idle(channel, inbox)
                    return message
                waiter = (loop, loop.create_future())
                inbox.waiters.append(waiter)
            try:
                await waiter[1]
            except asyncio.CancelledError:
                self._leave(channel, inbox, waiter)
                raise

    async def group_add(self, group: str, channel: str) -> None:
        self.require_valid_group_name(group)
        self.require_valid_channel_name(channel)
        with self._lock:
            self.groups.setdefault(group, {})[channel] = time.time()

    async def group_discard(self, group: str, channel: str) -> None:
        with self._lock:
            members = self.groups.get(group, {})
            members.pop(channel, None)
            if not members:
                self.groups.pop(group, None)

    async def flush(self) -> None:
        with self._lock:
            self._inboxes.clear()
            self.groups.clear()

    def _wake(self, inbox: _Inbox) -> None:
        while True:
            with self._lock:
                if not inbox.waiters:
                    return
                loop, future = inbox.waiters.popleft()
            try:
                loop.call_soon_threadsafe(_settle, future)
            except RuntimeError:  # that loop has closed: another receiver may live
                continue
            return

    def _leave(self, channel: str, inbox: _Inbox, waiter: _Waiter) -> None:
        """A receiver was cancelled: if it had been woken for a message, wake another one."""
        with self._lock:
            was_waiting = waiter in inbox.waiters
            if was_waiting:
                inbox.waiters.remove(waiter)
            has_messages = bool(inbox.messages)
            self._forget_if_idle(channel, inbox)
        if not was_waiting and has_messages:
            self._wake(inbox)

    def _forget_if_idle(self, channel: str, inbox: _Inbox) -> None:
        if not inbox.messages and not inbox.waiters and self._inboxes.get(channel) is inbox:
            del self._inboxes[channel]


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
