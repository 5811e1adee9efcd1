"""One record in the shapes of AniList, Kitsu and Shikimori: what those services would say of the same anime."""

from typing import Any

_ANILIST_FORMATS = {"TV": "TV", "Movie": "MOVIE", "OVA": "OVA", "ONA": "ONA", "Special": "SPECIAL", "Music": "MUSIC"}
_ANILIST_STATUSES = {
    "Finished Airing": "FINISHED",
    "Currently Airing": "RELEASING",
    "Not yet aired": "NOT_YET_RELEASED",
}
_KITSU_STATUSES = {"Finished Airing": "finished", "Currently Airing": "current", "Not yet aired": "upcoming"}
_SHIKIMORI_STATUSES = {"Finished Airing": "released", "Currently Airing": "ongoing", "Not yet aired": "anons"}
AIRING_AT = 1_800_000_000


def anilist_media(record: dict[str, Any], own_id: int) -> dict[str, Any]:
    """A `Media`; its score is two points above MAL's."""
    score = record.get("score")
    return {
        "id": own_id,
        "idMal": record["mal_id"],
        "title": {
            "romaji": record.get("title"),
            "english": record.get("title_english"),
            "native": record.get("title_japanese"),
        },
        "synonyms": record.get("title_synonyms") or [],
        "description": "<i>" + (record.get("synopsis") or "").replace("\n", "<br>\n").replace("&", "&amp;") + "</i>",
        "format": _ANILIST_FORMATS.get(record.get("type") or ""),
        "status": _ANILIST_STATUSES.get(record.get("status") or ""),
        "source": (record.get("source") or "OTHER").upper().replace(" ", "_"),
        "countryOfOrigin": "JP",
        "episodes": record.get("episodes"),
        "duration": 24,
        "season": (record.get("season") or "").upper() or None,
        "seasonYear": record.get("year"),
        "isAdult": False,
        "averageScore": round(score * 10) + 2 if score else None,
        "stats": {"scoreDistribution": [{"score": 70, "amount": 150}, {"score": 80, "amount": 350}]},
        "startDate": _parts(_aired(record, "from")),
        "endDate": _parts(_aired(record, "to")),
        "nextAiringEpisode": {"airingAt": AIRING_AT, "episode": 5},
        "coverImage": {"extraLarge": _picture(record), "large": _picture(record)},
        "trailer": {"id": "abc_DEF-123", "site": "youtube"},
        "genres": [item["name"] for item in record.get("genres") or ()],
        "tags": [
            {"name": "Gardening", "category": "Theme-Other", "rank": 80},
            {"name": "Rural", "category": "Setting-Scene", "rank": 90},
            {"name": "Ghost", "category": "Cast-Traits", "rank": 95, "isMediaSpoiler": True},
            {"name": "Chess", "category": "Theme-Game", "rank": 20},
        ],
        "studios": {
            "edges": [
                {"isMain": True, "node": {"name": item["name"], "isAnimationStudio": True}}
                for item in record.get("studios") or ()
            ]
        },
        "externalLinks": [
            {"site": "Example Stream", "url": f"https://stream.example.org/{record['mal_id']}", "type": "STREAMING"},
            {"site": "Official Site", "url": "https://official.example.org/", "type": "INFO"},
        ],
    }


def kitsu_anime(record: dict[str, Any], own_id: int) -> dict[str, Any]:
    """A resource with its mappings; its score is one and a half points above MAL's."""
    score = record.get("score")
    return {
        "data": {
            "id": str(own_id),
            "type": "anime",
            "attributes": {
                "canonicalTitle": record.get("title"),
                "titles": {
                    "en": record.get("title_english"),
                    "en_jp": record.get("title"),
                    "ja_jp": record.get("title_japanese"),
                },
                "abbreviatedTitles": record.get("title_synonyms") or [],
                "synopsis": record.get("synopsis"),
                "averageRating": f"{score * 10 + 1.5:.2f}" if score else None,
                "ratingFrequencies": {"2": "10", "14": "600", "20": "390"},
                "startDate": _aired(record, "from"),
                "endDate": _aired(record, "to"),
                "ageRating": "PG",
                "subtype": record.get("type"),
                "status": _KITSU_STATUSES.get(record.get("status") or ""),
                "posterImage": {"original": _picture(record)},
                "episodeCount": record.get("episodes"),
                "episodeLength": 24,
                "youtubeVideoId": "abc_DEF-123",
                "nsfw": False,
            },
        },
        "included": [
            {
                "id": "1",
                "type": "mappings",
                "attributes": {"externalSite": "myanimelist/anime", "externalId": str(record["mal_id"])},
            }
        ],
    }


def shikimori_anime(record: dict[str, Any]) -> dict[str, Any]:
    """An anime of its REST API; its score is two tenths above MAL's."""
    score = record.get("score")
    return {
        "id": record["mal_id"],
        "name": record.get("title"),
        "russian": "Сад звёзд" if record["mal_id"] == 101 else "",
        "image": {"original": f"/system/animes/original/{record['mal_id']}.jpg"},
        "kind": (record.get("type") or "").lower().replace(" ", "_"),
        "score": f"{score + 0.2:.2f}" if score else "0.0",
        "status": _SHIKIMORI_STATUSES.get(record.get("status") or ""),
        "episodes": record.get("episodes") or 0,
        "aired_on": _aired(record, "from"),
        "released_on": _aired(record, "to"),
        "rating": "pg_13",
        "english": [record.get("title_english")],
        "japanese": [record.get("title_japanese")],
        "synonyms": record.get("title_synonyms") or [],
        "duration": 24,
        "description": "[character=1]Хоси[/character] смотрит на звёзды.",
        "rates_scores_stats": [{"name": 10, "value": 20}, {"name": 8, "value": 55}],
        "studios": [{"id": 1, "name": item["name"]} for item in record.get("studios") or ()],
    }


def _aired(record: dict[str, Any], end: str) -> str | None:
    return ((record.get("aired") or {}).get(end) or "")[:10] or None


def _parts(day: str | None) -> dict[str, int | None]:
    given = [int(part) for part in (day or "").split("-") if part]
    return dict(zip(("year", "month", "day"), [*given, None, None, None][:3], strict=True))


def _picture(record: dict[str, Any]) -> str | None:
    return ((record.get("images") or {}).get("jpg") or {}).get("large_image_url")
