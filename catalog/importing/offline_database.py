"""manami-project's anime-offline-database to records: ids out of addresses, many synonyms, no texts."""

from typing import Any

from catalog.importing.cleaning import count_of, dict_of, percent_of, strings_of, text_of, url_of
from catalog.importing.external_sites import id_of_address, ids_ordered
from catalog.importing.languages import language_of
from catalog.importing.naming import slug_of
from catalog.importing.records import AnimeRecord, BadRecord, LabelDraft, RelationDraft, StudioDraft, TitleDraft
from catalog.models import AnimeKind, AnimeStatus, RelationKind, SeasonName, Site, StudioRole, TagCategory, TitleKind

KINDS = {
    "tv": AnimeKind.TV,
    "movie": AnimeKind.MOVIE,
    "ova": AnimeKind.OVA,
    "ona": AnimeKind.ONA,
    "special": AnimeKind.SPECIAL,
}
STATUSES = {
    "finished": AnimeStatus.FINISHED,
    "ongoing": AnimeStatus.AIRING,
    "upcoming": AnimeStatus.UPCOMING,
}
GENRES = {
    name.lower(): name
    for name in (
        "Action",
        "Adventure",
        "Avant Garde",
        "Award Winning",
        "Boys Love",
        "Comedy",
        "Drama",
        "Ecchi",
        "Erotica",
        "Fantasy",
        "Girls Love",
        "Gourmet",
        "Hentai",
        "Horror",
        "Mystery",
        "Romance",
        "Sci-Fi",
        "Slice of Life",
        "Sports",
        "Supernatural",
        "Suspense",
    )
}
"""Which of its lower-case tags are genres; all others are tags."""
ADULT = frozenset({"hentai", "erotica"})
_PLACEHOLDER = "no_pic"
_SECONDS = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600}


def _labels(record: dict[str, Any]) -> tuple[list[LabelDraft], list[LabelDraft]]:
    genres, tags = [], []
    for name in dict.fromkeys(text_of(tag, 80).lower() for tag in strings_of(record.get("tags"))):
        if name in GENRES:
            genres.append(LabelDraft(GENRES[name], is_adult=name in ADULT))
        elif name:
            tags.append(LabelDraft(name[:1].upper() + name[1:], category=TagCategory.OTHER))
    return genres, tags


def _studios(record: dict[str, Any]) -> list[StudioDraft]:
    found: dict[tuple[str, str], StudioDraft] = {}
    for key, role in (("studios", StudioRole.STUDIO), ("producers", StudioRole.PRODUCER)):
        for name in strings_of(record.get(key)):
            if name := text_of(name, 160):
                found.setdefault((name.casefold(), role), StudioDraft(name, role.value))
    return list(found.values())


def _relations(record: dict[str, Any], own: str | None) -> list[RelationDraft]:
    """Only those to anime on MAL; the file does not say how they are related."""
    pairs = [id_of_address(address) for address in strings_of(record.get("relatedAnime"))]
    targets = dict.fromkeys(pair[1] for pair in pairs if pair and pair[0] == Site.MAL and pair[1] != own)
    return [RelationDraft(RelationKind.OTHER.value, number) for value in targets if (number := count_of(value))]


def _titles(record: dict[str, Any], title: str) -> list[TitleDraft]:
    texts = dict.fromkeys(text_of(synonym) for synonym in strings_of(record.get("synonyms")))
    return [
        TitleDraft(title, language_of(title, latin="ja-Latn"), TitleKind.MAIN),
        *(TitleDraft(text, language_of(text), TitleKind.SYNONYM) for text in texts if text and text != title),
    ]


def _duration(record: dict[str, Any]) -> int | None:
    duration = dict_of(record.get("duration"))
    value = count_of(duration.get("value"), 1_000_000)
    return (value * _SECONDS.get(text_of(duration.get("unit"), 10), 0) or None) if value else None


def anime_map(record: Any) -> AnimeRecord:
    """The record of one entry; raises `BadRecord` when it has no title or no address of a known site."""
    if not isinstance(record, dict):
        raise BadRecord("not an object")
    title = text_of(record.get("title"))
    if not title:
        raise BadRecord("no title")
    ids = ids_ordered(pair for address in strings_of(record.get("sources")) if (pair := id_of_address(address)))
    if not ids:
        raise BadRecord(f"{title[:60]}: no address of a known site")
    genres, tags = _labels(record)
    aired = dict_of(record.get("animeSeason"))
    season = text_of(aired.get("season"), 10).lower()
    native = next((text for text in map(text_of, strings_of(record.get("synonyms"))) if language_of(text) == "ja"), "")
    poster = url_of(record.get("picture"))
    own = next((value for site, value in ids if site == Site.MAL), None)
    return AnimeRecord(
        ids=ids,
        fields={
            "title": title,
            "title_native": native,
            "slug": slug_of(title, fallback=ids[0][1]),
            "kind": str(KINDS.get(text_of(record.get("type"), 10).lower(), "")),
            "status": str(STATUSES.get(text_of(record.get("status"), 10).lower(), "")),
            "season": season if season in SeasonName.values else "",
            "year": count_of(aired.get("year"), 2200) or None,
            "episode_count": count_of(record.get("episodes")) or None,
            "duration_seconds": _duration(record),
            "is_adult": any(genre.is_adult for genre in genres),
            "score": percent_of(dict_of(record.get("score")).get("arithmeticGeometricMean")),
            "poster_url": "" if _PLACEHOLDER in poster else poster,
        },
        titles=_titles(record, title),
        genres=genres,
        tags=tags,
        studios=_studios(record),
        relations=_relations(record, own),
    )
