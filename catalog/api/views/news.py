"""What is to come, and what became watchable lately."""

from typing import Any

from drf_spectacular.utils import extend_schema

from accounts.facade import sees_hidden
from catalog.api.bodies import extended, page_body
from catalog.api.parameters import ADULT_ANSWER, ADULT_FLAG, PAGES
from catalog.api.serializers.calendar import UpcomingPageOut, UpdatedPageOut
from catalog.api.views.calendar import with_adult
from catalog.selectors.news import anime_upcoming, anime_updated
from core.api.documents import Ask, Document, DocumentView
from core.api.pagination import PageQuery
from core.api.scopes import Scope

_QUERY = frozenset({"page", "page_size", "adult"})


class AnimeUpcoming(DocumentView):
    scopes = Scope.CATALOG_READ
    query = _QUERY
    also_answers = ADULT_ANSWER

    @extend_schema(parameters=[*PAGES, ADULT_FLAG], responses=UpcomingPageOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """What has not begun yet, by its first day; without a known day last, by how many wait for it."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        query = PageQuery.of(ask.params)
        found = anime_upcoming(adult=with_adult(ask.params, ask.user), shows_hidden=sees_hidden(ask.user))
        shown = found[query.offset : query.offset + query.size]
        items = [extended(one.card, starts_at=one.starts_at) for one in shown]
        return Document(page_body(ask.path, ask.params, query, count=len(found), items=items))


class AnimeUpdated(DocumentView):
    scopes = Scope.CATALOG_READ
    query = _QUERY
    also_answers = ADULT_ANSWER

    @extend_schema(parameters=[*PAGES, ADULT_FLAG], responses=UpdatedPageOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Anime with a new episode, to watch here or seen elsewhere, the newest first; each once."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        query = PageQuery.of(ask.params)
        found = anime_updated(adult=with_adult(ask.params, ask.user), shows_hidden=sees_hidden(ask.user))
        items = [
            extended(
                one.card,
                episode=one.episode,
                updated_at=one.at,
                kinds=one.kinds,
                is_playable=one.is_playable,
                site=one.site,
            )
            for one in found[query.offset : query.offset + query.size]
        ]
        body = page_body(ask.path, ask.params, query, count=len(found), items=items)
        return Document(body, is_shared=False)
