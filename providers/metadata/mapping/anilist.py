"""AniList's `Media` to a record."""

from collections.abc import Mapping
from typing import Any

from catalog.facade import (
    AnimeKind,
    AnimeRecord,
    AnimeSource,
    AnimeStatus,
    BadRecord,
    LabelDraft,
    LinkDraft,
    ScoreDraft,
    Site,
    StudioDraft,
    StudioRole,
    TagCategory,
    cleaning,
    country_of,
    ids_ordered,
    slug_of,
)
from providers.metadata.mapping.titles import titles_made
from providers.metadata.mapping.values import day_of, plain_of, score_of, seconds_of

KINDS = {
    "TV": AnimeKind.TV,
    "TV_SHORT": AnimeKind.TV_SHORT,
    "MOVIE": AnimeKind.MOVIE,
    "SPECIAL": AnimeKind.SPECIAL,
    "OVA": AnimeKind.OVA,
    "ONA": AnimeKind.ONA,
    "MUSIC": AnimeKind.MUSIC,
}
STATUSES = {
    "FINISHED": AnimeStatus.FINISHED,
    "RELEASING": AnimeStatus.AIRING,
    "NOT_YET_RELEASED": AnimeStatus.UPCOMING,
    "CANCELLED": AnimeStatus.CANCELLED,
    "HIATUS": AnimeStatus.HIATUS,
}
SOURCES = {
    "ORIGINAL": AnimeSource.ORIGINAL,
    "MANGA": AnimeSource.MANGA,
    "LIGHT_NOVEL": AnimeSource.LIGHT_NOVEL,
    "WEB_NOVEL": AnimeSource.WEB_NOVEL,
    "NOVEL": AnimeSource.NOVEL,
    "VISUAL_NOVEL": AnimeSource.VISUAL_NOVEL,
    "VIDEO_GAME": AnimeSource.GAME,
    "GAME": AnimeSource.GAME,
    "PICTURE_BOOK": AnimeSource.PICTURE_BOOK,
    "MULTIMEDIA_PROJECT": AnimeSource.MIXED_MEDIA,
    "OTHER": AnimeSource.OTHER,
}
TRAILERS = {"youtube": "https://www.youtube.com/watch?v=", "dailymotion": "https://www.dailymotion.com/video/"}
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
    main = romaji or english or native
    if not main:
        raise BadRecord(f"AniList {own} has no title")
    ids = [(Site.ANILIST.value, own)]
    if mal_id := cleaning.count_of(media.get("idMal")):
        ids += [(Site.MAL.value, str(mal_id)), (Site.SHIKIMORI.value, str(mal_id))]
    score = score_of(media.get("averageScore"), of=100)
    return AnimeRecord(
        ids=ids_ordered(ids),
        fields=_fields(media, main, english, native, own),
        titles=titles_made(main, native=native, english=english, synonyms=cleaning.strings_of(media.get("synonyms"))),
        genres=_genres(media),
        tags=_tags(media),
        studios=_studios(media),
        scores=[ScoreDraft(Site.ANILIST.value, score, _votes(media))] if score is not None else [],
        links=_links(media),
    )


def _fields(media: dict[str, Any], main: str, english: str, native: str, own: str) -> dict[str, Any]:
    start = day_of(media.get("startDate"))
    season = cleaning.text_of(media.get("season"), 10).lower()
    began = cleaning.count_of(cleaning.dict_of(media.get("startDate")).get("year"), 2200)
    country = cleaning.text_of(media.get("countryOfOrigin"), 2).upper()
    return {
        "title": main,
        "title_english": english,
        "title_native": native,
        "slug": slug_of(main, english, fallback=own),
        "synopsis": plain_of(media.get("description")),
        "kind": _choice(KINDS, media.get("format")),
        "status": _choice(STATUSES, media.get("status")),
        "source": _choice(SOURCES, media.get("source")),
        "country": country if len(country) == 2 and country.isascii() and country.isalpha() else country_of(native),
        "episode_count": cleaning.count_of(media.get("episodes")) or None,
        "duration_seconds": seconds_of(media.get("duration")),
        "is_adult": media.get("isAdult") is True,
        "poster_url": _poster(media),
        "trailer_url": _trailer(cleaning.dict_of(media.get("trailer"))),
        "start_date": start,
        "end_date": day_of(media.get("endDate")),
        "season": season if season in _SEASONS else "",
        "year": cleaning.count_of(media.get("seasonYear"), 2200) or began or None,
    }


def _choice(table: Mapping[str, Any], value: Any) -> str:
    return str(table.get(cleaning.text_of(value, 30), ""))


def _poster(media: dict[str, Any]) -> str:
    image = cleaning.dict_of(media.get("coverImage"))
    return next((url for size in ("extraLarge", "large") if (url := cleaning.url_of(image.get(size)))), "")


def _trailer(trailer: dict[str, Any]) -> str:
    where, video = TRAILERS.get(cleaning.text_of(trailer.get("site"), 20)), cleaning.text_of(trailer.get("id"), 40)
    is_plain = video.isascii() and video.replace("-", "").replace("_", "").isalnum()
    return f"{where}{video}" if where and is_plain else ""


def _votes(media: dict[str, Any]) -> int | None:
    given = cleaning.items_of(cleaning.dict_of(media.get("stats")).get("scoreDistribution"))
    return sum(cleaning.count_of(item.get("amount")) or 0 for item in given) or None


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
