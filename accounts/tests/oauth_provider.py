"""A real OAuth provider on loopback that speaks like Google, Discord, Yandex and Shikimori: consent page, tokens, profiles.

It is as strict as the standard asks: redirect URI letter by letter, client secret, S256, codes once.
"""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from accounts.oauth import providers
from core.tests.egress.servers import LoopbackNetwork

PROVIDERS = ("google", "discord", "yandex", "shikimori")
USER_AGENT = "The application as it is called at Shikimori"

AUTHORIZE = {
    "google": "/o/oauth2/v2/auth",
    "discord": "/api/oauth2/authorize",
    "yandex": "/authorize",
    "shikimori": "/oauth/authorize",
}
TOKEN = {"google": "/token", "discord": "/api/oauth2/token", "yandex": "/token", "shikimori": "/oauth/token"}
PROFILE = {
    "google": "/oauth2/v2/userinfo",
    "discord": "/api/users/@me",
    "yandex": "/info",
    "shikimori": "/api/users/whoami",
}


def profiles() -> dict[str, dict[str, Any]]:
    """Whom each provider knows, in its own words."""
    return {
        "google": {
            "sub": "110169484474386276334",
            "email": "fan@gmail.com",
            "email_verified": True,
            "name": "A Person",
            "given_name": "A",
            "family_name": "Person",
        },
        "discord": {
            "id": "80351110224678912",
            "username": "nelly.fan",
            "discriminator": "0",
            "global_name": "Nelly",
            "email": "nelly@discord.example.org",
            "verified": True,
        },
        "yandex": {
            "id": "1000034426",
            "login": "ivan",
            "display_name": "Иван",
            "default_email": "ivan@yandex.ru",
            "emails": ["ivan@yandex.ru"],
        },
        "shikimori": {"id": 23456789, "nickname": "morr_fan", "avatar": "https://example.org/a.png"},
    }


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Granted:
    """A code that was given out."""

    provider: str
    redirect_uri: str
    challenge: str
    used: bool = False


@dataclass
class Provider:
    """The server's memory. `broken` maps (provider, "token" | "profile") to (status, type, body) sent instead."""

    url: str
    redirect_base: str = "http://testserver"
    client_id: str = "client-1"
    client_secret: str = "secret-1"
    people: dict[str, dict[str, Any]] = field(default_factory=profiles)
    codes: dict[str, Granted] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    broken: dict[tuple[str, str], tuple[int, str, bytes]] = field(default_factory=dict)

    def bases(self) -> dict[str, str]:
        """OAUTH_PROVIDER_BASE that leads here."""
        return {name: f"{self.url}/{name}" for name in PROVIDERS}

    def redirect_uri(self, provider: str) -> str:
        """What was registered."""
        return f"{self.redirect_base}/api/v1/auth/oauth/{provider}/callback"

    def profile(self, provider: str) -> dict[str, Any]:
        return self.people[provider]


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def log_message(self, *args: Any) -> None:
        pass

    @property
    def known(self) -> Provider:
        return self.server.provider

    def _split(self) -> tuple[str, str, dict[str, str]]:
        parts = urlsplit(self.path)
        _nothing, provider, *rest = parts.path.split("/")
        return provider, "/" + "/".join(rest), dict(parse_qsl(parts.query))

    def _send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _json(self, status: int, data: Any) -> None:
        self._send(status, json.dumps(data).encode())

    def _refuse(self, reason: str, status: int = 400) -> None:
        self.known.refusals.append(reason)
        self._json(status, {"error": reason})

    def do_GET(self) -> None:
        provider, path, query = self._split()
        if path == AUTHORIZE.get(provider):
            self._consent(provider, query)
        elif path == PROFILE.get(provider):
            self._profile(provider)
        else:
            self._refuse(f"no such page {self.path}", 404)

    def do_POST(self) -> None:
        provider, path, _query = self._split()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        data = dict(parse_qsl(body.decode()))
        if path == AUTHORIZE.get(provider):
            self._answer(provider, data)
        elif path == TOKEN.get(provider):
            self._token(provider, data)
        else:
            self._refuse(f"no such page {self.path}", 404)

    def _consent(self, provider: str, query: dict[str, str]) -> None:
        known = self.known
        known.asked.append({"provider": provider, **query})
        problems = {
            "client": query.get("client_id") != known.client_id,
            "redirect_uri": query.get("redirect_uri") != known.redirect_uri(provider),
            "response_type": query.get("response_type") != "code",
            "pkce": query.get("code_challenge_method") != "S256" or len(query.get("code_challenge", "")) != 43,
            "state": len(query.get("state", "")) < 16,
        }
        if any(problems.values()):
            return self._refuse(f"authorize: {[name for name, wrong in problems.items() if wrong]}")
        kept = {name: query[name] for name in ("redirect_uri", "state", "code_challenge")}
        fields = "".join(f'<input type="hidden" name="{k}" value="{html.escape(v)}">' for k, v in kept.items())
        page = (
            f"<!doctype html><title>{provider}</title><h1>{provider}</h1><form method=post>{fields}"
            '<button name="answer" value="allow">Allow</button><button name="answer" value="deny">Deny</button></form>'
        )
        return self._send(200, page.encode(), "text/html")

    def _answer(self, provider: str, data: dict[str, str]) -> None:
        said = {"state": data["state"]}
        if data.get("answer") == "allow":
            said["code"] = secrets.token_urlsafe(16)
            self.known.codes[said["code"]] = Granted(provider, data["redirect_uri"], data["code_challenge"])
        else:
            said["error"] = "access_denied"
        self._send(302, b"", Location=f"{data['redirect_uri']}?{urlencode(said)}")

    def _token(self, provider: str, data: dict[str, str]) -> None:
        known = self.known
        if provider == "shikimori" and self.headers.get("User-Agent") != USER_AGENT:
            return self._refuse("token: user agent", 403)
        if (provider, "token") in known.broken:
            status, kind, body = known.broken[provider, "token"]
            return self._send(status, body, kind)
        granted = known.codes.get(data.get("code", ""))
        if data.get("client_id") != known.client_id or data.get("client_secret") != known.client_secret:
            return self._refuse("token: client", 401)
        if data.get("grant_type") != "authorization_code" or granted is None or granted.provider != provider:
            return self._refuse("token: code")
        if granted.used:
            return self._refuse("token: used")
        granted.used = True
        if data.get("redirect_uri") != granted.redirect_uri:
            return self._refuse("token: redirect_uri")
        digest = hashlib.sha256(data.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != granted.challenge:
            return self._refuse("token: pkce")
        token = secrets.token_urlsafe(16)
        known.tokens[token] = provider
        answer: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
        if provider == "google":
            answer["id_token"] = self._id_token()
        return self._json(200, answer)

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": "https://accounts.google.com", "aud": self.known.client_id, "iat": now, "exp": now + 3600}
        return jwt.encode({**claims, **self.known.profile("google")}, _key(), algorithm="RS256", headers={"kid": "1"})

    def _profile(self, provider: str) -> None:
        if (provider, "profile") in self.known.broken:
            status, kind, body = self.known.broken[provider, "profile"]
            return self._send(status, body, kind)
        scheme, _space, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != ("OAuth" if provider == "yandex" else "Bearer") or self.known.tokens.get(token) != provider:
            return self._refuse("profile: token", 401)
        if provider == "shikimori" and self.headers.get("User-Agent") != USER_AGENT:
            return self._refuse("profile: user agent", 403)
        return self._json(200, self.known.profile(provider))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider


@contextmanager
def provider_serving(redirect_base: str = "http://testserver") -> Iterator[Provider]:
    """The provider on a free port of 127.0.0.1."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_address[1]}", redirect_base)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(name="provider")
def provider_fixture(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """All four providers are configured, and are this server."""
    with provider_serving() as running:
        settings.OAUTH_CLIENTS = dict.fromkeys(PROVIDERS, (running.client_id, running.client_secret))
        settings.OAUTH_PROVIDER_BASE = running.bases()
        settings.OAUTH_SHIKIMORI_USER_AGENT = USER_AGENT
        monkeypatch.setattr(providers, "network", LoopbackNetwork())
        yield running


def consent(url: str, answer: str = "allow") -> str:
    """A person at the provider: reads the page, presses the button. Returns where the provider sends the browser."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        target = f"{parts.path}?{parts.query}"
        connection.request("GET", target)
        page = connection.getresponse()
        text = page.read().decode()
        assert page.status == 200, text
        asked = parse_qs(parts.query)
        form = {name: asked[name][0] for name in ("redirect_uri", "state", "code_challenge")}
        body = urlencode({**form, "answer": answer})
        connection.request("POST", target, body, {"Content-Type": "application/x-www-form-urlencoded"})
        sent = connection.getresponse()
        sent.read()
        return sent.headers["Location"]
    finally:
        connection.close()


def begin(client: Client, name: str, **query: str) -> str:
    """Start at the site; returns the provider's address."""
    response = client.get(f"/api/v1/auth/oauth/{name}", query_params=query)
    assert response.status_code == 302, response.content
    return response["Location"]


def come_back(client: Client, location: str, **headers: str) -> HttpResponse:
    """The browser follows the provider's redirect."""
    parts = urlsplit(location)
    return client.get(f"{parts.path}?{parts.query}", headers=headers)


def round_trip(client: Client, name: str, answer: str = "allow", **query: str) -> HttpResponse:
    """Start, consent, come back."""
    return come_back(client, consent(begin(client, name, **query), answer))


def pkce() -> tuple[str, str]:
    """A verifier and its S256 challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def answer_of(response: HttpResponse) -> tuple[str, dict[str, str]]:
    """A redirect's address without its query, and the query."""
    parts = urlsplit(response["Location"])
    return f"{parts.scheme}://{parts.netloc}{parts.path}", dict(parse_qsl(parts.query))
