"""Kitsu's JSON:API resource to a record."""

from collections.abc import Mapping
from typing import Any

from catalog.facade import (
    AgeRating,
    AnimeKind,
    AnimeRecord,
    AnimeStatus,
    BadRecord,
    ScoreDraft,
    Site,
    cleaning,
    country_of,
    id_is_formed,
    ids_ordered,
    season_of,
    slug_of,
)
from providers.metadata.mapping.titles import titles_made
from providers.metadata.mapping.values import plain_of, score_of, seconds_of

KINDS = {
    "tv": AnimeKind.TV,
    "movie": AnimeKind.MOVIE,
    "ova": AnimeKind.OVA,
    "ona": AnimeKind.ONA,
    "special": AnimeKind.SPECIAL,
    "music": AnimeKind.MUSIC,
}
STATUSES = {
    "finished": AnimeStatus.FINISHED,
    "current": AnimeStatus.AIRING,
    "upcoming": AnimeStatus.UPCOMING,
    "unreleased": AnimeStatus.UPCOMING,
    "tba": AnimeStatus.UPCOMING,
}
RATINGS = {"g": AgeRating.G, "pg": AgeRating.PG, "r": AgeRating.R17, "r18": AgeRating.RX}
SITES = {
    "myanimelist/anime": Site.MAL,
    "anilist/anime": Site.ANILIST,
    "anidb": Site.ANIDB,
    "thetvdb/series": Site.TVDB,
    "animenewsnetwork": Site.ANIMENEWSNETWORK,
}
LANGUAGES = {"de": "de", "es": "es", "fr": "fr", "it": "it", "pt": "pt", "ru": "ru", "ko": "ko", "th": "th"}


def kitsu_id(payload: Mapping[str, Any]) -> str:
    """Kitsu's id of an answer; raises `BadRecord` when it holds no anime."""
    resource = cleaning.dict_of(payload.get("data"))
    own = cleaning.count_of(resource.get("id"))
    if resource.get("type") != "anime" or not own:
        raise BadRecord("no anime")
    return str(own)


def kitsu_record(payload: dict[str, Any]) -> AnimeRecord:
    """The record of {"data": anime, "included": mappings}; raises `BadRecord` when it has no id or no title."""
    own = kitsu_id(payload)
    about = cleaning.dict_of(cleaning.dict_of(payload["data"]).get("attributes"))
    names = cleaning.dict_of(about.get("titles"))
    english = cleaning.text_of(names.get("en")) or cleaning.text_of(names.get("en_us"))
    native = next((text for key in ("ja_jp", "ko_kr", "zh_cn") if (text := cleaning.text_of(names.get(key)))), "")
    main = cleaning.text_of(names.get("en_jp")) or cleaning.text_of(about.get("canonicalTitle")) or english or native
    if not main:
        raise BadRecord(f"Kitsu {own} has no title")
    others = [
        (cleaning.text_of(text), LANGUAGES[key.partition("_")[0]])
        for key, text in names.items()
        if isinstance(key, str) and key.partition("_")[0] in LANGUAGES and key not in ("ko_kr",)
    ]
    score = score_of(about.get("averageRating"), of=100)
    return AnimeRecord(
        ids=ids_ordered([(Site.KITSU.value, own), *_ids(payload)]),
        fields=_fields(about, main, english, native, own),
        titles=titles_made(
            main,
            native=native,
            english=english,
            others=others,
            synonyms=cleaning.strings_of(about.get("abbreviatedTitles")),
        ),
        scores=[ScoreDraft(Site.KITSU.value, score, _votes(about))] if score is not None else [],
    )


def _ids(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """The ids elsewhere that came along; only the first of each site, as a second one is somebody's mistake."""
    found: dict[str, str] = {}
    for item in cleaning.items_of(payload.get("included")):
        about = cleaning.dict_of(item.get("attributes")) if item.get("type") == "mappings" else {}
        site = SITES.get(cleaning.text_of(about.get("externalSite"), 40))
        value = cleaning.text_of(about.get("externalId"), 64)
        if site and id_is_formed(site.value, value):
            found.setdefault(site.value, value)
    if mal_id := found.get(Site.MAL.value):
        found[Site.SHIKIMORI.value] = mal_id
    return list(found.items())


def _fields(about: dict[str, Any], main: str, english: str, native: str, own: str) -> dict[str, Any]:
    start = cleaning.date_of(about.get("startDate"))
    rating = RATINGS.get(cleaning.text_of(about.get("ageRating"), 5).lower(), "")
    poster = cleaning.dict_of(about.get("posterImage"))
    video = cleaning.text_of(about.get("youtubeVideoId"), 20)
    return {
        "title": main,
        "title_english": english,
        "title_native": native,
        "slug": slug_of(main, english, fallback=own),
        "synopsis": plain_of(about.get("synopsis") or about.get("description")),
        "kind": _choice(KINDS, about.get("subtype")),
        "status": _choice(STATUSES, about.get("status")),
        "country": country_of(native or main),
        "episode_count": cleaning.count_of(about.get("episodeCount")) or None,
        "duration_seconds": seconds_of(about.get("episodeLength")),
        "age_rating": str(rating),
        "is_adult": rating == AgeRating.RX or about.get("nsfw") is True,
        "poster_url": cleaning.url_of(poster.get("original")) or cleaning.url_of(poster.get("large")),
        "trailer_url": cleaning.url_of(f"https://www.youtube.com/watch?v={video}") if video else "",
        "start_date": start,
        "end_date": cleaning.date_of(about.get("endDate")),
        "season": season_of(start) if start else "",
        "year": start.year if start else None,
    }


def _choice(table: Mapping[str, Any], value: Any) -> str:
    return str(table.get(cleaning.text_of(value, 20).lower(), ""))


def _votes(about: dict[str, Any]) -> int | None:
    counts = cleaning.dict_of(about.get("ratingFrequencies")).values()
    return sum(cleaning.count_of(count) or 0 for count in counts) or None
