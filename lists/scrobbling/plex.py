"""What Plex sends: a multipart form whose field `payload` is JSON, with a picture beside it at some events.

`media.scrobble` comes when nine tenths are seen. The new agents put the *episode's* ids in `Guid`; the older ones (TheTVDB's,
HAMA) write the show's id, the season and the number into `guid`: `com.plexapp.agents.hama://anidb-1234/1/2?lang=en`.
"""

import re
from typing import Any

from lists.scrobbling.plays import Ids, Play, ids_of, number_of, own_id_of, text_of, title_split

_NEW_GUID = re.compile(r"(?P<site>[a-z]+)://(?P<id>[^/?]+)")
_HAMA = re.compile(
    r"com\.plexapp\.agents\.hama://(?P<site>anidb|tvdb)\d?-(?P<id>\d+)(?:/(?P<season>\d+)/(?P<number>\d+))?"
)
_LEGACY = re.compile(
    r"com\.plexapp\.agents\.(?P<site>thetvdb|themoviedb)://(?P<id>\d+)(?:/(?P<season>\d+)/(?P<number>\d+))?"
)
OVER = frozenset({"media.scrobble"})


def play_read(payload: dict[str, Any]) -> Play | None:
    """The play, or None when the message is about none (a new item, a rating, a test)."""
    event = text_of(payload.get("event"))
    item = payload.get("Metadata")
    if not isinstance(item, dict) or item.get("type") not in ("episode", "movie"):
        return None
    account, server = payload.get("Account"), payload.get("Server")
    is_film = item["type"] == "movie"
    title, year = title_split(text_of(item.get("title" if is_film else "grandparentTitle")))
    own, show = _guids(item.get("Guid")), _show_ids(item)
    return Play(
        event=event,
        account=text_of(account.get("title")) if isinstance(account, dict) else "",
        is_film=is_film,
        title=title,
        season=number_of(item.get("parentIndex")),
        number=number_of(item.get("index")),
        year=year or (number_of(item.get("year")) if is_film else None),
        show_ids=(*show, *own) if is_film else show,
        episode_ids=() if is_film else own,
        is_over=event in OVER,
        length=(number_of_milliseconds(item.get("duration"))),
        name="" if is_film else text_of(item.get("title")),
        show=own_id_of(
            server.get("uuid") if isinstance(server, dict) else "",
            item.get("ratingKey" if is_film else "grandparentRatingKey"),
        ),
    )


def number_of_milliseconds(value: Any) -> float | None:
    """Milliseconds as seconds."""
    return value / 1000 if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9 else None


def _guids(raw: Any) -> Ids:
    found: dict[tuple[str, str], None] = {}
    for entry in raw if isinstance(raw, list) else ():
        guid = entry.get("id") if isinstance(entry, dict) else None
        parts = _NEW_GUID.fullmatch(guid) if isinstance(guid, str) else None
        if parts:
            found.update(dict.fromkeys(ids_of({parts["site"]: parts["id"]})))
    return tuple(found)


def _show_ids(item: dict[str, Any]) -> Ids:
    """Ids of the show, out of the older agents' guids of the episode, its season and its show."""
    found: dict[tuple[str, str], None] = {}
    for name in ("guid", "parentGuid", "grandparentGuid"):
        guid = item.get(name)
        parts = (_HAMA.match(guid) or _LEGACY.match(guid)) if isinstance(guid, str) else None
        if parts:
            found.update(dict.fromkeys(ids_of({parts["site"]: parts["id"]})))
    return tuple(found)
