"""`/anime-list/bulk`: many entries of the caller's list at once."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.throttles import Limit
from lists import services
from lists.api.serializers.entries import BulkIn, BulkOut, BulkUndoneOut
from lists.models import ChangeSource

BULK_RATE = Limit("lists-bulk", 60, 60)


class EntriesBulk(View):
    access, scopes = SignedIn, Scope.LISTS_WRITE
    limits = {"POST": (BULK_RATE,)}

    @extend_schema(operation_id="anime_list_bulk", tags=["Anime list"], request=BulkIn, responses={200: BulkOut})
    def post(self, request: Request) -> Response:
        """Change or remove up to 500 entries alike. Anime that are not on the list join it when a status is given."""
        data = self.parse(BulkIn)
        done = services.entries_change(user=request.user, source=ChangeSource.API, **data)
        return Response(BulkOut(done).data)


class EntriesBulkUndo(View):
    access, scopes = SignedIn, Scope.LISTS_WRITE
    limits = {"POST": (BULK_RATE,)}
    also_answers = {"409": "Undone already"}

    @extend_schema(operation_id="anime_list_bulk_undo", tags=["Anime list"], request=None, responses=BulkUndoneOut)
    def post(self, request: Request, batch: UUID) -> Response:
        """Take a bulk edit back, entry by entry where nothing newer stands on it."""
        return Response(BulkUndoneOut(services.batch_undo(user=request.user, batch=batch)).data)
