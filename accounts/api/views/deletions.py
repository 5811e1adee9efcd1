"""The end of an account: where it stands, the code, the confirmation, the change of mind."""

from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import current_session
from accounts.api.serializers.deletions import DeletionConfirmIn, DeletionOut
from accounts.limits import DELETION_CONFIRM, DELETION_REQUEST
from accounts.models import User
from accounts.selectors.deletions import deletion_status
from accounts.services import deletions
from core.api.permissions import SignedIn
from core.api.views import View

_PRIVATE = {"Cache-Control": "private, no-store"}
_CONFIRMED = OpenApiExample(
    "In the days of grace",
    value={
        "status": "confirmed",
        "requested_at": "2026-01-01T12:00:00Z",
        "confirmed_at": "2026-01-01T12:03:00Z",
        "due_at": "2026-01-08T12:03:00Z",
    },
    response_only=True,
)


class Deletion(View):
    access = SignedIn
    query = frozenset()
    also_answers = {"404": "No deletion is pending"}

    @extend_schema(operation_id="users_me_deletion", tags=["Users"], responses=DeletionOut, examples=[_CONFIRMED])
    def get(self, request: Request) -> Response:
        """Where the deletion of one's account stands: `none`, `requested` (a code is under way) or `confirmed`."""
        return Response(DeletionOut(deletion_status(cast(User, request.user))).data, headers=_PRIVATE)

    @extend_schema(operation_id="users_me_deletion_cancel", tags=["Users"], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Cancel it during the days of grace, or take back a request. 404 `no_deletion_pending` when there is none."""
        deletions.deletion_cancel(user=cast(User, request.user))
        return Response(status=204)


class DeletionRequest(View):
    access = SignedIn
    limits = {"POST": (DELETION_REQUEST,)}
    also_answers = {"409": "Confirmed already, or the last superadmin"}

    @extend_schema(operation_id="users_me_deletion_request", tags=["Users"], request=None, responses={202: DeletionOut})
    def post(self, request: Request) -> Response:
        """Step 1: a code is mailed to the account's address; it works for 30 minutes. 3 per hour per user.

        409 `deletion_pending` when it is confirmed already, 409 `last_superadmin`.
        """
        status = deletions.deletion_request(user=cast(User, request.user))
        return Response(DeletionOut(status).data, status=202, headers=_PRIVATE)


class DeletionConfirm(View):
    access = SignedIn
    limits = {"POST": (DELETION_CONFIRM,)}
    also_answers = {"409": "Confirmed already, or the last superadmin"}

    @extend_schema(
        operation_id="users_me_deletion_confirm",
        tags=["Users"],
        request=DeletionConfirmIn,
        responses=DeletionOut,
        examples=[_CONFIRMED],
    )
    def post(self, request: Request) -> Response:
        """Step 2: the account is hidden from others at once and erased in 7 days unless it is cancelled before.

        Every other session, all API keys and push devices end; the caller stays signed in. 422 `email_code_invalid` for a
        code that is wrong, used or over; 10 tries per hour.
        """
        data = self.parse(DeletionConfirmIn)
        keep = current_session(request)
        status = deletions.deletion_confirm(user=cast(User, request.user), code=data["code"], keep=keep)
        return Response(DeletionOut(status).data, headers=_PRIVATE)
