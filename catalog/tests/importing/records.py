"""Hand-made records with the oddities that real files have."""

import gzip
import json
from pathlib import Path
from typing import Any


def jikan_record(mal_id: int = 1, title: str = "Hoshi no Niwa", **changes: Any) -> dict[str, Any]:
    """A complete Jikan record of an invented series; keyword arguments replace its keys."""
    return {
        "mal_id": mal_id,
        "url": f"https://myanimelist.net/anime/{mal_id}",
        "images": {
            "jpg": {"image_url": "https://images.example.org/1.jpg"},
            "webp": {
                "image_url": "https://images.example.org/1.webp",
                "large_image_url": "https://images.example.org/1l.webp",
            },
        },
        "trailer": {"youtube_id": None, "url": None, "embed_url": None},
        "approved": True,
        "titles": [
            {"type": "Default", "title": title},
            {"type": "Synonym", "title": "Сад звёзд"},
            {"type": "Synonym", "title": "별의 정원"},
            {"type": "Japanese", "title": "星の庭"},
            {"type": "English", "title": "Garden of Stars"},
            {"type": "German", "title": "Sternengarten"},
        ],
        "title": title,
        "title_english": "Garden of Stars",
        "title_japanese": "星の庭",
        "title_synonyms": ["Сад звёзд", "별의 정원"],
        "type": "TV",
        "source": "Light novel",
        "episodes": 12,
        "status": "Finished Airing",
        "airing": False,
        "aired": {
            "from": "2019-04-06T00:00:00+00:00",
            "to": "2019-06-22",
            "prop": {"from": {"day": 6, "month": 4, "year": 2019}, "to": {"day": 22, "month": 6, "year": 2019}},
            "string": None,
        },
        "duration": "24 min per ep",
        "rating": "PG-13 - Teens 13 or older",
        "score": 7.64,
        "scored_by": 12000,
        "rank": 900,
        "popularity": 1200,
        "members": 45000,
        "favorites": 321,
        "synopsis": "A gardener tends the night sky.\n\nThen it rains.",
        "background": None,
        "season": "spring",
        "year": 2019,
        "broadcast": {"day": "Saturdays", "time": "23:30", "timezone": "Asia/Tokyo", "string": "Saturdays at 23:30"},
        "producers": [{"mal_id": 11, "type": "anime", "name": "Kumo Pictures"}],
        "licensors": [],
        "studios": [{"mal_id": 12, "type": "anime", "name": "Studio Nagare"}],
        "genres": [{"mal_id": 8, "type": "anime", "name": "Drama"}],
        "explicit_genres": [],
        "themes": [{"mal_id": 29, "type": "anime", "name": "Space"}],
        "demographics": [{"mal_id": 42, "type": "anime", "name": "Seinen"}],
        "relations": [],
        "theme": {"openings": [], "endings": []},
        "external": [{"name": "anilist", "url": "501"}, {"name": "shikimori", "url": str(mal_id)}],
        "streaming": [],
        **changes,
    }


def related(kind: str, *mal_ids: int, of: str = "anime") -> dict[str, Any]:
    """One entry of `relations`."""
    return {"relation": kind, "entry": [{"mal_id": key, "type": of, "name": f"MAL {key}"} for key in mal_ids]}


def episode_record(mal_id: int = 1, key: str = "1", **changes: Any) -> dict[str, Any]:
    """A complete line of an episode file."""
    return {
        "mal_id": mal_id,
        "key": key,
        "episode": key,
        "length": "24m",
        "airDate": "2019-04-06",
        "title": {"en": "Seeds"},
        "tvdbShowId": 7,
        "tvdbId": 7001,
        "seasonNumber": 1,
        "episodeNumber": 1,
        "absoluteEpisodeNumber": 1,
        "runtime": 24,
        "image": "https://images.example.org/e1.jpg",
        **changes,
    }


def lines_write(path: Path, *records: Any) -> Path:
    """JSON lines, gzipped when the name says so; a text stands as it is."""
    text = "".join(
        (record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)) + "\n" for record in records
    )
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
