"""How allauth's pages use our accounts: the same checks, lock-out and services as the API."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_login_redirect_url
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts import device_cookie, validation
from accounts.access import current_session
from accounts.errors import InvalidCredentials, TooManyFailures
from accounts.links import link_base
from accounts.models import User
from accounts.services.known_devices import device_remember
from accounts.services.mails import mail_queue
from accounts.services.passwords import password_set
from accounts.services.sign_in import credentials_match
from accounts.services.users import user_register
from core.proxies import client_address, network_of

_BEGUN_BY = "sign_in_begun_by"  # in the site session: a keyed hash of the password's hash, as Django's own is


class AccountAdapter(DefaultAccountAdapter):
    """allauth keeps some pages; names, passwords, mails and the lock-out are ours."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom allauth's limits count: all of an IPv6 customer's /64 is one, as in ours."""
        return network_of(client_address(request))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, suspended or not (allauth sends those to their page), None when it is not right."""
        try:
            return credentials_match(
                identifier=credentials.get("username") or credentials.get("email") or "",
                password=credentials.get("password") or "",
                address=client_address(request),
                device_tokens=device_cookie.cookie_read(request),
            )
        except TooManyFailures as error:
            raise self.validation_error("too_many_login_attempts") from error
        except InvalidCredentials:
            return None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Note by which password a sign-in begins."""
        request.session[_BEGUN_BY] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: User) -> None:
        """allauth looks when a sign-in begins, and its last step may come minutes later: whoever was suspended since stays
        out, and a password that was changed since has no sign-in left (threat 26)."""
        begun_by = request.session.pop(_BEGUN_BY, "")
        if not user.is_active or user.erased_at is not None:
            clear_login(request)
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        if not constant_time_compare(begun_by, user.get_session_auth_hash()):
            clear_login(request)
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Whatever way somebody came in by, this browser is known from now on; who is new sets their account up first."""
        if kwargs.get("signup") and user.setup_completed_at is None:
            wanted = get_login_redirect_url(request, kwargs.get("redirect_url"))
            query = f"?{urlencode({'next': wanted})}" if wanted != "/" else ""
            kwargs["redirect_url"] = reverse("onboarding") + query
        response = super().post_login(request, user, **kwargs)
        kept = device_remember(
            user=user,
            tokens=device_cookie.cookie_read(request),
            device=request.headers.get("User-Agent", ""),
            address=client_address(request),
        )
        device_cookie.cookie_set(response, request, kept)
        return response

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return validation.username_clean(username)

    def clean_password(self, password: str, user: User | None = None) -> str:
        return validation.password_clean(password, user)

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        data = form.cleaned_data
        return user_register(username=data["username"], email=data["email"], password=data["password1"])

    def set_password(self, user: User, password: str) -> None:
        request = allauth_context.request
        keep = current_session(request) if request is not None and request.user == user else None
        password_set(user=user, password=password, keep=keep)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Ours replace allauth's mails; one of a page that comes back leaves by the same door, on the operator's address."""
        site = SimpleNamespace(name=settings.SITE_NAME, domain=urlsplit(link_base()).netloc)
        message = self.render_mail(template_prefix, email, {**context, "current_site": site})
        mail_queue(to=email, template=template_prefix, subject=message.subject, text=str(message.body))
