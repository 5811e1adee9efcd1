"""Addresses of apps: which may be answered at (threat 29), and the answer."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode

from accounts.oauth.errors import PkceRequired, RedirectNotAllowed

LENGTH_MAX = 500
# A scheme, then letters, digits and separators: no user@, no port, no query, no escape that a second parser reads otherwise.
_DEEP_LINK = re.compile(r"(?P<scheme>[^:/]+)://(?P<rest>[A-Za-z0-9][A-Za-z0-9._~/-]*)?", re.ASCII)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class DeepLink(HttpResponseRedirect):
    """A redirect into an app. The address holds what opens an account: nobody keeps it, nobody hears of it as a referrer."""

    def __init__(self, redirect_to: str, *args: Any, **kwargs: Any) -> None:
        self.allowed_schemes = list(settings.OAUTH_MOBILE_SCHEMES)
        super().__init__(redirect_to, *args, **kwargs)
        self["Cache-Control"] = "no-store"
        self["Referrer-Policy"] = "no-referrer"


def redirect_check(uri: str) -> str:
    """`uri` when it is a plain address of a scheme that the operator allows, letter by letter; raises `RedirectNotAllowed`."""
    match = _DEEP_LINK.fullmatch(uri)
    if match is None or len(uri) > LENGTH_MAX or match["scheme"] not in settings.OAUTH_MOBILE_SCHEMES:
        raise RedirectNotAllowed()
    return uri


def challenge_check(challenge: str, method: str) -> str:
    """The PKCE challenge of an app; "" is accepted only where tokens go into addresses. Raises `PkceRequired`."""
    if not challenge and not method and settings.OAUTH_TOKENS_IN_URL:
        return ""
    if method not in ("", "S256") or not _CHALLENGE.fullmatch(challenge):
        raise PkceRequired()
    return challenge


def deep_link(uri: str, **answer: str) -> DeepLink:
    """Into the app, with `answer` as the query."""
    return DeepLink(f"{uri}?{urlencode(answer)}")


def to_app(request: HttpRequest, link: DeepLink) -> HttpResponse:
    """The same after a form: browsers do not let a form's answer redirect to another scheme (CSP `form-action`), a page may."""
    response = render(request, "socialaccount/to_app.html", {"deep_link": link.url})
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
