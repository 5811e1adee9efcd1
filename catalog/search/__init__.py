"""Title search that forgives: any name in any language, with slips, without punctuation, in any word order.

    titles_search("demon slyer")          → [Hit(anime_id=38000, matched_title=…, score=0.93), …]
    titles_suggest("kim")                 → the same, eight of them, for search-as-you-type
    titles_refresh()                      → bring the index up to the database now (after an import)

Hidden anime are left out unless asked for, adult ones too; merged ones are never found. The index lives in
`settings.SEARCH_DIR` and follows `CatalogChange`: whoever changes an anime writes a row there and is done.

    normalise.py   how titles and queries are folded (case, accents, kana, seasons)
    engine.py      the tantivy index: schema, writing, candidates
    ranking.py     how alike a query and a name are
    query.py       candidates → ranked hits, one for each anime
    folder.py      the index's files: lock, current generation, crash safety
    changes.py     what the database says has changed
    freshness.py   keeps this process's snapshot in step with both
    evaluation.py  measures recall on repeatable slips of real titles (docs/adr/0005-title-search.md)
"""

from catalog.search.query import Hit
from catalog.search.service import titles_rebuild, titles_refresh, titles_search, titles_suggest

__all__ = ["Hit", "titles_rebuild", "titles_refresh", "titles_search", "titles_suggest"]
