"""What the rest of the house calls: search, suggestions, bringing the index up to date."""

from __future__ import annotations

import logging
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from catalog.search.engine import Snapshot
from catalog.search.folder import DAMAGE
from catalog.search.freshness import LiveIndex
from catalog.search.normalise import query_keys
from catalog.search.query import Hit, answer

logger = logging.getLogger(__name__)

SUGGESTIONS = 8


@lru_cache(maxsize=4)
def _live_index(path: Path) -> LiveIndex:
    return LiveIndex(path)


def live_index() -> LiveIndex:
    """This process's view of the index in `settings.SEARCH_DIR`."""
    return _live_index(Path(settings.SEARCH_DIR))


def titles_search(q: str, *, limit: int = 20, include_adult: bool = False, include_hidden: bool = False) -> list[Hit]:
    """The `limit` anime whose names are most like `q`, best first; each once, with the name that matched.

    Only the first 200 characters of `q` count. Empty for a query without a letter or digit; no text makes it raise.
    Raises OSError when there is no index and none can be written.
    """
    return titles_search_many([q], limit=limit, include_adult=include_adult, include_hidden=include_hidden)[q]


def titles_search_many(
    queries: Collection[str], *, limit: int = 20, include_adult: bool = False, include_hidden: bool = False
) -> dict[str, list[Hit]]:
    """{query: what `titles_search` finds for it}; whether the index is up to date is looked at once for all of them."""
    found: dict[str, list[Hit]] = {q: [] for q in queries}
    asked = [q for q in found if query_keys(q)]
    if not asked:
        return found
    index = live_index()

    def answers(snapshot: Snapshot) -> dict[str, list[Hit]]:
        return {q: answer(snapshot, q, limit=limit, adult=include_adult, hidden=include_hidden) for q in asked}

    try:
        return found | answers(index.snapshot())
    except DAMAGE:
        if not index.discard():
            raise
        logger.exception("title index: damaged, building it anew")
        return found | answers(index.snapshot())


def titles_suggest(q: str, *, include_adult: bool = False, include_hidden: bool = False) -> list[Hit]:
    """The few best anime for what has been typed so far."""
    return titles_search(q, limit=SUGGESTIONS, include_adult=include_adult, include_hidden=include_hidden)


def titles_refresh() -> None:
    """Bring the index up to the database now, however much has changed; builds it when there is none."""
    live_index().refresh()


def titles_rebuild() -> int:
    """Build the index anew from the whole catalogue; returns the number of anime in it."""
    return live_index().rebuild()
