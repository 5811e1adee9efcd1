"""Threat 40: a real dump of the database after every step of a person's life on the site holds nothing that opens anything."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.models import DataExport, User
from accounts.tests.api.test_oauth_apps import app_trip
from accounts.tests.factories import UserFactory
from accounts.tests.mails import code_in, link_in, mails_sent
from accounts.tests.oauth_provider import Provider, begin, provider_fixture  # noqa: F401
from accounts.tests.push_services import Browser
from accounts.tests.two_factor import code_now
from core.jobs.services import job_run

pytestmark = pytest.mark.django_db(transaction=True)  # commits are real: the dump is what is on the disk

PASSWORD = "correct horse battery 9"
EMAIL = "careful@example.org"
EXPO = "ExponentPushToken[Zq3vXb7LkTn1YwRs5UdGhA]"
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABmQd9c-kept-by-the-browser"


def dump() -> bytes:
    """What a thief carries off: the bytes of the SQLite file, free pages and all, or every table of PostgreSQL by COPY.

    Site sessions are decoded beside it: they are packed, not sealed.
    """
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        raw = connection.connection.serialize()
    else:
        parts = []
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                with cursor.cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT") as copied:
                    parts += [bytes(piece) for piece in copied]
        raw = b"".join(parts)
    sessions = repr([(row.session_key, row.get_decoded()) for row in Session.objects.all()])
    return raw + sessions.encode()


class Thief:
    """Takes a dump after each step, and knows every secret that was handed out meanwhile."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.dumps: list[tuple[str, bytes]] = []

    def step(self, name: str, **secrets: str) -> None:
        """Note what was handed out in a step, and take a dump."""
        for what, secret in secrets.items():
            assert len(secret) >= 6, what
            self.secrets[f"{name}: {what}"] = secret
        self.dumps.append((name, dump()))

    def finds(self) -> list[str]:
        """Secrets that are in one of the dumps, as they are or in another usual way to write them."""
        return sorted(
            f"{what} (after {when})"
            for what, secret in self.secrets.items()
            for when, raw in self.dumps
            if any(form.encode() in raw for form in _forms(secret))
        )


def _forms(secret: str) -> set[str]:
    bare = re.sub(r"^(h[a-z]{2}_|ExponentPushToken\[)", "", secret).rstrip("]")
    code = re.fullmatch(r"[0-9A-Z]{4,8}(-[0-9A-Z]{4,8})+", secret)
    found = {secret, bare, secret.encode().hex()}
    return found | {secret.replace("-", ""), secret.lower()} if code else found


def api(client: Client, method: str, path: str, body: Any = None, token: str = "", expect: int = 200) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = client.generic(
        method, f"/api/v1/{path}", orjson.dumps(body or {}), content_type="application/json", headers=headers
    )
    assert response.status_code == expect, (path, response.content)
    return response.json() if response.content else None


def mailed(find: Callable[[str], bool]) -> Any:
    """The newest mail whose text is asked for; sends what waits."""
    return next(mail for mail in reversed(mails_sent()) if find(mail.body))


def follow(client: Client, path: str, form: dict[str, str]) -> HttpResponse:
    response = client.post(path, form)
    assert response.status_code == 302, response.content[:2000]
    return response


@pytest.mark.parametrize("kept", ["K7QF3-MX9PA", "hrt_yMZ0xQ3vXb7LkTn1YwRs5UdGhA9p2eF4jC8iO6mB-sV"])
def test_what_is_kept_in_clear_would_be_found(kept: str) -> None:
    for form in _forms(kept):
        user = UserFactory.create(bio=f"before {form} after")
        thief = Thief()
        thief.step("step", what=kept)
        assert thief.finds() == ["step: what (after step)"], form
        user.delete()


def test_no_dump_holds_a_live_secret(provider: Provider, settings: LazySettings) -> None:
    thief, phone = Thief(), Client(headers={"User-Agent": "Phone"})
    tokens = _registered(thief, phone)
    site = _on_the_site(thief)
    _linked_with_another_site(thief, phone, tokens["access_token"], provider)
    _keys_and_devices(thief, phone, tokens["access_token"])
    _codes_by_mail(thief, phone, tokens["access_token"])
    exported = _exported(thief, phone, tokens["access_token"])
    _two_factor(thief, phone, site, tokens["access_token"])
    thief.secrets |= {"settings: secret key": settings.SECRET_KEY, "settings: VAPID": settings.VAPID_PRIVATE_KEY}

    assert all(EMAIL.encode() in raw for _when, raw in thief.dumps)  # they are dumps
    assert len(thief.secrets) > 40
    assert thief.finds() == []
    leaked = [what for what, secret in thief.secrets.items() if any(f.encode() in exported for f in _forms(secret))]
    # The copy of one's own data tells where one's own devices are reached, and no other secret.
    assert [what for what in leaked if not what.startswith("devices:")] == []


def _registered(thief: Thief, phone: Client) -> dict[str, str]:
    body = {"username": "careful", "email": EMAIL, "password": PASSWORD, "client": "mobile"}
    found = api(phone, "POST", "auth/register", body, expect=201)
    thief.step("register", password=PASSWORD, access=found["access_token"], refresh=found["refresh_token"])
    login = {"identifier": "careful", "password": PASSWORD, "client": "mobile"}
    signed_in = api(Client(), "POST", "auth/login", login)
    thief.step(
        "login",
        access=signed_in["access_token"],
        refresh=signed_in["refresh_token"],
        device=signed_in["device_token"],
    )
    bearer = {"Authorization": f"Bearer {signed_in['refresh_token']}"}
    refreshed = Client().post("/api/v1/auth/refresh", headers=bearer).json()
    thief.step("refresh", access=refreshed["access_token"], refresh=refreshed["refresh_token"])
    return found


def _on_the_site(thief: Thief) -> Client:
    site = Client()
    follow(site, "/accounts/login/", {"login": "careful", "password": PASSWORD})
    assert site.get("/settings").status_code == 200
    thief.step("site", session=site.cookies["sessionid"].value, device=site.cookies["device"].value)
    web = Client()
    body = {"identifier": EMAIL, "password": PASSWORD, "client": "web"}
    api(web, "POST", "auth/login", body)
    thief.step("web client", refresh=web.cookies["refresh_token"].value, device=web.cookies["device"].value)
    return site


def _linked_with_another_site(thief: Thief, phone: Client, token: str, provider: Provider) -> None:
    linking = api(phone, "POST", "auth/oauth/discord/link", token=token)["authorize_url"]
    thief.step("link", token=linking.partition("link=")[2])
    browser = Client()
    begin(browser, "google")
    thief.step("on the way to Google", session=browser.cookies["sessionid"].value)
    code, verifier = app_trip(browser, "google")
    thief.step("deep link", code=code, verifier=verifier, client_secret=provider.client_secret)
    found = api(browser, "POST", "auth/oauth/token", {"code": code, "code_verifier": verifier})
    thief.step("by Google", refresh=found["refresh_token"], access=found["access_token"])
    assert provider.tokens
    thief.secrets |= {f"Google's token {number}": given for number, given in enumerate(provider.tokens)}


def _keys_and_devices(thief: Thief, phone: Client, token: str) -> None:
    made = {"name": "Script", "scopes": ["catalog:read"]}
    key = api(phone, "POST", "developer/keys", made, token, expect=201)["key"]
    assert phone.get("/api/v1/anime", headers={"X-API-Key": key}).status_code == 200
    thief.step("API key", key=key, all_but_its_beginning=key[12:])
    api(phone, "POST", "devices/register", {"platform": "ios", "token": EXPO}, token, expect=201)
    browser = Browser()
    subscription = {"endpoint": ENDPOINT, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}}
    api(phone, "POST", "devices/register", {"subscription": subscription}, token, expect=201)
    thief.step("devices", expo=EXPO, endpoint=ENDPOINT, auth=browser.auth)


def _codes_by_mail(thief: Thief, phone: Client, token: str) -> None:
    thief.dumps.append(("mails wait", dump()))
    verify = code_in(mailed(lambda body: "/accounts/verify-email?code=" in body))
    thief.step("verification", code=verify)
    api(Client(), "POST", "auth/forgot-password", {"email": EMAIL})
    thief.dumps.append(("the reset waits", dump()))
    reset = link_in(mailed(lambda body: "/accounts/password/reset/key?token=" in body)).partition("token=")[2]
    thief.step("reset", token=reset)
    api(phone, "POST", "auth/email", {"email": "new@example.org", "password": PASSWORD}, token)
    thief.dumps.append(("the new address waits", dump()))
    change = next(mail for mail in reversed(mails_sent()) if mail.to == ["new@example.org"])
    thief.step("new address", code=code_in(change))
    api(phone, "POST", "users/me/deletion/request", token=token, expect=202)
    thief.dumps.append(("the deletion waits", dump()))
    sent = [mail for mail in mails_sent() if re.search(r"^ {4}\S+$", mail.body, re.MULTILINE)]
    thief.step("deletion", code=code_in(sent[-1]))
    api(Client(), "POST", "auth/verify-email", {"code": verify})
    thief.step("verified")


def _exported(thief: Thief, phone: Client, token: str) -> bytes:
    """Everything that stands in the files of the copy."""
    found = api(phone, "POST", "users/me/exports", token=token, expect=202)["id"]
    job_run(job_id=DataExport.objects.get(pk=found).job_id)
    thief.step("export")
    response = phone.get(f"/api/v1/users/me/exports/{found}/download", headers={"Authorization": f"Bearer {token}"})
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert any("accounts" in name for name in archive.namelist())
        return b"\n".join(archive.read(name) for name in archive.namelist())


def _two_factor(thief: Thief, phone: Client, site: Client, token: str) -> None:
    setup = api(phone, "POST", "auth/2fa/setup", token=token)
    thief.step("2FA asked for", secret=setup["secret"])
    codes = api(phone, "POST", "auth/2fa/enable", {"code": code_now(setup["secret"])}, token)["backup_codes"]
    assert len(codes) == 10
    thief.step("2FA", **{f"recovery_{number}": code for number, code in enumerate(codes)})
    login = {"identifier": "careful", "password": PASSWORD, "client": "mobile"}
    challenge = api(Client(), "POST", "auth/login", login)
    assert challenge["requires_2fa"]
    thief.step("challenge", token=challenge["challenge_token"])
    answer = {"challenge_token": challenge["challenge_token"], "code": codes[0], "client": "mobile"}
    found = api(Client(), "POST", "auth/2fa/verify-login", answer)
    thief.step("answered", refresh=found["refresh_token"], device=found["device_token"])
    half = Client()
    follow(half, "/accounts/login/", {"login": "careful", "password": PASSWORD})
    thief.step("half-way on the site", session=half.cookies["sessionid"].value)
    assert User.objects.filter(email=EMAIL).exists()
    assert site.get("/settings").status_code == 200
