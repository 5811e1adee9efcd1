"""AniDB's dump of titles (`aid|type|language|title`, a line a title) to records: many names of what has an AniDB id."""

import re
from typing import Any

from catalog.importing.cleaning import text_of
from catalog.importing.records import AnimeRecord, BadRecord, TitleDraft
from catalog.models import Site, TitleKind

KINDS = {
    "4": TitleKind.OFFICIAL,
    "1": TitleKind.SYNONYM,
    "2": TitleKind.SYNONYM,
    "3": TitleKind.SHORT,
}
"""AniDB's main title (1) is its own transcription, one way more to write the name."""
LANGUAGES = {
    "x-jat": "ja-Latn",
    "x-zht": "zh-Latn",
    "x-kot": "ko-Latn",
    "x-tht": "th-Latn",
    "es-CA": "ca",
    "es-GA": "gl",
    "es-PV": "eu",
}
_TAG = re.compile(r"[a-z]{2}(-[A-Za-z0-9]{2,8})?")


def anime_map(group: Any) -> AnimeRecord:
    """The record of all titles of one id, `{"aid": text, "titles": [(type, language, title), …]}`; raises `BadRecord`."""
    aid = str(group.get("aid", "")) if isinstance(group, dict) else ""
    if not re.fullmatch(r"[1-9]\d{0,9}", aid):
        raise BadRecord(f"no AniDB id: {aid[:20]}")
    ordered = sorted(group["titles"], key=lambda title: list(KINDS).index(title[0]) if title[0] in KINDS else 9)
    titles = [
        TitleDraft(clean, language_read(language), KINDS[kind])
        for kind, language, text in ordered
        if kind in KINDS and (clean := text_of(text))
    ]
    return AnimeRecord(ids=[(Site.ANIDB, aid)], fields={}, titles=titles)


def language_read(said: str) -> str:
    """BCP 47 for AniDB's name of a language, `und` for what has none."""
    return LANGUAGES.get(said, said if _TAG.fullmatch(said) else "und")
