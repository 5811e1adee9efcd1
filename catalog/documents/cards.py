"""The card of an anime: one item of every list, search result and shelf."""

import datetime
from typing import Any

from django.conf import settings

from catalog.documents.facts import AnimeFacts
from catalog.models import Site, TranslationKind


def moment_text(value: datetime.datetime | None) -> str | None:
    """ISO 8601 in UTC with Z, whole seconds."""
    if value is None:
        return None
    return value.astimezone(datetime.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def number_of(values: list[str]) -> int | str | None:
    """The first id, as a number where it is one."""
    if not values:
        return None
    return int(values[0]) if values[0].isascii() and values[0].isdigit() and len(values[0]) < 16 else values[0]


def image_build(image: dict[str, Any] | None) -> dict[str, Any] | None:
    """The addresses of a stored image on this site: width → format → address; None when there is none."""
    if image is None:
        return None
    return {
        "variants": {
            str(width): {kind: settings.MEDIA_URL + name for kind, name in sorted(formats.items())}
            for width, formats in sorted(image["variants"].items(), key=lambda item: int(item[0]))
        },
        "width": image["width"],
        "height": image["height"],
        "colour": image["colour"] or None,
        "placeholder": image["placeholder"] or None,
    }


def dub_languages(facts: AnimeFacts) -> list[str]:
    """Languages that are heard: those of dubs, and audio tracks beside the original."""
    native = {"JP": "ja", "CN": "zh", "TW": "zh", "KR": "ko"}.get(facts.values["country"], "ja")
    dubs = {language for _, kind, language, _ in facts.translations.values() if kind == TranslationKind.DUB}
    audio = {language for episode in facts.playable.values() for language in episode.audio}
    return sorted(dubs | {language for language in audio if language.split("-")[0] != native})


def sub_languages(facts: AnimeFacts) -> list[str]:
    """Languages that are read: those of subs and of subtitle tracks."""
    subs = {language for _, kind, language, _ in facts.translations.values() if kind == TranslationKind.SUB}
    return sorted(subs | {language for episode in facts.playable.values() for language in episode.subtitles})


def latest_build(facts: AnimeFacts) -> dict[str, Any] | None:
    """The last regular episode that has aired."""
    if facts.latest is None:
        return None
    number, day, _ = facts.latest
    return {"number": number, "aired_on": day.isoformat()}


def card_build(facts: AnimeFacts) -> dict[str, Any]:
    """The card: scores 0–100, durations in seconds, dates ISO 8601; None is "not known"."""
    values = facts.values
    poster = image_build(facts.poster)
    return {
        "id": values["id"],
        "mal_id": number_of(facts.ids.get(Site.MAL, [])),
        "shikimori_id": number_of(facts.ids.get(Site.SHIKIMORI, [])),
        "slug": values["slug"],
        "title": values["title"],
        "title_english": values["title_english"] or None,
        "title_native": values["title_native"] or None,
        "type": values["kind"],
        "status": values["status"],
        "source": values["source"],
        "season": values["season"] or None,
        "year": values["year"],
        "start_date": values["start_date"].isoformat() if values["start_date"] else None,
        "episode_count": values["episode_count"],
        "episodes_available": len(facts.playable),
        "latest_episode": latest_build(facts),
        "dub_languages": dub_languages(facts),
        "sub_languages": sub_languages(facts),
        "duration_seconds": values["duration_seconds"],
        "score": values["score"],
        "popularity": values["popularity"],
        "is_adult": values["is_adult"],
        "genres": [name for _, name, _ in facts.genres],
        "colour": values["colour"] or (poster["colour"] if poster else None),
        "poster": poster,
        "visibility": values["visibility"],
    }
