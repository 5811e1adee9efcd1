"""Shikimori's anime to a record."""

from collections.abc import Mapping
from typing import Any

from catalog.facade import (
    AgeRating,
    AnimeRecord,
    AnimeStatus,
    BadRecord,
    Site,
    StudioDraft,
    StudioRole,
    cleaning,
    country_of,
    ids_ordered,
)
from providers.metadata.mapping import values
from providers.metadata.mapping.titles import Names, names_made, titles_made

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
    names = names_made(
        f"Shikimori {own}",
        romaji=cleaning.text_of(payload.get("name")),
        english=_first(payload.get("english")),
        native=_first(payload.get("japanese")),
    )
    russian = [(cleaning.text_of(payload.get(name)), "ru") for name in ("russian", "license_name_ru")]
    return AnimeRecord(
        ids=ids_ordered([(Site.MAL.value, own), (Site.SHIKIMORI.value, own)]),
        fields=_fields(payload, names, own),
        titles=titles_made(names, others=russian, synonyms=cleaning.strings_of(payload.get("synonyms"))),
        studios=_studios(payload),
        scores=values.scores_of(
            Site.SHIKIMORI.value,
            payload.get("score"),
            of=10,
            votes=(item.get("value") for item in cleaning.items_of(payload.get("rates_scores_stats"))),
        ),
    )


def _first(value: Any) -> str:
    return next((text for item in cleaning.strings_of(value) if (text := cleaning.text_of(item))), "")


def _fields(payload: dict[str, Any], names: Names, own: str) -> dict[str, Any]:
    rating = values.choice_of(RATINGS, payload.get("rating"))
    return {
        **names.fields(own),
        "kind": values.kind_of(payload.get("kind")),
        "status": values.choice_of(STATUSES, payload.get("status")),
        "country": country_of(names.native or names.main),
        "episode_count": cleaning.count_of(payload.get("episodes")) or None,
        "duration_seconds": values.seconds_of(payload.get("duration")),
        "age_rating": rating,
        "is_adult": rating == AgeRating.RX,
        "poster_url": _poster(payload),
        **values.aired_of(payload.get("aired_on"), payload.get("released_on")),
    }


def _poster(payload: dict[str, Any]) -> str:
    """Pictures are paths; the one that says that there is none is not taken."""
    path = cleaning.text_of(cleaning.dict_of(payload.get("image")).get("original"), 400)
    if not path.startswith("/") or path.startswith("//") or "missing" in path:
        return ""
    return cleaning.url_of(PICTURES + path)


def _studios(payload: dict[str, Any]) -> list[StudioDraft] | None:
    """None where a search's short form says nothing of studios."""
    if not isinstance(payload.get("studios"), list):
        return None
    names = [cleaning.text_of(item.get("name"), 160) for item in cleaning.items_of(payload["studios"])]
    return [StudioDraft(name, StudioRole.STUDIO.value) for name in dict.fromkeys(names) if name]
