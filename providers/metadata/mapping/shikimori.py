"""Shikimori's anime to a record."""

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
    StudioDraft,
    StudioRole,
    cleaning,
    country_of,
    ids_ordered,
    season_of,
    slug_of,
)
from providers.metadata.mapping.titles import titles_made
from providers.metadata.mapping.values import score_of, seconds_of

KINDS = {
    "tv": AnimeKind.TV,
    "movie": AnimeKind.MOVIE,
    "ova": AnimeKind.OVA,
    "ona": AnimeKind.ONA,
    "special": AnimeKind.SPECIAL,
    "tv_special": AnimeKind.TV_SPECIAL,
    "music": AnimeKind.MUSIC,
    "pv": AnimeKind.PV,
    "cm": AnimeKind.CM,
}
STATUSES = {"released": AnimeStatus.FINISHED, "ongoing": AnimeStatus.AIRING, "anons": AnimeStatus.UPCOMING}
RATINGS = {
    "g": AgeRating.G,
    "pg": AgeRating.PG,
    "pg_13": AgeRating.PG13,
    "r": AgeRating.R17,
    "r_plus": AgeRating.R_PLUS,
    "rx": AgeRating.RX,
}
PICTURES = "https://shikimori.one"


def shikimori_id(payload: Mapping[str, Any]) -> str:
    """Shikimori's id, which is MAL's; raises `BadRecord`."""
    if not (own := cleaning.count_of(payload.get("id"))):
        raise BadRecord("no id")
    return str(own)


def shikimori_record(payload: dict[str, Any]) -> AnimeRecord:
    """The record of an anime, or of the shorter one in a search; raises `BadRecord` when it has no id or no title.

    Its description is Russian prose and the catalogue's synopsis English: it stays in the payload. So do its genres, which
    are MAL's.
    """
    own = shikimori_id(payload)
    english, native = _first(payload.get("english")), _first(payload.get("japanese"))
    main = cleaning.text_of(payload.get("name")) or english or native
    if not main:
        raise BadRecord(f"Shikimori {own} has no title")
    russian = cleaning.text_of(payload.get("russian"))
    licensed = cleaning.text_of(payload.get("license_name_ru"))
    score = score_of(payload.get("score"), of=10)
    return AnimeRecord(
        ids=ids_ordered([(Site.MAL.value, own), (Site.SHIKIMORI.value, own)]),
        fields=_fields(payload, main, english, native, own),
        titles=titles_made(
            main,
            native=native,
            english=english,
            others=[(russian, "ru"), (licensed, "ru")],
            synonyms=cleaning.strings_of(payload.get("synonyms")),
        ),
        studios=_studios(payload),
        scores=[ScoreDraft(Site.SHIKIMORI.value, score, _votes(payload))] if score is not None else [],
    )


def _first(value: Any) -> str:
    return next((text for item in cleaning.strings_of(value) if (text := cleaning.text_of(item))), "")


def _fields(payload: dict[str, Any], main: str, english: str, native: str, own: str) -> dict[str, Any]:
    start = cleaning.date_of(payload.get("aired_on"))
    rating = str(RATINGS.get(cleaning.text_of(payload.get("rating"), 10), ""))
    return {
        "title": main,
        "title_english": english,
        "title_native": native,
        "slug": slug_of(main, english, fallback=own),
        "kind": str(KINDS.get(cleaning.text_of(payload.get("kind"), 20), "")),
        "status": str(STATUSES.get(cleaning.text_of(payload.get("status"), 20), "")),
        "country": country_of(native or main),
        "episode_count": cleaning.count_of(payload.get("episodes")) or None,
        "duration_seconds": seconds_of(payload.get("duration")),
        "age_rating": rating,
        "is_adult": rating == AgeRating.RX,
        "poster_url": _poster(payload),
        "start_date": start,
        "end_date": cleaning.date_of(payload.get("released_on")),
        "season": season_of(start) if start else "",
        "year": start.year if start else None,
    }


def _poster(payload: dict[str, Any]) -> str:
    """Pictures are paths; the one that says that there is none is not taken."""
    path = cleaning.text_of(cleaning.dict_of(payload.get("image")).get("original"), 400)
    if not path.startswith("/") or path.startswith("//") or "missing" in path:
        return ""
    return cleaning.url_of(PICTURES + path)


def _votes(payload: dict[str, Any]) -> int | None:
    given = cleaning.items_of(payload.get("rates_scores_stats"))
    return sum(cleaning.count_of(item.get("value")) or 0 for item in given) or None


def _studios(payload: dict[str, Any]) -> list[StudioDraft] | None:
    """None where a search's short form says nothing of studios."""
    if not isinstance(payload.get("studios"), list):
        return None
    names = [cleaning.text_of(item.get("name"), 160) for item in cleaning.items_of(payload["studios"])]
    return [StudioDraft(name, StudioRole.STUDIO.value) for name in dict.fromkeys(names) if name]
