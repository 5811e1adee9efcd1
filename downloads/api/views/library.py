"""`/admin/library/files`, `/admin/library/scans`, `/admin/library/recycled`: what lies in the library's folders."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from accounts.facade import User
from core.api.pagination import PageQuery, page_envelope
from core.api.views import Response, View
from core.errors import ValidationFailed
from downloads.api.serializers.library import (
    DecisionIn,
    LibraryFilePageOut,
    RecycledOut,
    RecycledPageOut,
    RestoredOut,
    ScanIn,
    ScanningOut,
    ScanStartedOut,
    SuggestedFileOut,
)
from downloads.api.views.downloads import PRIVATE, TAGS, Admin
from downloads.library.deciding import file_assign, file_forget_decision, file_ignore
from downloads.library.jobs import scan_request
from downloads.library.listing import file_get, files_in, scanning
from downloads.library.restoring import file_restore
from downloads.library.selectors import files_counts, scan_running, suggestions_fill
from downloads.models import FileState, LibraryFile
from downloads.placing.recycling import recycled_list

_PAGING = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]


class AdminLibraryFiles(View):
    access = Admin
    query = frozenset({"state", "q", "page", "page_size"})

    @extend_schema(
        operation_id="admin_library_files_list",
        parameters=[
            OpenApiParameter("state", str, enum=FileState.values, description="Default unmatched."),
            OpenApiParameter("q", str, description="Words of the path, all of them, whatever their order."),
            *_PAGING,
        ],
        responses=LibraryFilePageOut,
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """Files of one state by path; those that nobody recognised with what they may be."""
        page, state = PageQuery.of(request.query_params), request.query_params.get("state") or FileState.UNMATCHED
        if state not in FileState.values:
            raise ValidationFailed({"state": [_("One of: %(names)s.") % {"names": ", ".join(FileState.values)}]})
        rows = files_in(state, q=request.query_params.get("q", ""))
        files = suggestions_fill(list(rows[page.offset : page.offset + page.size]))
        results = [dict(SuggestedFileOut(file).data) for file in files]
        body = page_envelope(request.path, request.query_params, page, count=rows.count(), results=results)
        return Response(body, headers=PRIVATE)


class AdminLibraryFile(View):
    access = Admin

    @extend_schema(operation_id="admin_library_file_decide", request=DecisionIn, responses=SuggestedFileOut, tags=TAGS)
    def patch(self, request: Request, file_id: int) -> Response:
        """Say which episode a file is, that it is none, or take back what a person said. It stands over every scan."""
        file, data = file_get(file_id), self.parse(DecisionIn)
        _decide(cast(User, request.user), file, data)
        (shown,) = suggestions_fill([file_get(file_id)])
        return Response(SuggestedFileOut(shown).data, headers=PRIVATE)


def _decide(actor: User, file: LibraryFile, data: dict[str, Any]) -> None:
    if data.get("ignore"):
        file_ignore(actor=actor, file=file)
    elif data.get("forget"):
        file_forget_decision(actor=actor, file=file)
    else:
        kind, first, last = data.get("kind", "regular"), data["first"], data.get("last")
        file_assign(actor=actor, file=file, anime_id=data["anime_id"], kind=kind, first=first, last=last)


class AdminScans(View):
    access = Admin
    query = frozenset()

    @extend_schema(operation_id="admin_library_scans_get", responses=ScanningOut, tags=TAGS)
    def get(self, request: Request) -> Response:
        """The scan that ended last, the one that runs with how far it is, and how many files there are of each state."""
        found = scanning()
        shown = {"job": found.job, "running": found.running, "last": found.last, "counts": files_counts()}
        return Response(ScanningOut(shown).data, headers=PRIVATE)

    @extend_schema(operation_id="admin_library_scans_start", request=ScanIn, responses={202: ScanStartedOut}, tags=TAGS)
    def post(self, request: Request) -> Response:
        """Read the library's folders soon. Asked again before it is done, it is the same job.

        When nearly all files are gone a scan fails with `library_missing`, unless it is `sure`.
        """
        job = scan_request(cast(User, request.user), is_sure=self.parse(ScanIn)["sure"])
        shown = {"job": job, "scan": scan_running()}
        return Response(ScanStartedOut(shown).data, status=202, headers=PRIVATE)


class AdminRecycled(View):
    access = Admin
    query = frozenset({"page", "page_size"})

    @extend_schema(operation_id="admin_library_recycled_list", parameters=_PAGING, responses=RecycledPageOut, tags=TAGS)
    def get(self, request: Request) -> Response:
        """What was replaced or removed and can be had back, newest first."""
        page, found = PageQuery.of(request.query_params), recycled_list()
        results = list(RecycledOut(found[page.offset : page.offset + page.size], many=True).data)
        body = page_envelope(request.path, request.query_params, page, count=len(found), results=results)
        return Response(body, headers=PRIVATE)


class AdminRecycledRestore(View):
    access = Admin

    @extend_schema(operation_id="admin_library_recycled_restore", request=None, responses=RestoredOut, tags=TAGS)
    def post(self, request: Request, name: str) -> Response:
        """Put a file back where it was; its folder is read again at once."""
        path = file_restore(actor=cast(User, request.user), name=name)
        return Response({"path": path}, headers=PRIVATE)
