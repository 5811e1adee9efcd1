"""Anime by MAL's genres, the best rated first."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from accounts.facade import sees_adult, sees_hidden
from core.api.documents import Ask, Document, DocumentView
from core.api.pagination import MAX_PAGE, whole_number
from core.api.renderers import json_bytes
from core.api.scopes import Scope
from core.errors import ValidationFailed
from providers.api.serializers.home import GenrePageOut
from providers.selectors.genres import GenrePage, genre_page

_PARAMETERS = [
    OpenApiParameter("genre", OpenApiTypes.STR, description="A name (“slice of life”) or MAL's number.", required=True),
    OpenApiParameter("page", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE}, description="Of ten each."),
]


class ProvidersGenres(DocumentView):
    scopes = Scope.CATALOG_READ
    query = frozenset({"genre", "page"})

    @extend_schema(parameters=_PARAMETERS, responses=GenrePageOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Anime of a genre, theme or demographic of MAL, ten a page by score. 422 `genre_unknown` for another one."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        page = whole_number(ask.params, "page", 1, highest=MAX_PAGE)
        asked = ask.params.get("genre", "").strip()
        if not asked:
            raise ValidationFailed({"genre": [_("A genre's name or number.")]})
        found = genre_page(asked, page=page, adult=sees_adult(ask.user), shows_hidden=sees_hidden(ask.user))
        return Document(json_bytes(page_body(found)))


def page_body(found: GenrePage) -> dict[str, Any]:
    """The answer as JSON may say it."""
    results = [
        {"mal_id": one.mal_id, "anime_id": one.anime_id, "name": one.name, "cover": one.cover} for one in found.items
    ]
    return {
        "genre_id": found.genre_id,
        "page": found.page,
        "has_next_page": found.has_next,
        "count": len(results),
        "results": results,
    }
