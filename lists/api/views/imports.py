"""`/anime-list/imports`: bring in a list, look through it, apply it, take it back."""

import uuid
from typing import Any, ClassVar, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.pagination import PageQuery, page_envelope
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from lists.api.serializers.imports import (
    ImportApplyIn,
    ImportIn,
    ImportOut,
    ImportPageOut,
    ImportRowIn,
    ImportRowOut,
    ImportRowPageOut,
)
from lists.importing.errors import ListFileTooLarge
from lists.limits import IMPORT_UPLOADS
from lists.models import ListImport, RowOutcome
from lists.selectors import imports as selectors
from lists.services import imports as services
from lists.services.import_reading import candidates_complete

ENVELOPE = 256 * 1024  # bytes of a form around its file
_READ_WRITE = {
    "GET": Scope.LISTS_READ,
    "POST": Scope.LISTS_WRITE,
    "PATCH": Scope.LISTS_WRITE,
    "DELETE": Scope.LISTS_WRITE,
}
_PRIVATE = {"Cache-Control": "private, no-store"}
_PAGING = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]


def _said(list_import: ListImport, status: int = 200) -> Response:
    found = selectors.imports_shown([list_import])[0]
    return Response(ImportOut(found).data, status=status, headers=_PRIVATE)


class Imports(View):
    scopes = _READ_WRITE
    access = SignedIn
    limits = {"POST": (IMPORT_UPLOADS,)}
    parser_classes: ClassVar[Any] = (MultiPartParser,)
    query = frozenset({"page", "page_size"})
    also_answers = {"409": "`import_running`: another one is worked on (`import_id`)"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A larger body is refused before it is read."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > services.UPLOAD_BYTES + ENVELOPE:
            raise ListFileTooLarge()
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="imports_list", parameters=_PAGING, responses=ImportPageOut, tags=["Imports"])
    def get(self, request: Request) -> Response:
        """The caller's imports, newest first."""
        page = PageQuery.of(request.query_params)
        rows = selectors.imports_of(cast(User, request.user))
        shown = selectors.imports_shown(rows[page.offset : page.offset + page.size])
        results = ImportOut(shown, many=True).data
        return Response(
            page_envelope(request.path, request.query_params, page, count=rows.count(), results=results),
            headers=_PRIVATE,
        )

    @extend_schema(
        operation_id="imports_create",
        request={"multipart/form-data": ImportIn},
        responses={202: ImportOut},
        tags=["Imports"],
    )
    def post(self, request: Request) -> Response:
        """Bring a list: MyAnimeList XML, AniList JSON, Kitsu, Shikimori JSON or XML, Yamtrack CSV, Hiroba JSON.

        A job reads it and holds it against the list ("previewed", or "failed" with `error`); nothing of the list changes
        before it is applied. At most 20 MB, 20 an hour, one at a time.
        """
        data = self.parse(ImportIn)
        file = data["file"]
        found = services.import_start(
            user=cast(User, request.user), file=file, file_name=file.name or "", format=data["format"]
        )
        return _said(found, status=202)


class ImportDetail(View):
    scopes = _READ_WRITE
    access = SignedIn
    query = frozenset()
    also_answers = {"409": "`import_running`: it is worked on"}

    @extend_schema(operation_id="imports_get", responses=ImportOut, tags=["Imports"])
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One import: its state, its numbers, how far the job is."""
        return _said(selectors.import_get(cast(User, request.user), id))

    @extend_schema(operation_id="imports_discard", responses={204: None}, tags=["Imports"])
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        """Forget an import with its lines; what it changed on the list stays."""
        services.import_discard(list_import=selectors.import_get(cast(User, request.user), id))
        return Response(status=204)


class ImportRows(View):
    scopes = Scope.LISTS_READ
    access = SignedIn
    query = frozenset({"page", "page_size", "outcome"})
    also_answers = {"410": "`import_expired`: lines are kept for 90 days"}

    @extend_schema(
        operation_id="imports_rows",
        parameters=[*_PAGING, OpenApiParameter("outcome", str, enum=RowOutcome.values)],
        responses=ImportRowPageOut,
        tags=["Imports"],
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """The lines in the order of the file, all or those of one outcome."""
        user, page = cast(User, request.user), PageQuery.of(request.query_params)
        outcome = request.query_params.get("outcome", "")
        if outcome and outcome not in RowOutcome.values:
            raise ValidationFailed({"outcome": [", ".join(RowOutcome.values)]})
        list_import = selectors.import_get(user, id)
        rows = selectors.import_rows(list_import, outcome=outcome)
        if not (count := rows.count()):
            services.lines_check(list_import)
        shown = list(rows[page.offset : page.offset + page.size])
        candidates_complete(user=user, rows=shown)
        results = ImportRowOut(shown, many=True).data
        return Response(page_envelope(request.path, request.query_params, page, count=count, results=results))


class ImportRow(View):
    scopes = Scope.LISTS_WRITE
    access = SignedIn
    also_answers = {"409": "`import_not_ready`: it is applied already", "410": "The anime is hidden (`anime_hidden`)"}

    @extend_schema(operation_id="imports_row_choose", request=ImportRowIn, responses=ImportRowOut, tags=["Imports"])
    def patch(self, request: Request, id: uuid.UUID, position: int) -> Response:
        """Say what becomes of one line, before the import is applied."""
        data = self.parse(ImportRowIn)
        row = services.row_choose(
            list_import=selectors.import_get(cast(User, request.user), id),
            position=position,
            choice=data.get("choice"),
            anime_id=data.get("anime_id"),
            is_anime_said="anime_id" in data,
        )
        return Response(ImportRowOut(row).data)


class ImportApply(View):
    scopes = Scope.LISTS_WRITE
    access = SignedIn
    also_answers = {"409": "`import_not_ready` in another state, `import_running` while one is worked on"}

    @extend_schema(operation_id="imports_apply", request=ImportApplyIn, responses={202: ImportOut}, tags=["Imports"])
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Apply a previewed import under a rule; a job does it. One that stopped half-way goes on, under its rule."""
        list_import = selectors.import_get(cast(User, request.user), id)
        return _said(services.import_apply(list_import=list_import, **self.parse(ImportApplyIn)), status=202)


class ImportUndo(View):
    scopes = Scope.LISTS_WRITE
    access = SignedIn
    also_answers = {
        "409": "`import_not_ready` in another state, `import_running` while one is worked on",
        "410": "`import_expired`: after 90 days",
    }

    @extend_schema(operation_id="imports_undo", request=None, responses={202: ImportOut}, tags=["Imports"])
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take an applied import back; a job does it. Entries that were changed since are left as they are, and told."""
        return _said(services.import_undo(list_import=selectors.import_get(cast(User, request.user), id)), status=202)
