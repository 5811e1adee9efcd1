"""Two-factor sign-in: set up, switch on and off, recovery codes, and the second step of signing in."""

from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits
from accounts.api.serializers.sign_in import SignedInOut
from accounts.api.serializers.two_factor import (
    RecoveryCodesOut,
    TotpEnableIn,
    TotpSetupOut,
    TwoFactorDisableIn,
    VerifyLoginIn,
)
from accounts.api.signed_in import NO_STORE, device_tokens, signed_in_respond
from accounts.api.views.sign_in import Entrance
from accounts.models import User
from accounts.qr import qr_data_url
from accounts.services import two_factor
from accounts.services.challenges import challenge_answer
from core.api.permissions import SignedIn
from core.api.views import View
from core.proxies import client_address

_CODES = OpenApiExample("Ten of them", value={"backup_codes": ["K7QF3-MX9PA", "…"]}, response_only=True)


class VerifyLogin(Entrance):
    limits = {"POST": (limits.TWO_FACTOR_VERIFY,)}

    @extend_schema(
        operation_id="auth_2fa_verify_login",
        tags=["Authentication"],
        request=VerifyLoginIn,
        responses=SignedInOut,
    )
    def post(self, request: Request) -> Response:
        """Answer the challenge of `POST /auth/login` with a code of the app or a recovery code; the tokens follow.

        401 `invalid_code` for a wrong or used code, 401 `invalid_challenge` when the challenge is over (5 minutes, 5 wrong
        codes, or answered), 429 `too_many_failed_sign_ins` after 10 wrong codes in 15 minutes per address and per account.
        """
        data = self.parse(VerifyLoginIn)
        tokens = device_tokens(request, data.get("device_token", ""))
        user = challenge_answer(
            token=data["challenge_token"],
            code=data["code"],
            address=client_address(request),
            device_tokens=tokens,
        )
        return signed_in_respond(request, user, client=data.get("client"), tokens=tokens)


class Setup(View):
    access = SignedIn
    limits = {"POST": (limits.TWO_FACTOR_SETUP,)}
    also_answers = {"409": "On already"}

    @extend_schema(operation_id="auth_2fa_setup", tags=["Authentication"], request=None, responses=TotpSetupOut)
    def post(self, request: Request) -> Response:
        """A new secret for an authenticator app, kept for 15 minutes until `enable`; an older pending one is void."""
        setup = two_factor.totp_setup(user=cast(User, request.user))
        body = {
            "secret": setup.secret,
            "provisioning_uri": setup.uri,
            "qr_code": qr_data_url(setup.uri),
            "expires_in": int(two_factor.SETUP_TIME.total_seconds()),
        }
        return Response(TotpSetupOut(body).data, headers=NO_STORE)


class Enable(View):
    access = SignedIn
    limits = {"POST": (limits.TWO_FACTOR_ENABLE,)}
    also_answers = {"409": "On already, or nothing was set up within 15 minutes"}

    @extend_schema(
        operation_id="auth_2fa_enable",
        tags=["Authentication"],
        request=TotpEnableIn,
        responses=RecoveryCodesOut,
        examples=[_CODES],
    )
    def post(self, request: Request) -> Response:
        """Switch two-factor sign-in on with a first code of the app; answers ten one-time backup codes."""
        codes = two_factor.totp_enable(user=cast(User, request.user), **self.parse(TotpEnableIn))
        return Response(RecoveryCodesOut({"backup_codes": codes}).data, headers=NO_STORE)


class Disable(View):
    access = SignedIn
    limits = {"DELETE": (limits.TWO_FACTOR_DISABLE,)}
    also_answers = {"409": "Off already"}

    @extend_schema(
        operation_id="auth_2fa_disable",
        tags=["Authentication"],
        request=TwoFactorDisableIn,
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        """Switch two-factor sign-in off. Body: `{"password": …}`, or `{"code": …}` where the account has no password.

        Wrong passwords and codes count for the lock-out of sign-in.
        """
        data = self.parse(TwoFactorDisableIn)
        two_factor.two_factor_disable(
            user=cast(User, request.user),
            device_tokens=device_tokens(request, data.pop("device_token")),
            address=client_address(request),
            **data,
        )
        return Response(status=204)


class BackupCodes(View):
    access = SignedIn
    limits = {"POST": (limits.RECOVERY_CODES,)}
    also_answers = {"409": "Two-factor sign-in is off"}

    @extend_schema(
        operation_id="auth_2fa_backup_codes",
        tags=["Authentication"],
        request=None,
        responses=RecoveryCodesOut,
        examples=[_CODES],
    )
    def post(self, request: Request) -> Response:
        """Ten new backup codes; the previous ones are invalid from now on."""
        codes = two_factor.recovery_codes_regenerate(user=cast(User, request.user))
        return Response(RecoveryCodesOut({"backup_codes": codes}).data, headers=NO_STORE)
