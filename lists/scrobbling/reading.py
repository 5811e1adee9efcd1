"""From the bytes that a media server posts to a `Play`, by the server that the address is for."""

from collections.abc import Callable, Mapping
from typing import Any

from lists.errors import WebhookUnreadable
from lists.models import MediaServer
from lists.scrobbling import emby, jellyfin, plex
from lists.scrobbling.plays import Play

_READERS: Mapping[str, Callable[[dict[str, Any]], Play | None]] = {
    MediaServer.PLEX: plex.play_read,
    MediaServer.JELLYFIN: jellyfin.play_read,
    MediaServer.EMBY: emby.play_read,
}
_MARKS = {MediaServer.PLEX: "event", MediaServer.JELLYFIN: "NotificationType", MediaServer.EMBY: "Event"}
"""The field that every message of a server has: without it the address was given to something else."""


def message_read(server: str, payload: Any) -> Play | None:
    """The play that a server's message tells of, None when it tells of none. Raises `WebhookUnreadable`."""
    if not isinstance(payload, dict) or not isinstance(payload.get(_MARKS[MediaServer(server)]), str):
        raise WebhookUnreadable()
    return _READERS[MediaServer(server)](payload)
