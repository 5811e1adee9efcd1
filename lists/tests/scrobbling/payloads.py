"""Messages in the shapes in which Plex, Jellyfin and Emby send them."""

from typing import Any

TICKS = 10_000_000
EPISODE_SECONDS = 1_420


def plex(event: str = "media.scrobble", *, account: str = "mika", **item: Any) -> dict[str, Any]:
    """An episode as Plex Media Server describes it, new TV agent; `item` changes its metadata."""
    metadata = {
        "librarySectionType": "show",
        "ratingKey": "7123",
        "key": "/library/metadata/7123",
        "parentRatingKey": "7101",
        "grandparentRatingKey": "7100",
        "guid": "plex://episode/5d9c1275e98e47001eb9e4d8",
        "parentGuid": "plex://season/602e6920",
        "grandparentGuid": "plex://show/5d9c083e",
        "librarySectionTitle": "Anime",
        "librarySectionID": 3,
        "type": "episode",
        "title": "The Lamp Post",
        "grandparentTitle": "Hoshi no Niwa",
        "parentTitle": "Season 1",
        "contentRating": "TV-14",
        "index": 3,
        "parentIndex": 1,
        "viewOffset": 1_290_000,
        "duration": EPISODE_SECONDS * 1000,
        "originallyAvailableAt": "2021-04-21",
        "addedAt": 1_700_000_000,
        "Guid": [{"id": "imdb://tt9000003"}, {"id": "tmdb://2817003"}, {"id": "tvdb://8300003"}],
    }
    return {
        "event": event,
        "user": True,
        "owner": True,
        "Account": {"id": 1, "thumb": "https://plex.tv/users/1f/avatar", "title": account},
        "Server": {"title": "attic", "uuid": "54664a3d8acc39983675640ec9ce00b7"},
        "Player": {"local": True, "publicAddress": "203.0.113.9", "title": "Telly", "uuid": "r6yfkdnfggbh2"},
        "Metadata": {**metadata, **item},
    }


def plex_film(**item: Any) -> dict[str, Any]:
    """A film as Plex describes it: no parents, the film's own ids."""
    film = plex()
    film["Metadata"] = {
        "librarySectionType": "movie",
        "ratingKey": "99",
        "guid": "plex://movie/5d7768",
        "type": "movie",
        "title": "Umi no Eiga",
        "year": 2019,
        "duration": 6_000_000,
        "Guid": [{"id": "imdb://tt7000001"}, {"id": "tmdb://600001"}],
        **item,
    }
    return film


def jellyfin(kind: str = "PlaybackStop", **fields: Any) -> dict[str, Any]:
    """An episode as Jellyfin's webhook plugin tells it with "Send all properties"."""
    return {
        "ServerId": "ea35e0b8",
        "ServerName": "cellar",
        "ServerVersion": "10.10.3",
        "ServerUrl": "http://192.0.2.5:8096",
        "NotificationType": kind,
        "Timestamp": "2026-03-01T21:03:11.1212+01:00",
        "UtcTimestamp": "2026-03-01T20:03:11.1212Z",
        "Name": "The Lamp Post",
        "Overview": "",
        "ItemId": "b1f0cbb1",
        "ItemType": "Episode",
        "RunTimeTicks": EPISODE_SECONDS * TICKS,
        "RunTime": "00:23:40",
        "Year": 2021,
        "SeriesName": "Hoshi no Niwa",
        "SeasonId": "c2",
        "SeriesId": "c1",
        "SeasonNumber": 1,
        "SeasonNumber00": "01",
        "EpisodeNumber": 3,
        "EpisodeNumber00": "03",
        "Provider_tvdb": "8300003",
        "Provider_anidb": "238801",
        "PlaybackPositionTicks": (EPISODE_SECONDS - 5) * TICKS,
        "PlaybackPosition": "00:23:35",
        "IsPaused": False,
        "PlayedToCompletion": True,
        "DeviceName": "Telly",
        "ClientName": "Jellyfin Android TV",
        "NotificationUsername": "mika",
        "UserId": "d4",
        **fields,
    }


def emby(event: str = "playback.stop", *, info: dict[str, Any] | None = None, **item: Any) -> dict[str, Any]:
    """An episode as Emby tells it."""
    played = {"PlayedToCompletion": True, "PositionTicks": (EPISODE_SECONDS - 5) * TICKS, "PlaylistIndex": 0}
    message = {
        "Title": "mika has finished playing Hoshi no Niwa - S1, Ep3 - The Lamp Post on Telly",
        "Date": "2026-03-01T20:03:11.1212Z",
        "Event": event,
        "Severity": "Info",
        "User": {"Name": "mika", "Id": "aac3"},
        "Item": {
            "Name": "The Lamp Post",
            "ServerId": "1559",
            "Id": "4916",
            "RunTimeTicks": EPISODE_SECONDS * TICKS,
            "ProductionYear": 2021,
            "IndexNumber": 3,
            "ParentIndexNumber": 1,
            "ProviderIds": {"Tvdb": "8300003", "Imdb": "tt9000003"},
            "IsFolder": False,
            "Type": "Episode",
            "SeriesName": "Hoshi no Niwa",
            "SeriesId": "4900",
            "SeasonId": "4901",
            "SeasonName": "Season 1",
            "MediaType": "Video",
            **item,
        },
        "Server": {"Name": "shed", "Id": "1559", "Version": "4.8.10.0"},
        "Session": {"RemoteEndPoint": "192.0.2.7", "Client": "Emby Web", "DeviceName": "Telly"},
    }
    if event.startswith("playback."):
        message["PlaybackInfo"] = played if info is None else info
    return message
