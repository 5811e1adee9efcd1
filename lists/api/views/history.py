"""`/anime-list/history`: every change of a list, its undo, and the feed that others are shown."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog.facade import anime_ids_current
from core.api.pagination import MAX_PAGE_SIZE, page_address, whole_number
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from lists import services
from lists.access import get_feed
from lists.api.serializers.history import (
    ClearedOut,
    ListActivityOut,
    ListActivityPageOut,
    SharedActivityOut,
    SharedActivityPageOut,
    UndoneOut,
)
from lists.api.views.entries import LIST_LIMIT, PRIVATE
from lists.selectors.activities import ActivityPage, activities_of, activities_shown

DEFAULT_SIZE = 50
_TAGS = ["Anime list"]
_PARAMETERS = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int, description="1 to 100.")]
_ANIME = OpenApiParameter("anime_id", int, description="Only the changes of this anime's entry.")


def _size(request: Request) -> int:
    return whole_number(request.query_params, "page_size", DEFAULT_SIZE, highest=MAX_PAGE_SIZE)


def _body(request: Request, page: ActivityPage, shape: type[BaseSerializer]) -> Response:
    def address(cursor: str | None) -> str | None:
        return page_address(request.path, request.query_params, cursor=cursor) if cursor else None

    rows = shape(page.rows, many=True).data
    body = {"next": address(page.next), "previous": address(page.previous), "results": rows}
    return Response(body, headers=PRIVATE)


class History(View):
    access, query = SignedIn, frozenset({"cursor", "page_size", "anime_id"})
    scopes = {"GET": Scope.LISTS_READ, "DELETE": Scope.LISTS_WRITE}

    @extend_schema(
        operation_id="anime_list_history",
        tags=_TAGS,
        parameters=[*_PARAMETERS, _ANIME],
        responses=ListActivityPageOut,
    )
    def get(self, request: Request) -> Response:
        """Every change of the caller's list, the latest first, undone ones too."""
        asked = whole_number(request.query_params, "anime_id", 0, highest=999_999_999)
        anime_id = anime_ids_current([asked]).get(asked, asked) if asked else None
        cursor = request.query_params.get("cursor")
        page = activities_of(request.user, before=cursor, limit=_size(request), anime_id=anime_id)
        return _body(request, page, ListActivityOut)

    @extend_schema(operation_id="anime_list_history_clear", tags=_TAGS, request=None, responses={200: ClearedOut})
    def delete(self, request: Request) -> Response:
        """Forget the history. The list and what was seen when stay; nothing of before can be undone."""
        return Response({"deleted": services.activities_clear(user=request.user)})


class HistoryUndo(View):
    access, scopes = SignedIn, Scope.LISTS_WRITE
    also_answers = {"409": "Undone already, or changed since"}

    @extend_schema(operation_id="anime_list_history_undo", tags=_TAGS, request=None, responses=UndoneOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Put an entry back to how it was before one change."""
        return Response(UndoneOut(services.activity_undo(user=request.user, activity_id=id)).data)


class UserHistory(View):
    access, scopes, query = Public, Scope.LISTS_READ, frozenset({"cursor", "page_size"})
    limits = {"GET": (LIST_LIMIT,)}

    @extend_schema(
        operation_id="user_anime_list_history",
        tags=_TAGS,
        parameters=_PARAMETERS,
        responses=SharedActivityPageOut,
    )
    def get(self, request: Request, username: str) -> Response:
        """What somebody did on their list, where they show it (404 otherwise): without private entries and imports."""
        owner, cursor = get_feed(request.user, username).owner, request.query_params.get("cursor")
        page = activities_shown(request.user, owner, before=cursor, limit=_size(request))
        return _body(request, page, SharedActivityOut)
