"""How allauth's pages use our accounts: the same checks, lock-out and services as the API."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest

from accounts import validation
from accounts.errors import InvalidCredentials, TooManyFailures
from accounts.links import link_base, public_url
from accounts.models import User
from accounts.services.sign_in import credentials_match
from accounts.services.users import email_verified_set, password_set, user_register
from core.proxies import client_address


class AccountAdapter(DefaultAccountAdapter):
    """allauth keeps the pages and the mails; names, passwords and the lock-out are ours."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, suspended or not (allauth sends those to their page), None when it is not right."""
        try:
            return credentials_match(
                identifier=credentials.get("username") or credentials.get("email") or "",
                password=credentials.get("password") or "",
                address=client_address(request),
            )
        except TooManyFailures as error:
            raise self.validation_error("too_many_login_attempts") from error
        except InvalidCredentials:
            return None

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return validation.username_clean(username)

    def clean_password(self, password: str, user: User | None = None) -> str:
        return validation.password_clean(password, user)

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        data = form.cleaned_data
        return user_register(username=data["username"], email=data["email"], password=data["password1"])

    def set_password(self, user: User, password: str) -> None:
        password_set(user=user, password=password)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed:
            email_verified_set(user=email_address.user, email=email_address.email)
        return is_confirmed

    def get_reset_password_from_key_url(self, key: str) -> str:
        return public_url(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return public_url(super().get_email_confirmation_url(request, emailconfirmation))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # allauth names the site after the request's host; the templates get the operator's name and address instead.
        site = SimpleNamespace(name=settings.SITE_NAME, domain=urlsplit(link_base()).netloc)
        super().send_mail(template_prefix, email, {**context, "current_site": site})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/settings"
