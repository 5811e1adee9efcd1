"""Kitsu's JSON:API resource to a record."""

from collections.abc import Mapping
from typing import Any

from catalog.facade import (
    AgeRating,
    AnimeRecord,
    AnimeStatus,
    BadRecord,
    Site,
    cleaning,
    country_of,
    id_is_formed,
    ids_ordered,
)
from providers.metadata.mapping import values
from providers.metadata.mapping.titles import Names, names_made, titles_made

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
LANGUAGES = frozenset({"de", "es", "fr", "it", "pt", "ru", "ko", "th"})
NATIVE = ("ja_jp", "ko_kr", "zh_cn")


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
    told = cleaning.dict_of(about.get("titles"))
    names = names_made(
        f"Kitsu {own}",
        romaji=cleaning.text_of(told.get("en_jp")) or cleaning.text_of(about.get("canonicalTitle")),
        english=cleaning.text_of(told.get("en")) or cleaning.text_of(told.get("en_us")),
        native=next((text for key in NATIVE if (text := cleaning.text_of(told.get(key)))), ""),
    )
    others = [
        (text, language)
        for key, value in told.items()
        if (language := key.partition("_")[0]) in LANGUAGES and (text := cleaning.text_of(value)) != names.native
    ]
    return AnimeRecord(
        ids=ids_ordered([(Site.KITSU.value, own), *_ids(payload)]),
        fields=_fields(about, names, own),
        titles=titles_made(names, others=others, synonyms=cleaning.strings_of(about.get("abbreviatedTitles"))),
        scores=values.scores_of(
            Site.KITSU.value,
            about.get("averageRating"),
            of=100,
            votes=cleaning.dict_of(about.get("ratingFrequencies")).values(),
        ),
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


def _fields(about: dict[str, Any], names: Names, own: str) -> dict[str, Any]:
    rating = values.choice_of(RATINGS, about.get("ageRating"))
    poster = cleaning.dict_of(about.get("posterImage"))
    return {
        **names.fields(own),
        "synopsis": values.plain_of(about.get("synopsis") or about.get("description")),
        "kind": values.kind_of(about.get("subtype")),
        "status": values.choice_of(STATUSES, about.get("status")),
        "country": country_of(names.native or names.main),
        "episode_count": cleaning.count_of(about.get("episodeCount")) or None,
        "duration_seconds": values.seconds_of(about.get("episodeLength")),
        "age_rating": rating,
        "is_adult": rating == AgeRating.RX or about.get("nsfw") is True,
        "poster_url": cleaning.url_of(poster.get("original")) or cleaning.url_of(poster.get("large")),
        "trailer_url": values.trailer_of(values.YOUTUBE, about.get("youtubeVideoId")),
        **values.aired_of(about.get("startDate"), about.get("endDate")),
    }
