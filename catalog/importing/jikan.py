"""Jikan v4's `/anime/{id}/full` to a record: a pure function, the same for import and for enrichment."""

import datetime
import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalog.importing.calendar import TOKYO, clock_of, first_broadcast, last_broadcast, season_of, weekday_of
from catalog.importing.cleaning import (
    count_of,
    date_of,
    dict_of,
    items_of,
    percent_of,
    prose_of,
    strings_of,
    text_of,
    url_of,
)
from catalog.importing.external_sites import id_of_address, ids_ordered, is_id, site_of_name
from catalog.importing.languages import country_of, language_of
from catalog.importing.naming import slug_of
from catalog.importing.records import (
    AnimeRecord,
    BadRecord,
    BroadcastDraft,
    LabelDraft,
    LinkDraft,
    RelationDraft,
    ScoreDraft,
    StudioDraft,
    TitleDraft,
)
from catalog.models import (
    AgeRating,
    AnimeKind,
    AnimeSource,
    AnimeStatus,
    RelationKind,
    SeasonName,
    Site,
    StudioRole,
    TagCategory,
    TitleKind,
)

KINDS = {
    "tv": AnimeKind.TV,
    "tv_short": AnimeKind.TV_SHORT,
    "movie": AnimeKind.MOVIE,
    "ova": AnimeKind.OVA,
    "ona": AnimeKind.ONA,
    "special": AnimeKind.SPECIAL,
    "tv_special": AnimeKind.TV_SPECIAL,
    "music": AnimeKind.MUSIC,
    "pv": AnimeKind.PV,
    "cm": AnimeKind.CM,
}
STATUSES = {
    "finished airing": AnimeStatus.FINISHED,
    "currently airing": AnimeStatus.AIRING,
    "not yet aired": AnimeStatus.UPCOMING,
    "on hiatus": AnimeStatus.HIATUS,
    "discontinued": AnimeStatus.CANCELLED,
}
RATINGS = {
    "g": AgeRating.G,
    "pg": AgeRating.PG,
    "pg-13": AgeRating.PG13,
    "r": AgeRating.R17,
    "r+": AgeRating.R_PLUS,
    "rx": AgeRating.RX,
}
RELATIONS = {
    "sequel": RelationKind.SEQUEL,
    "prequel": RelationKind.PREQUEL,
    "parent story": RelationKind.PARENT,
    "side story": RelationKind.SIDE_STORY,
    "summary": RelationKind.SUMMARY,
    "full story": RelationKind.FULL_STORY,
    "alternative version": RelationKind.ALTERNATIVE_VERSION,
    "alternative setting": RelationKind.ALTERNATIVE_SETTING,
    "spin-off": RelationKind.SPIN_OFF,
    "spin off": RelationKind.SPIN_OFF,
    "character": RelationKind.CHARACTER,
    "adaptation": RelationKind.ADAPTATION,
}
TITLE_LANGUAGES = {
    "english": "en",
    "german": "de",
    "spanish": "es",
    "french": "fr",
    "italian": "it",
    "portuguese": "pt",
    "russian": "ru",
}
ADULT_GENRES = frozenset({"hentai", "erotica"})
_DURATION = re.compile(r"(\d{1,4})\s*(hr|min|sec)")
_UNIT_SECONDS = {"hr": 3600, "min": 60, "sec": 1}
_MAX_MAL_ID = 2_147_483_647


def duration_of(text: Any) -> int | None:
    """Seconds of "24 min per ep", "1 hr 35 min" or "45 sec"; None for "Unknown"."""
    if not isinstance(text, str):
        return None
    seconds = sum(int(number) * _UNIT_SECONDS[unit] for number, unit in _DURATION.findall(text))
    return seconds or None


def _choice(table: dict[str, Any], value: Any) -> str:
    return str(table.get(text_of(value, 60).lower(), ""))


def _kind(value: Any) -> str:
    return str(KINDS.get(text_of(value, 30).lower().replace(" ", "_"), ""))


def _source(value: Any) -> str:
    name = text_of(value, 40).lower().replace(" ", "_").replace("-", "_").replace("4_koma_manga", "four_koma")
    return name if name in AnimeSource.values and name != AnimeSource.UNKNOWN else ""


def _rating(value: Any) -> str:
    return str(RATINGS.get(text_of(value, 60).lower().split(" - ")[0].strip(), ""))


def _titles(record: dict[str, Any], main: str) -> list[TitleDraft]:
    """The main title first, then one of each language, then the synonyms that are not among them."""
    native = text_of(record.get("title_japanese"))
    english = text_of(record.get("title_english"))
    drafts = [TitleDraft(main, language_of(main, latin="ja-Latn"), TitleKind.MAIN)]
    if native:
        drafts.append(TitleDraft(native, language_of(native, han="ja", latin="ja"), TitleKind.OFFICIAL))
    if english:
        drafts.append(TitleDraft(english, "en", TitleKind.OFFICIAL))
    synonyms = strings_of(record.get("title_synonyms"))
    for item in items_of(record.get("titles")):
        kind, text = text_of(item.get("type"), 30).lower(), text_of(item.get("title"))
        if kind == "synonym":
            synonyms.append(text)
        elif text and kind == "japanese" and not native:
            drafts.append(TitleDraft(text, language_of(text, han="ja", latin="ja"), TitleKind.OFFICIAL))
        elif text and kind in TITLE_LANGUAGES:
            drafts.append(TitleDraft(text, TITLE_LANGUAGES[kind], TitleKind.OFFICIAL))
    named = {draft.text for draft in drafts}
    for text in dict.fromkeys(text_of(synonym) for synonym in synonyms):
        if text and text not in named:
            drafts.append(TitleDraft(text, language_of(text), TitleKind.SYNONYM))
    return list(dict.fromkeys(drafts))


def _labels(items: Any, category: str = "") -> list[LabelDraft]:
    return [
        LabelDraft(name, count_of(item.get("mal_id")), category, name.lower() in ADULT_GENRES)
        for item in items_of(items)
        if (name := text_of(item.get("name"), 80))
    ]


def _studios(record: dict[str, Any]) -> list[StudioDraft]:
    roles = (("studios", StudioRole.STUDIO), ("producers", StudioRole.PRODUCER), ("licensors", StudioRole.LICENSOR))
    drafts = [
        StudioDraft(name, role.value, count_of(item.get("mal_id")))
        for key, role in roles
        for item in items_of(record.get(key))
        if (name := text_of(item.get("name"), 160))
    ]
    return list({(draft.name.casefold(), draft.role): draft for draft in reversed(drafts)}.values())[::-1]


def _relations(record: dict[str, Any], mal_id: int) -> list[RelationDraft]:
    found: dict[tuple[str, int], RelationDraft] = {}
    for relation in items_of(record.get("relations")):
        kind = RELATIONS.get(text_of(relation.get("relation"), 40).lower(), RelationKind.OTHER).value
        for entry in items_of(relation.get("entry")):
            target = count_of(entry.get("mal_id"))
            if entry.get("type", "anime") == "anime" and target and target != mal_id:
                found.setdefault((kind, target), RelationDraft(kind, target, text_of(entry.get("name"))))
    return list(found.values())


def _external(record: dict[str, Any], mal_id: int) -> tuple[list[tuple[str, str]], list[LinkDraft]]:
    """Ids on other sites (bare or as addresses) and the official streams."""
    ids = [(Site.MAL.value, str(mal_id))]
    for item in items_of(record.get("external")):
        name, value = text_of(item.get("name"), 60), text_of(str(item.get("url") or ""), 500)
        if pair := id_of_address(value):
            ids.append(pair)
        elif (site := site_of_name(name)) and is_id(value) and site != Site.MAL:
            ids.append((site.value, value))
    links = [
        LinkDraft(text_of(item.get("name"), 80) or "Stream", url)
        for item in items_of(record.get("streaming"))
        if (url := url_of(item.get("url")))
    ]
    # Shikimori counts as MAL does. A record without its id is still found by it.
    if all(site != Site.SHIKIMORI for site, _ in ids):
        ids.append((Site.SHIKIMORI.value, str(mal_id)))
    unique = {pair[0]: pair for pair in reversed(ids)}
    return ids_ordered(unique.values()), list({link.url: link for link in links}.values())


def _broadcasts(record: dict[str, Any], fields: dict[str, Any]) -> list[BroadcastDraft]:
    broadcast = dict_of(record.get("broadcast"))
    weekday, clock = weekday_of(text_of(broadcast.get("day"), 20)), clock_of(text_of(broadcast.get("time"), 5))
    start, end = fields["start_date"], fields["end_date"]
    if weekday is None or clock is None or start is None or not datetime.date(1940, 1, 1) <= start:
        return []
    try:
        zone = ZoneInfo(text_of(broadcast.get("timezone"), 40)) if broadcast.get("timezone") else TOKYO
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = TOKYO
    if fields["status"] in (AnimeStatus.AIRING, AnimeStatus.UPCOMING):
        end = None
    elif end is None or end < start:
        return []
    first = first_broadcast(start, weekday, clock, zone)
    return [BroadcastDraft("", first, last_broadcast(first, end) if end else None)]


def _poster(record: dict[str, Any]) -> str:
    images = dict_of(record.get("images"))
    for group in ("webp", "jpg"):
        for size in ("large_image_url", "image_url"):
            if url := url_of(dict_of(images.get(group)).get(size)):
                return url
    return ""


def _dates(record: dict[str, Any]) -> dict[str, Any]:
    """First and last day, season and year; what the source leaves out follows from the first day."""
    aired = dict_of(record.get("aired"))
    start, end = date_of(aired.get("from")), date_of(aired.get("to"))
    season = text_of(record.get("season"), 10).lower()
    season = {"autumn": SeasonName.FALL.value}.get(season, season)
    year = count_of(record.get("year"), 2200)
    month_known = dict_of(dict_of(aired.get("prop")).get("from")).get("month", True) is not None
    if season not in SeasonName.values:
        season = season_of(start) if start and month_known else ""
    return {"start_date": start, "end_date": end, "season": season, "year": year or (start.year if start else None)}


def _fields(record: dict[str, Any], main: str, mal_id: int) -> dict[str, Any]:
    english, native = text_of(record.get("title_english")), text_of(record.get("title_japanese"))
    score = percent_of(record.get("score"))
    trailer = dict_of(record.get("trailer"))
    genres = _labels(record.get("genres")) + _labels(record.get("explicit_genres"))
    rating = _rating(record.get("rating"))
    return {
        "title": main,
        "title_english": english,
        "title_native": native,
        "slug": slug_of(main, english, fallback=str(mal_id)),
        "synopsis": prose_of(record.get("synopsis")),
        "background": prose_of(record.get("background")),
        "kind": _kind(record.get("type")),
        "status": _choice(STATUSES, record.get("status")),
        "source": _source(record.get("source")),
        "country": country_of(native or main),
        "episode_count": count_of(record.get("episodes")) or None,
        "duration_seconds": duration_of(record.get("duration")),
        "age_rating": rating,
        "is_adult": rating == AgeRating.RX or any(genre.is_adult for genre in genres),
        "score": score,
        "votes": count_of(record.get("scored_by")),
        "popularity": count_of(record.get("members")),
        "favourites": count_of(record.get("favorites")),
        "poster_url": _poster(record),
        "trailer_url": url_of(trailer.get("url")) or url_of(trailer.get("embed_url")),
        **_dates(record),
    }


def anime_map(record: Any) -> AnimeRecord:
    """The record of one anime; raises `BadRecord` when it has no MAL id or no title.

    Also takes the whole answer of the API, with the record under "data".
    """
    if isinstance(record, dict) and isinstance(record.get("data"), dict):
        record = record["data"]
    if not isinstance(record, dict):
        raise BadRecord("not an object")
    mal_id = count_of(record.get("mal_id"), _MAX_MAL_ID)
    if not mal_id:
        raise BadRecord("no mal_id")
    main = text_of(record.get("title")) or next(
        (text for item in items_of(record.get("titles")) if (text := text_of(item.get("title")))), ""
    )
    if not main:
        raise BadRecord(f"MAL {mal_id} has no title")
    fields = _fields(record, main, mal_id)
    ids, links = _external(record, mal_id)
    genres = _labels(record.get("genres")) + _labels(record.get("explicit_genres"))
    tags = _labels(record.get("themes"), TagCategory.THEME) + _labels(
        record.get("demographics"), TagCategory.DEMOGRAPHIC
    )
    return AnimeRecord(
        ids=ids,
        fields=fields,
        titles=_titles(record, main),
        genres=genres,
        tags=tags,
        studios=_studios(record),
        relations=_relations(record, mal_id),
        broadcasts=_broadcasts(record, fields),
        scores=[ScoreDraft(Site.MAL.value, fields["score"], fields["votes"])] if fields["score"] is not None else [],
        links=links,
    )
