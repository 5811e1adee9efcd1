"""Invented anime in the shape of Jikan v4, for machines without real data."""

from typing import Any


def _anime(mal_id: int, title: str, native: str, english: str, **more: Any) -> dict[str, Any]:
    picture = f"https://cdn.example.org/images/anime/{mal_id}.jpg"
    return {
        "mal_id": mal_id,
        "url": f"https://myanimelist.net/anime/{mal_id}",
        "images": {"jpg": {"image_url": picture, "large_image_url": picture}, "webp": {}},
        "titles": [
            {"type": "Default", "title": title},
            {"type": "Japanese", "title": native},
            {"type": "English", "title": english},
        ],
        "title": title,
        "title_english": english,
        "title_japanese": native,
        "title_synonyms": [f"{english} ({mal_id})"],
        "type": "TV",
        "source": "Manga",
        "episodes": 12,
        "status": "Finished Airing",
        "aired": {"from": "2019-04-06T00:00:00+00:00", "to": "2019-06-22T00:00:00+00:00"},
        "duration": "24 min per ep",
        "rating": "PG-13 - Teens 13 or older",
        "score": 7.51,
        "scored_by": 4200,
        "members": 9000,
        "favorites": 30,
        "synopsis": f"What happens to those who look after the garden of {english}.",
        "season": "spring",
        "year": 2019,
        "broadcast": {"day": "Saturdays", "time": "23:30", "timezone": "Asia/Tokyo"},
        "studios": [{"mal_id": 1, "type": "anime", "name": "Studio Yoake"}],
        "producers": [],
        "licensors": [],
        "genres": [{"mal_id": 36, "type": "anime", "name": "Slice of Life"}],
        "explicit_genres": [],
        "themes": [],
        "demographics": [],
        "relations": [],
        "external": [
            {"name": "anilist", "url": str(mal_id + 100_000)},
            {"name": "kitsu", "url": str(mal_id + 40_000)},
        ],
        "streaming": [],
        **more,
    }


RECORDS: dict[int, dict[str, Any]] = {
    record["mal_id"]: record
    for record in (
        _anime(101, "Hoshi no Niwa", "星の庭", "Garden of Stars"),
        _anime(102, "Hoshi no Niwa 2nd Season", "星の庭 第2期", "Garden of Stars Season 2", year=2020),
        _anime(103, "Umi to Kaze no Uta", "海と風の歌", "Song of Sea and Wind", type="Movie", episodes=1),
        _anime(104, "Kaze no Todoku Machi", "風の届く街", "The Town the Wind Reaches", episodes=250),
    )
}
"""101 and 102 have a list of 12 episodes each, 104 one of three pages, 103 none."""


def _episodes(count: int) -> list[dict[str, Any]]:
    return [
        {
            "mal_id": number,
            "url": None,
            "title": f"Night {number}",
            "title_japanese": f"第{number}夜",
            "title_romanji": f"Dai {number} Ya ",
            "aired": "2019-04-06T00:00:00+00:00",
            "filler": number == 5,
            "recap": number == 8,
        }
        for number in range(1, count + 1)
    ]


EPISODES: dict[int, list[dict[str, Any]]] = {101: _episodes(12), 102: _episodes(12), 104: _episodes(250)}
