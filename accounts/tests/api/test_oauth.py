"""Signing in through other sites: the whole way there and back with a provider that really runs, and real allauth."""

import time

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.models import EmailCode, OAuthGrant, User, UserSession
from accounts.tests.factories import UserFactory
from accounts.tests.oauth_provider import (
    PROVIDERS,
    Provider,
    answer_of,
    begin,
    come_back,
    consent,
    pkce,
    provider_fixture,  # noqa: F401
    round_trip,
)
from accounts.tests.two_factor import code_now, two_factor_on
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

APP = "anilay://auth/callback"


def identity(user: User, name: str, running: Provider) -> SocialAccount:
    person = running.people[name]
    return SocialAccount.objects.create(user=user, provider=name, uid=str(person.get("sub") or person["id"]))


@pytest.mark.parametrize("name", ["google", "discord", "yandex"])
def test_a_newcomer_gets_an_account_and_is_signed_in(client: Client, provider: Provider, name: str) -> None:
    response = round_trip(client, name)
    assert response.status_code == 302, response.content
    assert response["Location"] == "/welcome"
    user = User.objects.get()
    assert user.is_verified
    assert not user.has_usable_password()
    assert user.email in ("fan@gmail.com", "nelly@discord.example.org", "ivan@yandex.ru")
    assert user.email.partition("@")[0] != user.username
    assert client.get("/api/v1/auth/me").json()["id"] == str(user.pk)
    session = UserSession.objects.get()
    assert (session.kind, session.user_id) == ("site", user.pk)
    assert SocialAccount.objects.get().provider == name
    assert not SocialToken.objects.exists()
    assert not EmailCode.objects.exists()
    assert provider.refusals == []


def test_a_nickname_becomes_the_username_where_it_is_free(client: Client, provider: Provider) -> None:
    UserFactory.create(username="nelly_fan")
    round_trip(client, "discord")
    assert User.objects.get(email="nelly@discord.example.org").username.startswith("nelly_fan_")


def test_only_names_are_kept_of_what_the_provider_told(client: Client, provider: Provider) -> None:
    provider.people["discord"]["global_name"] = "Ne\x00l\u202ely"
    round_trip(client, "discord")
    assert SocialAccount.objects.get().extra_data == {"name": "Nelly", "nickname": "nelly.fan"}


@pytest.mark.parametrize("name", PROVIDERS)
def test_somebody_known_is_signed_in_to_their_account(client: Client, provider: Provider, name: str) -> None:
    user = UserFactory.create()
    identity(user, name, provider)
    with_next = begin(client, name, next="/settings")
    location = consent(with_next)
    with assert_queries(f"accounts/GET auth/oauth/callback {name}"):
        response = come_back(client, location)
    assert response.status_code == 302
    assert User.objects.count() == 1
    assert client.get("/api/v1/auth/me").json()["username"] == user.username


def test_next_is_kept_and_never_leads_away(client: Client, provider: Provider) -> None:
    user = UserFactory.create(setup_completed_at=timezone.now())
    identity(user, "google", provider)
    assert round_trip(client, "google", next="/settings")["Location"] == "/settings"
    assert round_trip(Client(), "google", next="//evil.example/")["Location"] == "/"
    assert round_trip(Client(), "discord", next="/schedule?a=1")["Location"] == "/welcome?next=%2Fschedule%3Fa%3D1"


def test_pkce_and_the_registered_address_are_sent(client: Client, provider: Provider, settings: LazySettings) -> None:
    for name in PROVIDERS:
        begin_url = begin(client, name)
        consent(begin_url)
    assert [asked["code_challenge_method"] for asked in provider.asked] == ["S256"] * 4
    assert {len(asked["code_challenge"]) for asked in provider.asked} == {43}
    settings.PUBLIC_URL = "https://anime.example.org"
    url = begin(client, "google")
    assert "redirect_uri=https%3A%2F%2Fanime.example.org%2Fapi%2Fv1%2Fauth%2Foauth%2Fgoogle%2Fcallback" in url


def test_scopes_and_parameters_are_not_the_visitors_to_choose(client: Client, provider: Provider) -> None:
    for name in ("scope", "auth_params", "action", "process"):
        assert client.get("/api/v1/auth/oauth/google", query_params={name: "x=y"}).status_code == 400


def test_an_address_in_use_is_refused_and_changes_nothing(client: Client, provider: Provider) -> None:
    user = UserFactory.create(email="fan@gmail.com")
    response = round_trip(client, "google")
    assert (response.status_code, response.json()["error"]) == (409, "email_in_use")
    page = come_back(client, consent(begin(client, "google")), Accept="text/html")
    assert page.status_code == 409
    assert b"/accounts/login/?next=/settings/linked" in page.content
    assert not SocialAccount.objects.exists()
    assert client.get("/api/v1/auth/oauth/providers").status_code == 401
    identity(user, "google", provider)
    assert round_trip(client, "google").status_code == 302
    assert client.get("/api/v1/auth/me").json()["username"] == user.username


def sign_up_page(client: Client, provider: Provider, name: str, **query: str):
    response = round_trip(client, name, **query)
    assert (response.status_code, response["Location"]) == (302, "/accounts/3rdparty/signup/")
    return client.get("/accounts/3rdparty/signup/")


def test_shikimori_gives_no_address_so_the_site_asks(client: Client, provider: Provider) -> None:
    UserFactory.create(email="taken@example.org")
    page = sign_up_page(client, provider, "shikimori")
    assert b"Shikimori told us" in page.content
    assert not User.objects.filter(username__startswith="morr").exists()
    taken = client.post("/accounts/3rdparty/signup/", {"email": "Taken@example.org"})
    assert taken.status_code == 422
    assert client.post("/accounts/3rdparty/signup/", {"email": "nonsense"}).status_code == 422
    response = client.post("/accounts/3rdparty/signup/", {"email": "Morr@Example.org"})
    assert response.status_code == 302
    user = User.objects.get(username="morr_fan")
    assert (user.email, user.is_verified) == ("morr@example.org", False)
    assert EmailCode.objects.get().user == user
    assert client.get("/api/v1/auth/me").json()["id"] == str(user.pk)
    assert client.get("/accounts/3rdparty/signup/").status_code == 302
    again = Client()
    assert round_trip(again, "shikimori").status_code == 302
    assert again.get("/api/v1/auth/me").json()["id"] == str(user.pk)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("discord", {"verified": False}),
        ("google", {"email_verified": False}),
        ("yandex", {"default_email": "victim@example.org"}),
    ],
)
def test_an_unverified_address_is_not_trusted(
    client: Client, provider: Provider, name: str, change: dict[str, object]
) -> None:
    provider.people[name] |= change
    provider.people[name]["email"] = "victim@example.org"
    victim = UserFactory.create(email="victim@example.org")
    page = sign_up_page(client, provider, name)
    assert page.status_code == 200
    refused = client.post("/accounts/3rdparty/signup/", {"email": "victim@example.org"})
    assert refused.status_code == 422
    assert list(User.objects.all()) == [victim]
    client.post("/accounts/3rdparty/signup/", {"email": "own@example.org"})
    assert not User.objects.get(email="own@example.org").is_verified


def test_the_page_that_asks_forgets_after_half_an_hour(client: Client, provider: Provider) -> None:
    sign_up_page(client, provider, "shikimori")
    assert "access_token" not in str(client.session.items())
    assert not any(token in str(client.session.items()) for token in provider.tokens)
    with time_machine.travel(time.time() + 31 * 60):
        assert client.post("/accounts/3rdparty/signup/", {"email": "a@example.org"})["Location"] == "/accounts/login/"
    assert not User.objects.exists()


def test_suspended_people_stay_out(client: Client, provider: Provider) -> None:
    user = UserFactory.create(is_active=False)
    identity(user, "google", provider)
    assert round_trip(client, "google")["Location"] == "/accounts/inactive/"
    assert client.get("/api/v1/auth/me").status_code == 401
    _verifier, challenge = pkce()
    response = round_trip(client, "google", mobile_redirect=APP, code_challenge=challenge)
    assert answer_of(response) == (APP, {"error": "account_inactive"})


def test_two_factor_is_asked_on_the_site(client: Client, provider: Provider) -> None:
    user = UserFactory.create(setup_completed_at=timezone.now())
    secret = two_factor_on(user)[0]
    identity(user, "discord", provider)
    asked = round_trip(client, "discord", next="/schedule")
    assert asked["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/api/v1/auth/me").status_code == 401
    assert not UserSession.objects.exists()
    assert not any(token in str(dict(client.session.items())) for token in provider.tokens)
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code in (200, 422)
    assert client.get("/api/v1/auth/me").status_code == 401
    right = client.post("/accounts/2fa/authenticate/", {"code": code_now(secret, ahead=1)})
    assert (right.status_code, right["Location"]) == (302, "/schedule")
    assert client.get("/api/v1/auth/me").json()["username"] == user.username


def test_whoever_is_signed_in_becomes_the_one_who_was_identified(client: Client, provider: Provider) -> None:
    one, two = UserFactory.create(), UserFactory.create()
    identity(two, "google", provider)
    client.force_login(one)
    round_trip(client, "google")
    assert client.get("/api/v1/auth/me").json()["username"] == two.username


def test_saying_no_there(client: Client, provider: Provider) -> None:
    response = round_trip(client, "google", answer="deny")
    assert (response.status_code, response.json()["error"]) == (400, "access_denied")
    page = come_back(client, consent(begin(client, "google"), "deny"), Accept="text/html,*/*")
    assert page.status_code == 400
    assert b"You chose not to sign in there" in page.content
    _verifier, challenge = pkce()
    app = round_trip(client, "google", answer="deny", mobile_redirect=APP, code_challenge=challenge)
    assert answer_of(app) == (APP, {"error": "access_denied"})


@pytest.mark.parametrize("name", ["nobody", "dummy", "GOOGLE", "google ", "openid"])
def test_unknown_providers(client: Client, provider: Provider, name: str) -> None:
    for path in (f"/api/v1/auth/oauth/{name}", f"/api/v1/auth/oauth/{name}/callback?code=1&state=2"):
        response = client.get(path)
        assert (response.status_code, response.json()["error"]) == (404, "not_found")


def test_a_provider_without_credentials_is_not_offered(client: Client, settings: LazySettings) -> None:
    settings.OAUTH_CLIENTS = {"google": ("id", "secret")}
    response = client.get("/api/v1/auth/oauth/discord")
    assert (response.status_code, response.json()["error"]) == (404, "provider_not_configured")
    page = client.get("/accounts/login/").content.decode()
    assert "/api/v1/auth/oauth/google" in page
    assert "discord" not in page
    settings.OAUTH_CLIENTS = {}
    assert "auth/oauth" not in client.get("/accounts/signup/").content.decode()


BROKEN = [
    ("token", 200, "application/json", b"{}"),
    ("token", 200, "application/json", b"[]"),
    ("token", 200, "application/json", b'{"access_token": "x", "expires_in": "soon"}'),
    ("token", 200, "text/html", b"<html>"),
    ("token", 200, "application/json", b"{" * 100_000),
    ("token", 200, "application/json", b"x" * 300_000),
    ("token", 400, "application/json", b'{"error": "invalid_grant"}'),
    ("token", 429, "application/json", b"{}"),
    ("token", 503, "text/plain", b"busy"),
    ("token", 302, "text/plain", b""),
    ("profile", 200, "application/json", b"{}"),
    ("profile", 200, "application/json", b"null"),
    ("profile", 200, "application/json", b"[1]"),
    ("profile", 200, "application/json", b'{"id": null}'),
    ("profile", 200, "application/json", b'{"id": "\\u0000"}'),
    ("profile", 200, "application/json", b'{"id": "' + b"9" * 300 + b'"}'),
    ("profile", 200, "application/json", b"not json"),
    ("profile", 401, "application/json", b'{"message": "401: Unauthorized"}'),
    ("profile", 500, "text/plain", b"oops"),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case[0]}-{case[1]}-{case[3][:20]!r}")
@pytest.mark.parametrize("name", ["discord", "yandex", "shikimori"])
def test_what_a_provider_may_answer_is_no_fault_of_ours(
    client: Client, provider: Provider, name: str, case: tuple[str, int, str, bytes]
) -> None:
    what, *answer = case
    provider.broken[name, what] = tuple(answer)  # type: ignore[assignment]
    response = round_trip(client, name)
    assert (response.status_code, response.json()["error"]) == (502, "provider_failed")
    assert not User.objects.exists()


def test_an_id_token_for_another_client_is_refused(client: Client, provider: Provider) -> None:
    for claims in ({"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}):
        provider.people["google"] = {**provider.people["google"], **claims}
        assert round_trip(client, "google").json()["error"] == "provider_failed"
        provider.people["google"] = {k: v for k, v in provider.people["google"].items() if k not in claims}
    assert not User.objects.exists()


def test_a_wrong_secret_signs_nobody_in(client: Client, provider: Provider) -> None:
    provider.client_secret = "another"
    assert round_trip(client, "discord").json()["error"] == "provider_failed"
    assert provider.refusals == ["token: client"]


def test_no_request_leaves_to_other_hosts(client: Client, provider: Provider, settings: LazySettings) -> None:
    """What the operator denies is not asked, whoever asks for it."""
    settings.EGRESS_DENIED_HOSTS = ["127.0.0.1"]
    assert round_trip(client, "discord").json()["error"] == "provider_failed"
    assert provider.tokens == {}


def test_many_grants_of_one_person_are_apart(client: Client, provider: Provider) -> None:
    user = UserFactory.create()
    identity(user, "google", provider)
    _verifier, challenge = pkce()
    for _ in range(2):
        round_trip(client, "google", mobile_redirect=APP, code_challenge=challenge)
    assert OAuthGrant.objects.filter(user=user).count() == 2
