"""AniList's `Media` to a record."""

from collections.abc import Mapping
from typing import Any

from catalog.facade import (
    AnimeRecord,
    AnimeSource,
    AnimeStatus,
    BadRecord,
    LabelDraft,
    LinkDraft,
    Site,
    StudioDraft,
    StudioRole,
    TagCategory,
    cleaning,
    country_of,
    ids_ordered,
)
from providers.metadata.mapping import values
from providers.metadata.mapping.titles import Names, names_made, titles_made

STATUSES = {
    "finished": AnimeStatus.FINISHED,
    "releasing": AnimeStatus.AIRING,
    "not_yet_released": AnimeStatus.UPCOMING,
    "cancelled": AnimeStatus.CANCELLED,
    "hiatus": AnimeStatus.HIATUS,
}
SOURCES = {
    "original": AnimeSource.ORIGINAL,
    "manga": AnimeSource.MANGA,
    "light_novel": AnimeSource.LIGHT_NOVEL,
    "web_novel": AnimeSource.WEB_NOVEL,
    "novel": AnimeSource.NOVEL,
    "visual_novel": AnimeSource.VISUAL_NOVEL,
    "video_game": AnimeSource.GAME,
    "game": AnimeSource.GAME,
    "picture_book": AnimeSource.PICTURE_BOOK,
    "multimedia_project": AnimeSource.MIXED_MEDIA,
    "other": AnimeSource.OTHER,
}
TRAILERS = {"youtube": values.YOUTUBE, "dailymotion": "https://www.dailymotion.com/video/"}
LEAST_TAG_RANK = 60
"""Below this AniList's people do not agree that a tag fits."""
_SEASONS = ("winter", "spring", "summer", "fall")


def anilist_id(media: Mapping[str, Any]) -> str:
    """AniList's own id of a `Media`; raises `BadRecord`."""
    if not (own := cleaning.count_of(media.get("id"))):
        raise BadRecord("no id")
    return str(own)


def anilist_record(media: dict[str, Any]) -> AnimeRecord:
    """The record of a `Media`; raises `BadRecord` when it has no id or no title. Tags that give the story away are left out."""
    own = anilist_id(media)
    title = cleaning.dict_of(media.get("title"))
    romaji, english, native = (cleaning.text_of(title.get(name)) for name in ("romaji", "english", "native"))
    names = names_made(f"AniList {own}", romaji=romaji, english=english, native=native)
    ids = [(Site.ANILIST.value, own)]
    if mal_id := cleaning.count_of(media.get("idMal")):
        ids += [(Site.MAL.value, str(mal_id)), (Site.SHIKIMORI.value, str(mal_id))]
    votes = cleaning.items_of(cleaning.dict_of(media.get("stats")).get("scoreDistribution"))
    return AnimeRecord(
        ids=ids_ordered(ids),
        fields=_fields(media, names, own),
        titles=titles_made(names, synonyms=cleaning.strings_of(media.get("synonyms"))),
        genres=_genres(media),
        tags=_tags(media),
        studios=_studios(media),
        scores=values.scores_of(
            Site.ANILIST.value, media.get("averageScore"), of=100, votes=(item.get("amount") for item in votes)
        ),
        links=_links(media),
    )


def _fields(media: dict[str, Any], names: Names, own: str) -> dict[str, Any]:
    start = values.day_of(media.get("startDate"))
    season = cleaning.text_of(media.get("season"), 10).lower()
    began = cleaning.count_of(cleaning.dict_of(media.get("startDate")).get("year"), 2200)
    trailer = cleaning.dict_of(media.get("trailer"))
    country = cleaning.text_of(media.get("countryOfOrigin"), 2).upper()
    return {
        **names.fields(own),
        "synopsis": values.plain_of(media.get("description")),
        "kind": values.kind_of(media.get("format")),
        "status": values.choice_of(STATUSES, media.get("status")),
        "source": values.choice_of(SOURCES, media.get("source")),
        "country": country
        if len(country) == 2 and country.isascii() and country.isalpha()
        else country_of(names.native),
        "episode_count": cleaning.count_of(media.get("episodes")) or None,
        "duration_seconds": values.seconds_of(media.get("duration")),
        "is_adult": media.get("isAdult") is True,
        "poster_url": _poster(media),
        "trailer_url": values.trailer_of(TRAILERS.get(cleaning.text_of(trailer.get("site"), 20)), trailer.get("id")),
        "start_date": start,
        "end_date": values.day_of(media.get("endDate")),
        "season": season if season in _SEASONS else "",
        "year": cleaning.count_of(media.get("seasonYear"), 2200) or began or None,
    }


def _poster(media: dict[str, Any]) -> str:
    image = cleaning.dict_of(media.get("coverImage"))
    return next((url for size in ("extraLarge", "large") if (url := cleaning.url_of(image.get(size)))), "")


def _genres(media: dict[str, Any]) -> list[LabelDraft]:
    names = [cleaning.text_of(name, 80) for name in cleaning.strings_of(media.get("genres"))]
    return [LabelDraft(name, is_adult=name.lower() == "hentai") for name in dict.fromkeys(names) if name]


def _tags(media: dict[str, Any]) -> list[LabelDraft]:
    found = {}
    for tag in cleaning.items_of(media.get("tags")):
        name = cleaning.text_of(tag.get("name"), 80)
        gives_away = tag.get("isMediaSpoiler") is True or tag.get("isGeneralSpoiler") is True
        if name and not gives_away and (cleaning.count_of(tag.get("rank"), 100) or 0) >= LEAST_TAG_RANK:
            found[name.casefold()] = LabelDraft(name, None, _category(tag.get("category")), tag.get("isAdult") is True)
    return list(found.values())


def _category(value: Any) -> str:
    """AniList's categories are finer ("Setting-Scene"); the part before the dash tells ours."""
    start = cleaning.text_of(value, 60).partition("-")[0].lower()
    known = {"theme": TagCategory.THEME, "demographic": TagCategory.DEMOGRAPHIC, "setting": TagCategory.SETTING}
    return known.get(start, TagCategory.OTHER).value


def _studios(media: dict[str, Any]) -> list[StudioDraft]:
    drafts: dict[tuple[str, str], StudioDraft] = {}
    for edge in cleaning.items_of(cleaning.dict_of(media.get("studios")).get("edges")):
        name = cleaning.text_of(cleaning.dict_of(edge.get("node")).get("name"), 160)
        if name:
            role = StudioRole.STUDIO if edge.get("isMain") is True else StudioRole.PRODUCER
            drafts.setdefault((name.casefold(), role), StudioDraft(name, role.value))
    return list(drafts.values())


def _links(media: dict[str, Any]) -> list[LinkDraft]:
    links = {
        url: LinkDraft(cleaning.text_of(link.get("site"), 80) or "Stream", url)
        for link in cleaning.items_of(media.get("externalLinks"))
        if link.get("type") == "STREAMING" and (url := cleaning.url_of(link.get("url")))
    }
    return list(links.values())
