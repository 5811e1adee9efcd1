"""A person's own data: at once as JSON, or as a ZIP that a job makes."""

import uuid
from collections.abc import Iterable
from typing import cast

from django.core.files import File
from django.http import FileResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers.exports import ExportOut, PersonalDataOut
from accounts.limits import EXPORT_DOWNLOAD, EXPORT_REQUEST
from accounts.models import User
from accounts.selectors.exports import export_get, exports_of
from accounts.services.export_files import export_json
from accounts.services.exports import export_file_name, export_open, export_request
from core.api.permissions import SignedIn
from core.api.views import View

_DOWNLOADS = {"GET": (EXPORT_DOWNLOAD,), "HEAD": (EXPORT_DOWNLOAD,)}
_PRIVATE = {"Cache-Control": "private, no-store"}
_EXPORT = OpenApiExample(
    "One that is being made",
    value={
        "id": "0199d5a0-0000-7000-8000-000000000001",
        "state": "running",
        "stage": "lists/progress",
        "progress": 61.3,
        "bytes": 0,
        "created_at": "2026-01-01T12:00:00Z",
        "finished_at": None,
        "expires_at": None,
    },
    response_only=True,
)


def _attachment(pieces: Iterable[bytes], *, name: str, kind: str) -> StreamingHttpResponse:
    """A download that no cache keeps; a file says how long it is and is closed with the response."""
    response = (
        FileResponse(pieces, as_attachment=True, filename=name, content_type=kind)
        if isinstance(pieces, File)
        else StreamingHttpResponse(
            pieces, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


class PersonalData(View):
    access = SignedIn
    query = frozenset()
    limits = _DOWNLOADS

    @extend_schema(operation_id="users_me_export", tags=["Users"], responses=PersonalDataOut)
    def get(self, request: Request) -> StreamingHttpResponse:
        """Export all personal data as a JSON download. 3 downloads per hour per user, those of the ZIP included."""
        user = cast(User, request.user)
        name = export_file_name(user_id=user.pk, extension="json")
        return _attachment(export_json(user=user), name=name, kind="application/json")


class Exports(View):
    access = SignedIn
    query = frozenset()
    limits = {"POST": (EXPORT_REQUEST,)}
    also_answers = {"409": "One is being made: `export_id` names it"}

    @extend_schema(operation_id="users_me_exports_list", tags=["Users"], responses=ExportOut(many=True))
    def get(self, request: Request) -> Response:
        """The copies of one's data that are kept or being made, newest first."""
        return Response(ExportOut(exports_of(cast(User, request.user)), many=True).data, headers=_PRIVATE)

    @extend_schema(
        operation_id="users_me_exports_create",
        tags=["Users"],
        request=None,
        responses={202: ExportOut},
        examples=[_EXPORT],
    )
    def post(self, request: Request) -> Response:
        """Ask for a ZIP of everything about oneself: one JSON file a part, an index, the avatar.

        A job makes it; the older copy is replaced once the new one is ready, which is kept for seven days. 409
        `export_running` with `export_id` while one is being made.
        """
        export = export_request(user=cast(User, request.user))
        return Response(ExportOut(export).data, status=202, headers=_PRIVATE)


class ExportDetail(View):
    access = SignedIn
    query = frozenset()

    @extend_schema(operation_id="users_me_exports_get", tags=["Users"], responses=ExportOut, examples=[_EXPORT])
    def get(self, request: Request, export_id: uuid.UUID) -> Response:
        """How far one copy is."""
        export = export_get(user=cast(User, request.user), export_id=export_id)
        return Response(ExportOut(export).data, headers=_PRIVATE)


class ExportDownload(View):
    access = SignedIn
    query = frozenset()
    limits = _DOWNLOADS
    also_answers = {"409": "Not ready yet", "410": "No longer kept"}

    @extend_schema(
        operation_id="users_me_exports_download",
        tags=["Users"],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, export_id: uuid.UUID) -> StreamingHttpResponse:
        """The ZIP. 3 downloads per hour per user, those of the JSON included; 410 `export_expired` after seven days."""
        export = export_get(user=cast(User, request.user), export_id=export_id)
        name = export_file_name(user_id=export.user_id, extension="zip")
        return _attachment(export_open(export=export), name=name, kind="application/zip")
