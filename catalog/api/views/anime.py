"""Lists and records of anime."""

from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from accounts.facade import sees_hidden
from catalog.access import get_anime, get_anime_id
from catalog.api.bodies import array_body, envelope_body, extended, page_body, page_head
from catalog.api.parameters import (
    ADULT_ANSWER,
    CURSOR,
    HIDDEN_ANSWER,
    LIMIT,
    PAGES,
    RESTRICTED_ANSWER,
    SEARCH,
    list_parameters,
)
from catalog.api.serializers.cards import AnimePageOut, RelatedOut, SearchPageOut, SimilarOut
from catalog.api.serializers.details import DetailOut
from catalog.api.serializers.episodes import EpisodeOut
from catalog.filters import AnimeFilters
from catalog.selectors.anime import anime_page
from catalog.selectors.details import anime_detail
from catalog.selectors.episodes import anime_episodes
from catalog.selectors.franchise import franchise
from catalog.selectors.search import SEARCH_PARAMETERS, anime_search, search_of
from catalog.selectors.similar import anime_similar
from catalog.selectors.walks import anime_walk
from core.api.documents import Ask, Document, DocumentView
from core.api.pagination import PageQuery, page_address, whole_number
from core.api.renderers import json_bytes
from core.api.scopes import Scope
from core.generation_memo import GenerationMemo

NOTHING: frozenset[str] = frozenset()


class AnimeList(DocumentView):
    scopes = Scope.CATALOG_READ
    also_answers = ADULT_ANSWER

    @extend_schema(parameters=[*list_parameters(), *PAGES, CURSOR], responses=AnimePageOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """List anime with filters, by page number or, with `cursor` (empty to begin), by key."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        filters, query = _read(ask)
        if "cursor" in ask.params:
            return Document(_walk_body(ask, filters, query.size), is_shared=not filters.is_personal)
        page = anime_page(filters, query)
        head = _head(ask.path, ask.params.urlencode() if ask.raw is None else ask.raw, query, page.count)
        return Document(b'%s,"results":[%s]}' % (head, b",".join(page.cards)), is_shared=not filters.is_personal)


_readings: GenerationMemo[tuple[AnimeFilters, PageQuery]] = GenerationMemo(size=1024)


def _read(ask: Ask) -> tuple[AnimeFilters, PageQuery]:
    """What the query string asks for. Visitors ask for the same few things: those are read once a generation and day."""
    if ask.raw is None or "q" in ask.params:  # what a search finds is kept with its filters and changes without them
        return AnimeFilters.of(ask.params, ask.user), PageQuery.of(ask.params)
    key = (ask.raw, timezone.now().date())
    return _readings.get(key, lambda: (AnimeFilters.of(ask.params, ask.user), PageQuery.of(ask.params)))


@lru_cache(maxsize=1024)
def _head(path: str, raw: str, query: PageQuery, count: int) -> bytes:
    """The envelope of a page up to its results."""
    return json_bytes(page_head(path, QueryDict(raw.encode("latin-1")), query, count))[:-1]


def _walk_body(ask: Ask, filters: AnimeFilters, size: int) -> bytes:
    walk = anime_walk(filters, ask.params.get("cursor", ""), size)
    return envelope_body(
        {"next": _cursor(ask, walk.next), "previous": _cursor(ask, walk.previous)},
        walk.cards,
    )


def _cursor(ask: Ask, cursor: str | None) -> str | None:
    return page_address(ask.path, ask.params, cursor=cursor, page=None) if cursor else None


class AnimeSearch(DocumentView):
    scopes = Scope.CATALOG_READ
    query = SEARCH_PARAMETERS
    also_answers = ADULT_ANSWER

    @extend_schema(parameters=[*SEARCH, *PAGES], responses=SearchPageOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Find anime by any of their names in any language; slips are forgiven."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        query = PageQuery.of(ask.params)
        found = anime_search(search_of(ask.params, ask.user), query)
        items = [extended(item.card, matched_title=item.matched_title) for item in found.items]
        return Document(page_body(ask.path, ask.params, query, count=found.count, items=items))


class AnimeDetail(DocumentView):
    scopes = Scope.CATALOG_READ
    query = NOTHING
    also_answers = HIDDEN_ANSWER

    @extend_schema(responses=DetailOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Everything of one anime. 410 `anime_hidden` when it was taken down."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, id: int, **kwargs: Any) -> Document:
        found = anime_detail(ask.user, id)
        return Document(found.text, etag=found.etag, modified=found.modified)


class AnimeByShikimori(AnimeDetail):
    @extend_schema(responses=DetailOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The same record by its Shikimori id. 404 when it is unknown here."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, sid: str, **kwargs: Any) -> Document:
        return super().document(ask, id=get_anime_id(sid))


class AnimeEpisodes(DocumentView):
    scopes = Scope.CATALOG_READ
    query = NOTHING
    also_answers = {**RESTRICTED_ANSWER, "403": "Player restricted"}

    @extend_schema(responses=EpisodeOut(many=True))
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The episodes with all they play from. 410 `anime_hidden`; 403 `player_restricted` with `moderation_reason`."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, id: int, **kwargs: Any) -> Document:
        return Document(json_bytes(anime_episodes(get_anime(ask.user, id, for_player=True))))


class AnimeSimilar(DocumentView):
    scopes = Scope.CATALOG_READ
    query = frozenset({"limit"})
    also_answers = HIDDEN_ANSWER

    @extend_schema(parameters=[LIMIT], responses=SimilarOut(many=True))
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Anime like this one, by genres, tags, studio, relations and who liked both; best first."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, id: int, **kwargs: Any) -> Document:
        limit = whole_number(ask.params, "limit", 20, highest=50)
        found = anime_similar(get_anime(ask.user, id), limit=limit, shows_hidden=sees_hidden(ask.user))
        return Document(array_body(extended(item.card, similarity=item.score) for item in found))


class AnimeRelated(DocumentView):
    scopes = Scope.CATALOG_READ
    query = NOTHING
    also_answers = HIDDEN_ANSWER

    @extend_schema(responses=RelatedOut(many=True))
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The whole franchise but this anime, in watch order."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, id: int, **kwargs: Any) -> Document:
        anime = get_anime(ask.user, id)
        members = franchise(anime, shows_hidden=sees_hidden(ask.user))
        return Document(
            array_body(
                extended(member.card, relation=member.relation, watch_order=member.watch_order)
                for member in members
                if member.anime_id != anime.pk
            )
        )
