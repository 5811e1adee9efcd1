"""What Emby sends: JSON, as the body or in the field `data` of a form.

`playback.stop` has `PlaybackInfo`; `item.markplayed` is an item that was ticked off. `Item.ProviderIds` are the item's own.
"""

from typing import Any

from lists.scrobbling.plays import (
    NEVER_OF_EPISODES,
    Play,
    ids_of,
    number_of,
    own_id_of,
    seconds_of,
    share_of,
    text_of,
    title_split,
    truth_of,
)

OVER = frozenset({"item.markplayed", "playback.scrobble"})


def play_read(payload: dict[str, Any]) -> Play | None:
    """The play, or None when the message is about none (a test, a new item)."""
    event = text_of(payload.get("Event"))
    item = payload.get("Item")
    if not isinstance(item, dict) or item.get("Type") not in ("Episode", "Movie"):
        return None
    is_film = item["Type"] == "Movie"
    title, year = title_split(text_of(item.get("Name" if is_film else "SeriesName")))
    user, info, server = payload.get("User"), payload.get("PlaybackInfo"), payload.get("Server")
    info = info if isinstance(info, dict) else {}
    own = ids_of(item.get("ProviderIds"))
    anime = own if is_film else tuple(pair for pair in own if pair[0] in NEVER_OF_EPISODES)
    is_stop = event == "playback.stop"
    return Play(
        event=event,
        account=text_of(user.get("Name")) if isinstance(user, dict) else "",
        is_film=is_film,
        title=title,
        season=number_of(item.get("ParentIndexNumber")),
        number=number_of(item.get("IndexNumber")),
        year=year or (number_of(item.get("ProductionYear")) if is_film else None),
        show_ids=(*ids_of(item.get("SeriesProviderIds")), *anime),
        episode_ids=() if is_film else tuple(pair for pair in own if pair not in anime),
        is_over=event in OVER or (is_stop and truth_of(info.get("PlayedToCompletion"))),
        share=share_of(info.get("PositionTicks"), item.get("RunTimeTicks")) if is_stop else None,
        length=seconds_of(item.get("RunTimeTicks")),
        name="" if is_film else text_of(item.get("Name")),
        show=own_id_of(server.get("Id") if isinstance(server, dict) else "", item.get("Id" if is_film else "SeriesId")),
    )
