"""`/anime-list/export`: the caller's list as a file."""

from typing import cast

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from accounts.facade import User
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from lists.api.serializers.exports import ExportIn
from lists.exporting.answers import export_answer
from lists.limits import EXPORTS

_FILES = {(200, "application/json"): OpenApiTypes.OBJECT}
_FILES |= {(200, kind): OpenApiTypes.BINARY for kind in ("application/xml", "text/csv")}


class ListExport(View):
    access, scopes = SignedIn, Scope.LISTS_READ
    query = frozenset({"format"})
    limits = {"GET": (EXPORTS,)}

    @extend_schema(operation_id="anime_list_export", tags=["Imports"], parameters=[ExportIn], responses=_FILES)
    def get(self, request: Request) -> StreamingHttpResponse:
        """Every entry of the caller, private ones too, as a download in the format of another site or our own."""
        form = ExportIn(data=request.query_params)
        form.is_valid(raise_exception=True)
        return export_answer(cast(User, request.user), form.validated_data["format"])
