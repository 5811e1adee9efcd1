"""What Jellyfin's webhook plugin sends with "Send all properties": one flat JSON object, at times as text/plain.

`PlaybackStop` says `PlayedToCompletion`; ticking an item off sends `UserDataSaved` with `SaveReason` "TogglePlayed" and `Played`.
`Provider_*` are ids of the item itself: of an episode the episode's, of a film the film's.
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

_PROVIDER = "provider_"
_SERIES_PROVIDER = "seriesprovider_"
TICKED = frozenset({"TogglePlayed", "PlaybackFinished"})


def play_read(payload: dict[str, Any]) -> Play | None:
    """The play, or None when the message is about none."""
    event = text_of(payload.get("NotificationType"))
    kind = payload.get("ItemType")
    if kind not in ("Episode", "Movie"):
        return None
    is_film = kind == "Movie"
    title, year = title_split(text_of(payload.get("Name" if is_film else "SeriesName")))
    own = _ids(payload, _PROVIDER)
    show = _ids(payload, _SERIES_PROVIDER)
    anime = own if is_film else tuple(pair for pair in own if pair[0] in NEVER_OF_EPISODES)
    return Play(
        event=event,
        account=text_of(payload.get("NotificationUsername")) or text_of(payload.get("Username")),
        is_film=is_film,
        title=title,
        season=number_of(payload.get("SeasonNumber")),
        number=number_of(payload.get("EpisodeNumber")),
        year=year or (number_of(payload.get("Year")) if is_film else None),
        show_ids=(*show, *anime),
        episode_ids=() if is_film else tuple(pair for pair in own if pair not in anime),
        is_over=_is_over(event, payload),
        share=share_of(payload.get("PlaybackPositionTicks"), payload.get("RunTimeTicks"))
        if event == "PlaybackStop"
        else None,
        length=seconds_of(payload.get("RunTimeTicks")),
        name="" if is_film else text_of(payload.get("Name")),
        show=own_id_of(payload.get("ServerId"), payload.get("ItemId" if is_film else "SeriesId")),
    )


def _is_over(event: str, payload: dict[str, Any]) -> bool:
    if event == "PlaybackStop":
        return truth_of(payload.get("PlayedToCompletion"))
    return event == "UserDataSaved" and payload.get("SaveReason") in TICKED and truth_of(payload.get("Played"))


def _ids(payload: dict[str, Any], prefix: str) -> tuple[tuple[str, str], ...]:
    return ids_of({k[len(prefix) :]: v for k, v in payload.items() if k.lower().startswith(prefix)})
