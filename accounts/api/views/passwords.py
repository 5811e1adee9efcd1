"""Forgotten, reset, set and changed passwords."""

from typing import cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits
from accounts.access import current_session
from accounts.api.serializers.email import EmailIn, SaidOut
from accounts.api.serializers.passwords import PasswordIn, ResetPasswordIn
from accounts.api.signed_in import device_tokens
from accounts.api.views.sign_in import Entrance
from accounts.kept_sign_in import sign_in_keep
from accounts.models import User
from accounts.services import passwords
from core.api.permissions import SignedIn
from core.api.views import View
from core.proxies import client_address


class ForgotPassword(Entrance):
    limits = {"POST": (limits.FORGOT_PASSWORD,)}

    @extend_schema(operation_id="auth_forgot_password", tags=["Authentication"], request=EmailIn, responses=SaidOut)
    def post(self, request: Request) -> Response:
        """Mail a link to choose a new password if the address has an account; always 200. 2 in 5 minutes per address."""
        passwords.password_forgotten(email=self.parse(EmailIn)["email"])
        return Response({"detail": _("If that address belongs to an account, a link is on its way.")})


class ResetPassword(Entrance):
    limits = {"POST": (limits.RESET_PASSWORD,)}

    @extend_schema(
        operation_id="auth_reset_password", tags=["Authentication"], request=ResetPasswordIn, responses=SaidOut
    )
    def post(self, request: Request) -> Response:
        """Choose a new password with the token of a mailed link (an hour, once). 5 a minute per address.

        Every session of the account ends, in apps and on the site. None begins: the next sign-in asks for the second factor
        as ever. A password that is refused (422 `validation_failed`) leaves the token as it was.
        """
        passwords.password_reset(**self.parse(ResetPasswordIn))
        return Response({"detail": _("Your password is changed. Sign in with it.")})


class Password(View):
    access = SignedIn
    limits = {"POST": (limits.PASSWORD,)}

    @extend_schema(operation_id="auth_password", tags=["Authentication"], request=PasswordIn, responses=SaidOut)
    def post(self, request: Request) -> Response:
        """Set or change the password. Every other session of the account ends; the caller's goes on.

        An account with a password gives `current_password` (a wrong one counts into the lock-out of sign-in: 429
        `too_many_failed_sign_ins`), one that signs in through providers only gives `confirm_email`.
        """
        user, keep = cast(User, request.user), current_session(request)
        data = self.parse(PasswordIn)
        tokens = device_tokens(request, data.pop("device_token"))
        address = client_address(request)
        passwords.password_change(user=user, **data, address=address, device_tokens=tokens, keep=keep)
        sign_in_keep(request, user)
        return Response({"detail": _("Your password is changed.")})
