"""`/users/me/progress`: resume rows of the caller."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.facade import anime_ids_current
from core.api.pagination import whole_number
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from lists import services
from lists.api.serializers.progress import (
    ProgressClearedOut,
    ProgressImportIn,
    ProgressImportOut,
    ProgressIn,
    ProgressOut,
    ProgressSavedOut,
)
from lists.selectors import progress as selectors

_ANIME = OpenApiParameter("anime_id", int, description="Only the rows of this anime.")
_LIMIT = OpenApiParameter("limit", int, description="How many of the latest rows, at most 100; without anime_id only.")


def _anime_id(request: Request) -> int | None:
    """The anime that is asked for, or the one that it is part of since; None: all of them."""
    asked = whole_number(request.query_params, "anime_id", 0, highest=999_999_999)
    return anime_ids_current([asked]).get(asked, asked) if asked else None


class Progress(View):
    """Read, save and clear."""

    scopes = {"GET": Scope.LISTS_READ, "PUT": Scope.LISTS_WRITE, "DELETE": Scope.LISTS_WRITE}
    access = SignedIn
    query = frozenset({"anime_id", "limit"})
    also_answers = {"404": "No such anime"}

    @extend_schema(
        operation_id="progress_list", parameters=[_ANIME, _LIMIT], responses=ProgressOut(many=True), tags=["Progress"]
    )
    def get(self, request: Request) -> Response:
        """The rows of one anime by episode, or the latest rows of all."""
        limit = whole_number(request.query_params, "limit", selectors.LATEST_DEFAULT, highest=999_999_999)
        anime_id = _anime_id(request)
        rows = (
            selectors.progress_of_anime(request.user, anime_id)
            if anime_id
            else selectors.progress_latest(request.user, limit=limit)
        )
        return Response(ProgressOut(rows, many=True).data)

    @extend_schema(operation_id="progress_save", request=ProgressIn, responses=ProgressSavedOut, tags=["Progress"])
    def put(self, request: Request) -> Response:
        """Heartbeat: upsert one (anime, episode) row; `updated_at` is the server's now. Far enough it counts as watched."""
        data = self.parse(ProgressIn)
        saved = services.progress_save(
            user=request.user,
            anime_id=data["anime_id"],
            episode_number=data["episode_num"],
            position=data["timecode"],
            duration=data["duration"],
            translation_id=data["translation_id"],
        )
        return Response(ProgressSavedOut(saved).data)

    @extend_schema(
        operation_id="progress_clear", parameters=[_ANIME], responses={200: ProgressClearedOut}, tags=["Progress"]
    )
    def delete(self, request: Request) -> Response:
        """Clear one anime's rows, or every row; 422 for an `anime_id` without a value, which must not mean every row."""
        if request.query_params.get("anime_id") == "":
            raise ValidationFailed({"anime_id": [_("A whole number.")]})
        return Response({"deleted": services.progress_clear(user=request.user, anime_id=_anime_id(request))})


class ProgressImport(View):
    """Merge what was kept in the browser before signing in."""

    scopes = Scope.LISTS_WRITE
    access = SignedIn

    @extend_schema(
        operation_id="progress_import", request=ProgressImportIn, responses=ProgressImportOut, tags=["Progress"]
    )
    def post(self, request: Request) -> Response:
        """Newer wins per (anime, episode); at most 5,000 rows; bad rows are dropped."""
        return Response(services.progress_import(user=request.user, rows=self.parse(ProgressImportIn)["entries"]))
