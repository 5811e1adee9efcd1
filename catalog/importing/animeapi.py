"""animeApi's table of one anime on many sites (a row an anime, a column a site) to records: ids, and the name it goes by."""

import re
from typing import Any

from catalog.importing.cleaning import text_of
from catalog.importing.external_sites import ids_ordered
from catalog.importing.languages import language_of
from catalog.importing.records import AnimeRecord, BadRecord, TitleDraft
from catalog.models import Site, TitleKind

COLUMNS = {
    "myanimelist": Site.MAL,
    "anilist": Site.ANILIST,
    "anidb": Site.ANIDB,
    "kitsu": Site.KITSU,
    "livechart": Site.LIVECHART,
    "anisearch": Site.ANISEARCH,
    "animeplanet": Site.ANIMEPLANET,
}
"""Its Shikimori ids are MAL's, and TMDB's and Trakt's count shows: films and series share numbers there."""
_ID = re.compile(r"[1-9]\d{0,9}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def anime_map(row: Any) -> AnimeRecord:
    """The record of one row, `{column: text}`; raises `BadRecord` when it names no site that is known here."""
    if not isinstance(row, dict):
        raise BadRecord("not a row")
    found = [
        (site, value)
        for column, site in COLUMNS.items()
        if (_SLUG if site == Site.ANIMEPLANET else _ID).fullmatch(value := str(row.get(column) or "").strip())
    ]
    title = text_of(row.get("title"))
    if not found:
        raise BadRecord(f"{title[:60]}: no id of a known site")
    titles = [TitleDraft(title, language_of(title, latin="ja-Latn"), TitleKind.SYNONYM)] if title else []
    return AnimeRecord(ids=ids_ordered(found), fields={}, titles=titles)
