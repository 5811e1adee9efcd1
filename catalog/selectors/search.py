"""Search over HTTP: hits of the title index with their cards."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.facade import sees_adult, sees_hidden
from catalog.errors import AdultNotAllowed
from catalog.filters.base import Errors, single_value
from catalog.search import titles_search
from catalog.selectors.anime import cards_of
from core.api.pagination import PageQuery
from core.errors import ValidationFailed

if TYPE_CHECKING:
    from catalog.filters.base import Viewer

SEARCH_PARAMETERS = frozenset({"q", "adult", "page", "page_size"})
MAX_HITS = 100
"""A search is for the best: what lies further down than this nobody looked for."""


@dataclass(frozen=True, slots=True)
class Search:
    """A checked search of one viewer."""

    q: str
    adult: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A card (JSON) and the name that matched."""

    card: bytes
    matched_title: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of hits; `count` is that of all pages."""

    items: list[Found]
    count: int


def search_of(params: QueryDict, user: "Viewer") -> Search:
    """Read `q` and `adult`. Raises `ValidationFailed` (422), `AdultNotAllowed` (403)."""
    errors: Errors = {}
    q, adult = single_value(params, "q", errors), single_value(params, "adult", errors) or "false"
    if adult not in ("true", "false"):
        errors["adult"] = [_("“true” or “false”.")]
    if errors:
        raise ValidationFailed(errors)
    if adult == "true" and not (user is not None and sees_adult(user)):
        raise AdultNotAllowed()
    return Search(q, adult == "true", user is not None and sees_hidden(user))


def anime_search(search: Search, query: PageQuery) -> FoundPage:
    """One page of the best hits; one statement for the cards. An empty query finds nothing."""
    if not search.q:
        return FoundPage([], 0)
    hits = titles_search(search.q, limit=MAX_HITS, include_adult=search.adult, include_hidden=search.hidden)
    wanted = hits[query.offset : query.offset + query.size]
    # The index follows the database at a short distance: what was hidden a moment ago is kept back here.
    cards = cards_of([hit.anime_id for hit in wanted], hidden=search.hidden, adult=search.adult)
    items = [Found(cards[hit.anime_id], hit.matched_title) for hit in wanted if hit.anime_id in cards]
    return FoundPage(items, len(hits))
