"""Lines of an episode file to records, and the keys by which such files name episodes."""

import re
from typing import Any

from catalog.importing.cleaning import count_of, date_of, dict_of, text_of, url_of
from catalog.importing.jikan import duration_of
from catalog.importing.records import BadRecord, EpisodeRecord
from catalog.models import EpisodeKind

_KEY = re.compile(r"\A(OP|ED|[SCTPO])?(\d{1,6})([a-z])?\Z")
_KINDS = {
    "": EpisodeKind.REGULAR,
    "S": EpisodeKind.SPECIAL,
    "C": EpisodeKind.CREDITS,
    "OP": EpisodeKind.CREDITS,
    "ED": EpisodeKind.CREDITS,
    "T": EpisodeKind.TRAILER,
    "P": EpisodeKind.PARODY,
    "O": EpisodeKind.OTHER,
}
_PREFIXES = {
    EpisodeKind.REGULAR.value: "",
    EpisodeKind.SPECIAL.value: "S",
    EpisodeKind.TRAILER.value: "T",
    EpisodeKind.PARODY.value: "P",
    EpisodeKind.OTHER.value: "O",
}
_OPENINGS, _ENDINGS, _VARIANTS = 1_000_000, 2_000_000, 100
_LENGTH = re.compile(r"\A(?:(\d{1,3})h)?(?:(\d{1,4})m)?\Z")
_LANGUAGES = {"romaji": "ja-Latn", "x-jat": "ja-Latn"}
_LANGUAGE = re.compile(r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def number_of_key(key: str) -> tuple[str, int]:
    """(kind, number) of "12", "S1", "C1", "T2", "P1", "O1", "OP1", "ED2b"; raises `BadRecord` for anything else.

    Openings and endings share the kind "credits" with "C…", so they are numbered apart: OP n is 1,000,000 + 100 n, ED n
    2,000,000 + 100 n, and the variants a to z add 1 to 26.
    """
    found = _KEY.match(key)
    if not found:
        raise BadRecord(f"unknown episode key {key[:20]!r}")
    prefix, number, variant = found[1] or "", int(found[2]), found[3] or ""
    if prefix in ("OP", "ED"):
        if number > 9_999:
            raise BadRecord(f"unknown episode key {key[:20]!r}")
        base = _OPENINGS if prefix == "OP" else _ENDINGS
        return EpisodeKind.CREDITS.value, base + number * _VARIANTS + (ord(variant) - 96 if variant else 0)
    if variant:
        raise BadRecord(f"unknown episode key {key[:20]!r}")
    return _KINDS[prefix].value, number


def key_of_number(kind: str, number: int) -> str:
    """The key of an episode, the inverse of `number_of_key`."""
    if kind != EpisodeKind.CREDITS:
        return f"{_PREFIXES[kind]}{number}"
    if number < _OPENINGS:
        return f"C{number}"
    prefix, rest = ("OP", number - _OPENINGS) if number < _ENDINGS else ("ED", number - _ENDINGS)
    variant = rest % _VARIANTS
    return f"{prefix}{rest // _VARIANTS}{chr(96 + variant) if variant else ''}"


def _length(record: dict[str, Any]) -> int | None:
    """Seconds of `runtime` (minutes), else of `length` ("25m", "1h5m"), else of a Jikan duration."""
    if minutes := count_of(record.get("runtime"), 6_000):
        return minutes * 60
    length = text_of(record.get("length"), 20).lower().replace(" ", "")
    found = _LENGTH.match(length)
    if found and length:
        return int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 or None
    return duration_of(record.get("length"))


def _titles(record: dict[str, Any]) -> dict[str, str]:
    """Titles by BCP 47 language; a bare text counts as English, as MAL writes it."""
    given = record.get("title")
    titles = {"en": text_of(given)} if isinstance(given, str) else {}
    for language, title in dict_of(given).items():
        language = _LANGUAGES.get(language.lower(), language)
        if _LANGUAGE.match(language) and len(language) <= 12:
            titles[language] = text_of(title)
    return {language: title for language, title in sorted(titles.items()) if title}


def episode_map(record: Any) -> EpisodeRecord:
    """The record of one episode; raises `BadRecord` when it names no anime or no episode."""
    if not isinstance(record, dict):
        raise BadRecord("not an object")
    mal_id = count_of(record.get("mal_id"))
    if not mal_id:
        raise BadRecord("no mal_id")
    kind, number = number_of_key(text_of(str(record.get("key") or record.get("episode") or ""), 20))
    titles = _titles(record)
    season = count_of(record.get("seasonNumber"), 32_767)
    return EpisodeRecord(
        mal_id=mal_id,
        kind=kind,
        number=number,
        season=season,
        fields={
            "season_number": count_of(record.get("episodeNumber")) if season is not None else None,
            # TheTVDB gives specials the absolute number 0.
            "absolute_number": count_of(record.get("absoluteEpisodeNumber")) or None,
            "title": titles.get("en") or titles.get("ja-Latn") or titles.get("ja") or "",
            "titles": titles,
            "aired_on": date_of(record.get("airDate")),
            "duration_seconds": _length(record),
            "is_filler": record.get("filler") is True,
            "is_recap": record.get("recap") is True,
            "still_url": url_of(record.get("image")),
            "tvdb_id": count_of(record.get("tvdbId")) or None,
        },
    )
