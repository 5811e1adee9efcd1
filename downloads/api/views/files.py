"""`/admin/downloads/{id}/ticket` and `/downloads/{id}/file`: how a finished file gets to a browser."""

import uuid
from typing import cast

from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, OpenApiTypes, extend_schema
from rest_framework.request import Request

from accounts.facade import Role, User
from core.api.permissions import Public, role_in
from core.api.views import Response, View
from core.errors import DomainError, NotFound
from downloads.api.serializers.files import TicketOut
from downloads.models.downloads import Download
from downloads.serving.sending import PRIVATE, download_response
from downloads.serving.tickets import ticket_check, ticket_issue

Admin = role_in(Role.ADMIN, Role.SUPERADMIN)
_NO_FILE = {"409": "Not finished", "410": "The file is not kept any more"}
_FILE = {(200, "application/octet-stream"): OpenApiTypes.BINARY, (206, "application/octet-stream"): OpenApiTypes.BINARY}


class AdminDownloadTicket(View):
    access = Admin
    also_answers = _NO_FILE

    @extend_schema(operation_id="admin_downloads_ticket", request=None, responses={201: TicketOut}, tags=["Admin"])
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """A ticket for the file, good for ten minutes. 409 `download_not_ready`, 410 `download_reaped`."""
        download = Download.objects.filter(pk=id).first()
        if download is None:
            raise NotFound()
        ticket, expires_at = ticket_issue(actor=cast(User, request.user), download=download)
        url = f"{reverse('api-download-file', args=[download.pk])}?ticket={ticket}"
        told = TicketOut({"ticket": ticket, "url": url, "expires_at": expires_at}).data
        return Response(told, status=201, headers=PRIVATE)


class DownloadFile(View):
    """A link in a page leads here, and a link sends no bearer: the ticket alone counts, whoever is signed in."""

    access = Public
    authentication_classes = ()
    also_answers = _NO_FILE
    query = frozenset({"ticket"})

    @extend_schema(
        operation_id="downloads_file",
        parameters=[OpenApiParameter("ticket", str, required=True, description="From the ticket route.")],
        responses=_FILE
        | {304: OpenApiResponse(description="Current."), 416: OpenApiResponse(description="No such part.")},
        auth=[],
        tags=["Admin"],
    )
    def get(self, request: Request, id: uuid.UUID) -> HttpResponseBase:
        """The file as an attachment; `Range` as often as it takes. 401 `ticket_invalid`, 409, 410."""
        try:
            download = ticket_check(download_id=id, ticket=request.query_params.get("ticket", ""))
            return download_response(request._request, download)
        except DomainError as error:
            error.headers |= PRIVATE
            raise
