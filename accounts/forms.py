"""Forms of the account pages."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context as allauth_context
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.api.views.sign_in import REGISTER_LIMIT
from accounts.device_cookie import cookie_read
from accounts.errors import InvalidCode, TooManyFailures
from accounts.models import User
from accounts.services.two_factor import code_confirm
from core.errors import ValidationFailed
from core.proxies import client_address
from core.throttles import throttle_check, throttle_key


class LoginForm(AllauthLoginForm):
    """allauth's sign-in, with the field named for what it takes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Username or e-mail address"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)  # it would repeat the label
        self.order_fields(["login", "password"])


class _CodeForm(forms.Form):
    """A code of the second factor of `user`; a right one is spent by checking it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> str:
        request = allauth_context.request
        try:
            code_confirm(
                user=self.user,
                code=self.cleaned_data["code"],
                address=client_address(request),
                device_tokens=cookie_read(request),
            )
        except (InvalidCode, TooManyFailures) as error:
            raise forms.ValidationError(error.title) from error
        return self.cleaned_data["code"]


class AuthenticateForm(_CodeForm):
    """The second step of allauth's sign-in: the authenticator app or a recovery code."""

    def save(self) -> None:
        record_authentication(allauth_context.request, self.user, "mfa", type="totp")


class ReauthenticateForm(_CodeForm):
    """The same, asked of somebody who is signed in before a delicate change."""

    def save(self) -> None:
        record_authentication(allauth_context.request, self.user, "mfa", type="totp", reauthenticated=True)


class TotpEnableForm(forms.Form):
    """The first code of an authenticator app."""

    code = forms.CharField(
        label=_("Code that the app shows"),
        max_length=16,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),  # the QR code comes first
    )


class TwoFactorOffForm(forms.Form):
    """The password, or a code of an account that has none."""

    password = forms.CharField(
        label=_("Password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    code = forms.CharField(
        label=_("Code of the app, or a recovery code"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code" if user.has_usable_password() else "password"]


class SignupForm(AllauthSignupForm):
    """allauth's sign-up; the service has the last word on names, so a race for one is an answer and not a fault.

    What makes an account, or tells that an address has one, counts with the API's register. A name that is taken or a
    password that is too short does not: all forms together have allauth's wider limit (ACCOUNT_RATE_LIMITS).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        for field in self.fields.values():  # they would repeat the labels
            field.widget.attrs.pop("placeholder", None)

    def validate_unique_email(self, value: str) -> str:
        try:
            return super().validate_unique_email(value)
        except forms.ValidationError:
            _sign_up_count(allauth_context.request)
            raise

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        _sign_up_count(request)
        try:
            return super().try_save(request)
        except ValidationFailed as error:
            for found in error.extra["fields"].values():
                messages.error(request, " ".join(found))
            return None, redirect("account_signup")


def _sign_up_count(request: HttpRequest) -> None:
    """One use of the limit; raises `RateLimited`, which is a page that says so."""
    throttle_check(REGISTER_LIMIT, throttle_key(REGISTER_LIMIT, request))
