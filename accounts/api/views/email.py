"""Verifying and changing the e-mail address."""

from typing import cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits
from accounts.api.serializers.email import CodeIn, EmailChangeIn, EmailIn, EmailOut, SaidOut, VerifiedOut
from accounts.api.signed_in import device_tokens
from accounts.api.views.sign_in import Entrance
from accounts.models import EmailCode, User
from accounts.services import email_addresses
from accounts.services.email_codes import email_code_ask
from core.api.permissions import SignedIn
from core.api.views import View
from core.proxies import client_address

_CODE = OpenApiExample("From the mail", value={"code": "K7QF3-MX9PA"}, request_only=True)


class VerifyEmail(Entrance):
    limits = {"POST": (limits.VERIFY_EMAIL,)}

    @extend_schema(
        operation_id="auth_verify_email",
        tags=["Authentication"],
        request=CodeIn,
        responses=VerifiedOut,
        examples=[_CODE],
    )
    def post(self, request: Request) -> Response:
        """Verify an e-mail address with the code that was mailed to it; no sign-in is needed. 5 a minute per address.

        422 `email_code_invalid` for a code that is wrong, older than 24 hours, used, or replaced by a newer one.
        """
        user = email_addresses.email_verify(code=self.parse(CodeIn)["code"])
        return Response(VerifiedOut(user).data)


class RequestVerification(Entrance):
    limits = {"POST": (limits.REQUEST_VERIFICATION,)}

    @extend_schema(
        operation_id="auth_request_verification", tags=["Authentication"], request=EmailIn, responses=SaidOut
    )
    def post(self, request: Request) -> Response:
        """Mail a code to this address if an account that is not verified has it; the answer is the same either way. 2 an hour."""
        email_code_ask(email=self.parse(EmailIn)["email"], purpose=EmailCode.Purpose.VERIFY)
        return Response({"detail": _("If that address waits to be confirmed, a code is on its way.")})


class ResendVerification(View):
    access = SignedIn
    limits = {"POST": (limits.RESEND_VERIFICATION,)}
    also_answers = {"409": "Verified already"}

    @extend_schema(operation_id="auth_resend_verification", tags=["Authentication"], request=None, responses=SaidOut)
    def post(self, request: Request) -> Response:
        """Mail the signed-in account a new code; the older one ends. 2 in 5 minutes. 409 `email_already_verified`."""
        email_addresses.email_verification_resend(user=cast(User, request.user))
        return Response({"detail": _("A code is on its way.")})


class ChangeEmail(View):
    access = SignedIn
    limits = {"POST": (limits.CHANGE_EMAIL,)}
    also_answers = {"409": "The account has no password yet"}

    @extend_schema(operation_id="auth_email", tags=["Authentication"], request=EmailChangeIn, responses=SaidOut)
    def post(self, request: Request) -> Response:
        """Mail a code to a new address, which becomes the account's with `auth/email/confirm`. Nothing changes until then.

        422 when the address is taken or the password wrong (which counts into the lock-out of sign-in). 5 an hour.
        """
        data = self.parse(EmailChangeIn)
        email_addresses.email_change_ask(
            user=cast(User, request.user),
            device_tokens=device_tokens(request, data.pop("device_token")),
            address=client_address(request),
            **data,
        )
        return Response({"detail": _("A code is on its way to the new address.")})


class ConfirmEmail(View):
    access = SignedIn
    limits = {"POST": (limits.CONFIRM_EMAIL,)}

    @extend_schema(
        operation_id="auth_email_confirm",
        tags=["Authentication"],
        request=CodeIn,
        responses=EmailOut,
        examples=[_CODE],
    )
    def post(self, request: Request) -> Response:
        """Take the new address with the code that was mailed to it; the old address is told. 422 when it is taken by now."""
        user = email_addresses.email_change_confirm(user=cast(User, request.user), code=self.parse(CodeIn)["code"])
        return Response(EmailOut(user).data)
