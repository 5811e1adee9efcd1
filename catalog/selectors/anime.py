"""Lists of anime as ready-made JSON cards, by page number: one statement a page (by key: `walks`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import EmptyResultSet

from catalog.filters import AnimeFilters
from catalog.filters.sorts import RELEVANCE
from catalog.importing.precedence import STUB
from catalog.models import Anime
from core.api.pagination import PageQuery
from core.generation_memo import GenerationMemo
from core.sql import compiled, rows_as_bytes

_counts: GenerationMemo[int] = GenerationMemo(size=2048)


_LIMIT = "/* limit */"


@dataclass(frozen=True, slots=True)
class CardPage:
    """Cards as JSON in order; `count` is that of all pages."""

    cards: list[bytes]
    count: int


def anime_count(filters: AnimeFilters) -> int:
    """How many anime the filters let through; counted once a generation."""
    if filters.is_personal:
        return filters.apply(Anime.objects.all()).count()
    scope = (filters.q, filters.adult, filters.shows_hidden, filters.values)
    return _counts.get(scope, lambda: filters.apply(Anime.objects.all()).count())


def anime_page(filters: AnimeFilters, query: PageQuery) -> CardPage:
    """One numbered page: a statement for the cards, one for the count when it is not known yet."""
    if filters.sort == RELEVANCE:
        return _relevant_page(filters, query)
    try:
        statement, params = _page_statement(filters)
    except EmptyResultSet:
        return CardPage([], 0)
    # The size and the first page are written into the text: of those PostgreSQL keeps one plan instead of planning anew.
    limit = f"LIMIT {query.size}" if query.offset == 0 else f"LIMIT {query.size} OFFSET %s"
    offset = () if query.offset == 0 else (query.offset,)
    found = rows_as_bytes(statement.replace(_LIMIT, limit), (*params, *offset))
    cards = [row[0] for row in found]
    if cards and len(cards) < query.size:
        return CardPage(cards, query.offset + len(cards))
    return CardPage(cards, anime_count(filters))


def cards_of(anime_ids: Sequence[int], *, hidden: bool = True, adult: bool = True) -> dict[int, bytes]:
    """{id: card as JSON}, one statement; merged anime are left out, and on request hidden (with stubs) and adult ones."""
    if not anime_ids:
        return {}
    # Filled up to a power of two with repetitions, so that few different statements are prepared.
    ids = [*anime_ids, *[anime_ids[-1]] * ((1 << (len(anime_ids) - 1).bit_length()) - len(anime_ids))]
    statement = (
        "SELECT d.anime_id, d.card FROM catalog_animedocument d "  # noqa: S608
        "JOIN catalog_anime a ON a.id = d.anime_id "
        f"WHERE d.anime_id IN ({', '.join(['%s'] * len(ids))}) AND a.merged_into_id IS NULL"
    )
    statement += "" if hidden else f" AND a.visibility <> 'hidden' AND a.origin <> '{STUB}'"
    statement += "" if adult else " AND NOT a.is_adult"
    return {int(row[0]): row[1] for row in rows_as_bytes(statement, ids)}


def _relevant_page(filters: AnimeFilters, query: PageQuery) -> CardPage:
    """A page of a search, best names first: what it found, narrowed by the database, cut in memory."""
    allowed = set(filters.apply(Anime.objects.all()).values_list("pk", flat=True))
    ids = [match for match in filters.matches if match in allowed]
    if not filters.is_descending:
        ids.reverse()
    wanted = ids[query.offset : query.offset + query.size]
    cards = cards_of(wanted)
    return CardPage([cards[anime_id] for anime_id in wanted if anime_id in cards], len(ids))


def _page_statement(filters: AnimeFilters) -> tuple[str, tuple]:
    # A search's ids and a person's own rows change without the filters changing: only the others are worth keeping.
    if filters.q or filters.is_personal:
        return _compile(filters)
    return _compiled(filters)


@lru_cache(maxsize=512)
def _compiled(filters: AnimeFilters) -> tuple[str, tuple]:
    return _compile(filters)


def _compile(filters: AnimeFilters) -> tuple[str, tuple]:
    """SQL of a page, to be completed by its LIMIT and OFFSET. Cards are fetched for the rows of the page only."""
    inner, params = compiled(filters.keyed(Anime.objects.all()))
    direction = "DESC" if filters.is_descending else "ASC"
    statement = (
        f"SELECT d.card FROM ({inner} {_LIMIT}) AS p "  # noqa: S608
        f"JOIN catalog_animedocument d ON d.anime_id = p.id ORDER BY p.sort_key {direction}, p.id {direction}"
    )
    return statement, params
