"""The way to a provider and back: where people are sent, and what happens with whom the provider names.

allauth keeps the protocol (state in the browser's session, PKCE, the exchange) and the site's sign-in with its stages;
`SocialAdapter.pre_social_login` hands over here, between the two.
"""

import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.socialaccount.internal.flows.signup import clear_pending_signup, get_pending_signup, redirect_to_signup
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.errors import AccountInactive
from accounts.models import User
from accounts.oauth import deep_links, link_tokens
from accounts.oauth.deep_links import DeepLink
from accounts.oauth.errors import EmailInUse, LinkExpired, OtherPersonSignedIn, PkceRequired
from accounts.oauth.providers import NAMES, provider_get
from accounts.selectors.two_factor import is_two_factor_on
from accounts.selectors.users import user_by_email
from accounts.services.challenges import challenge_start
from accounts.services.oauth import Identity, grant_issue, oauth_link, oauth_sign_up
from accounts.services.sign_in import sign_in_complete
from core.errors import DomainError
from core.proxies import client_address
from core.site.own_addresses import own_address

if TYPE_CHECKING:
    from collections.abc import Mapping

PENDING_SECONDS = 30 * 60  # how long somebody may take for the page that asks for an address, or to confirm a linking
PENDING_LINK_KEY = "oauth_pending_link"
EMAIL_MAX = 254
_PROCESS = "login"


def oauth_begin(
    request: HttpRequest,
    provider: str,
    *,
    next_url: str = "",
    mobile_redirect: str = "",
    code_challenge: str = "",
    code_challenge_method: str = "",
    link_token: str = "",
) -> HttpResponse:
    """Send the browser to the provider. What comes back is bound to this browser by the `state` in its session.

    Raises `NotFound`, `ProviderNotConfigured`, `RedirectNotAllowed`, `PkceRequired` or `LinkExpired`.
    """
    found = provider_get(request, provider)
    state: dict[str, Any] = {}
    if link_token:
        asked = link_tokens.link_token_use(link_token, request=request, provider=provider)
        state["link"] = asked.state()
    elif mobile_redirect:
        uri = deep_links.redirect_check(mobile_redirect)
        challenge = deep_links.challenge_check(code_challenge, code_challenge_method)
        state["mobile"] = {"redirect": uri, "challenge": challenge}
    return found.redirect(request, _PROCESS, next_url=own_address(request, next_url), **state)


def is_sent_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page of another site leads a browser here: it could sign somebody in who did not mean to (threat 42).

    Not so for what was typed, what an app opened, a page that the operator trusts, and addresses that begin a linking:
    those nobody else can make.
    """
    if request.headers.get("Sec-Fetch-Site") not in ("cross-site", "same-site") or request.GET.get("link"):
        return False
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no browser writes such an address
        return True
    return f"{page.scheme}://{page.netloc}" not in {*settings.CSRF_TRUSTED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS}


def oauth_callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Let allauth check the state and exchange the code; it calls `identified`, or `refused`, on the way."""
    found = provider_get(request, provider)
    return OAuth2CallbackView.adapter_view(found.oauth2_adapter_class)(request)


def refused(state: "Mapping[str, Any] | None", error: DomainError) -> DeepLink:
    """An app is told by its deep link (`error=`, the code); for a browser the error is raised."""
    uri = _app_of(state or {})
    if not uri:
        raise error
    return deep_links.deep_link(uri, error=error.code)


def _app_of(state: "Mapping[str, Any]") -> str:
    """Where the app that began it wants its answer; "" when it was a browser."""
    return (state.get("mobile") or {}).get("redirect", "") or (state.get("link") or {}).get("mobile_redirect", "")


def identified(request: HttpRequest, login: SocialLogin) -> HttpResponse | None:
    """The provider said who it is: what the browser sees next, or None to go on with the site's sign-in."""
    login.token = None  # its work is done; nothing of it waits in the browser's session
    if "link" in login.state:
        return _linking(request, login)
    if not login.is_existing:
        email = _verified_email(login)
        if not email:
            return _address_asked(request, login)
        if user_by_email(email):
            raise EmailInUse()
        login.user = oauth_sign_up(identity=identity_of(login), email=email, is_verified=True)
    return _signed_in(request, login)


def identity_of(login: SocialLogin) -> Identity:
    """Our words for allauth's."""
    account = login.account
    said = account.extra_data if isinstance(account.extra_data, dict) else {}
    return Identity(account.provider, account.uid, str(said.get("name", "")), str(said.get("nickname", "")))


def _verified_email(login: SocialLogin) -> str:
    """The address that the provider verified (allauth checked its shape); another one is not trusted."""
    for address in login.email_addresses:
        if address.verified and len(address.email) <= EMAIL_MAX:
            return address.email.lower()
    return ""


def _address_asked(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    login.state["identified_at"] = time.time()
    return redirect_to_signup(request, login)


def pending_sign_up(request: HttpRequest) -> SocialLogin | None:
    """Who waits in this browser for the page that asks for an address; None when there is nobody, or half an hour passed."""
    login = get_pending_signup(request)
    if login is not None and time.time() - login.state.get("identified_at", 0) > PENDING_SECONDS:
        clear_pending_signup(request)
        return None
    return login


def signed_up(request: HttpRequest, login: SocialLogin, user: User) -> HttpResponse:
    """After the page that asks for an address: into the app, or signed in on the site."""
    clear_pending_signup(request)
    login.user = user
    answer = _signed_in(request, login)
    if isinstance(answer, DeepLink):
        return deep_links.to_app(request, answer)
    if request.user.is_authenticated:
        get_account_adapter(request).logout(request)
    record_authentication(request, user, "socialaccount", provider=login.account.provider, uid=login.account.uid)
    return perform_login(request, user, email_verification="none", redirect_url=login.get_redirect_url(request))


def _signed_in(request: HttpRequest, login: SocialLogin) -> DeepLink | None:
    """An app's answer, or None after noting where the site's sign-in leads (onboarding for who has not been there)."""
    user = cast(User, login.user)
    if mobile := login.state.get("mobile"):
        return _app_answer(request, user, mobile["redirect"], mobile["challenge"])
    if user.setup_completed_at is None and (page := _onboarding()):
        after = login.state.get("next")
        login.state["next"] = f"{page}?{urlencode({'next': after})}" if after else page
    return None


def _app_answer(request: HttpRequest, user: User, uri: str, challenge: str) -> DeepLink:
    """A code for the app to exchange; tokens only where the operator wants the legacy way (OAUTH_TOKENS_IN_URL)."""
    if challenge:
        return deep_links.deep_link(uri, code=grant_issue(user=user, code_challenge=challenge, redirect_uri=uri))
    if not settings.OAUTH_TOKENS_IN_URL:
        raise PkceRequired()
    if is_two_factor_on(user):
        return deep_links.deep_link(uri, requires_2fa="1", challenge_token=challenge_start(user=user))
    if not user.is_active or user.erased_at is not None:
        raise AccountInactive()
    signed_in, _kept = sign_in_complete(
        user=user, device=request.headers.get("User-Agent", ""), address=client_address(request), device_tokens=()
    )
    return deep_links.deep_link(uri, access_token=signed_in.access_token, refresh_token=signed_in.refresh_token)


def _onboarding() -> str:
    try:
        return reverse("onboarding")
    except NoReverseMatch:
        return ""


def _linking(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Link for whom it was asked. A browser that is signed in as nobody has to confirm first: whoever opened an address
    that somebody sent them would hand their account elsewhere to that person."""
    asked = link_tokens.link_request_of(login.state["link"])
    owner = link_tokens.link_session(asked).user
    identity = identity_of(login)
    if not request.user.is_authenticated:
        said = {name: getattr(identity, name) for name in identity.__slots__}
        request.session[PENDING_LINK_KEY] = {"asked": asked.state(), "identity": said, "at": time.time()}
        return redirect("oauth_link_confirm")
    if request.user.pk != owner.pk:
        raise OtherPersonSignedIn()
    oauth_link(user=owner, identity=identity)
    return linked(request, asked)


def linked(request: HttpRequest, asked: link_tokens.LinkRequest) -> HttpResponseRedirect:
    """Back into the app, or to the page of linked accounts."""
    if asked.mobile_redirect:
        return deep_links.deep_link(asked.mobile_redirect, linked=asked.provider)
    messages.success(request, _("%(provider)s is linked.") % {"provider": NAMES[asked.provider]})
    return redirect("settings_linked" if request.user.is_authenticated else "home")


def pending_link(request: HttpRequest) -> tuple[link_tokens.LinkRequest, Identity, User]:
    """What this browser has to confirm: who asked, which identity, whose account. Raises `LinkExpired`."""
    kept = request.session.get(PENDING_LINK_KEY)
    if not kept or time.time() - kept["at"] > PENDING_SECONDS:
        raise LinkExpired()
    asked = link_tokens.link_request_of(kept["asked"])
    owner = link_tokens.link_session(asked).user
    if request.user.is_authenticated and request.user.pk != owner.pk:
        raise OtherPersonSignedIn()
    return asked, Identity(**kept["identity"]), owner
