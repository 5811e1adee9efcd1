"""Linking and unlinking, by the API, on the site, and with what two browsers make of it."""

import threading
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.oauth import flows
from accounts.oauth.errors import AlreadyLinked, LastWayIn, LinkedElsewhere
from accounts.services.oauth import Identity, oauth_link, oauth_sign_up, oauth_unlink
from accounts.services.sessions import SignedIn, session_revoke, session_start
from accounts.tests.api.test_oauth import identity
from accounts.tests.factories import UserFactory
from accounts.tests.oauth_provider import (
    PROVIDERS,
    Provider,
    answer_of,
    come_back,
    consent,
    provider_fixture,  # noqa: F401
)
from core.errors import NotFound
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

APP = "anilay://settings/linked"


@pytest.fixture
def app(db: None) -> SignedIn:
    return session_start(user=UserFactory.create())


def bearer(signed_in: SignedIn) -> dict[str, str]:
    return {"Authorization": f"Bearer {signed_in.access_token}"}


def ask(signed_in: SignedIn, name: str, **body: str) -> HttpResponse:
    path = f"/api/v1/auth/oauth/{name}/link"
    return Client().post(path, body, content_type="application/json", headers=bearer(signed_in))


def follow(client: Client, url: str) -> HttpResponse:
    """Open an authorize_url in a browser, consent, come back."""
    sent = client.get(url.removeprefix("http://testserver"))
    assert sent.status_code == 302, sent.content
    return come_back(client, consent(sent["Location"]))


def confirm(client: Client, **form: str) -> HttpResponse:
    return client.post("/accounts/3rdparty/link/", form)


@pytest.mark.parametrize("name", PROVIDERS)
def test_an_app_links_after_its_person_confirmed(client: Client, provider: Provider, app: SignedIn, name: str) -> None:
    url = ask(app, name, mobile_redirect=APP).json()["authorize_url"]
    assert follow(client, url)["Location"] == "/accounts/3rdparty/link/"
    assert not SocialAccount.objects.exists()
    page = client.get("/accounts/3rdparty/link/")
    assert app.session.user.username.encode() in page.content
    done = confirm(client)
    assert done.context["deep_link"] == f"{APP}?linked={name}"
    assert SocialAccount.objects.get().user == app.session.user
    body = Client().get("/api/v1/auth/oauth/providers", headers=bearer(app)).json()
    assert [row["provider"] for row in body["linked"]] == [name]
    assert body["linked"][0]["display_name"] in ("fan@gmail.com", "Nelly", "ivan", "morr_fan")
    assert [row["provider"] for row in body["available"]] == list(PROVIDERS)
    assert client.get("/api/v1/auth/me").status_code == 401  # linking signs nobody in


def test_a_browser_of_the_same_person_links_at_once(client: Client, provider: Provider, app: SignedIn) -> None:
    client.force_login(app.session.user)
    response = follow(client, ask(app, "google").json()["authorize_url"])
    assert (response.status_code, response["Location"]) == (302, "/settings/linked")
    assert SocialAccount.objects.get().user == app.session.user


def test_saying_no_to_the_link(client: Client, provider: Provider, app: SignedIn) -> None:
    follow(client, ask(app, "google").json()["authorize_url"])
    assert confirm(client, cancel="1")["Location"] == "/"
    assert confirm(client).status_code == 400
    assert not SocialAccount.objects.exists()


def test_a_browser_of_somebody_else_is_refused(client: Client, provider: Provider, app: SignedIn) -> None:
    """Whoever sends their own address to others gets nothing of theirs, and gives nothing away."""
    client.force_login(UserFactory.create())
    response = follow(client, ask(app, "google").json()["authorize_url"])
    assert (response.status_code, response.json()["error"]) == (403, "other_account_signed_in")
    response = follow(client, ask(app, "google", mobile_redirect=APP).json()["authorize_url"])
    assert answer_of(response) == (APP, {"error": "other_account_signed_in"})
    assert not SocialAccount.objects.exists()


def test_signing_in_as_somebody_else_before_confirming(client: Client, provider: Provider, app: SignedIn) -> None:
    follow(client, ask(app, "google").json()["authorize_url"])
    kept = client.session[flows.PENDING_LINK_KEY]
    client.force_login(UserFactory.create())
    session = client.session
    session[flows.PENDING_LINK_KEY] = kept
    session.save()
    assert confirm(client).status_code == 403
    assert not SocialAccount.objects.exists()


def test_the_address_of_an_app_works_once(client: Client, provider: Provider, app: SignedIn) -> None:
    url = ask(app, "google").json()["authorize_url"]
    follow(client, url)
    again = Client().get(url.removeprefix("http://testserver"))
    assert (again.status_code, again.json()["error"]) == (400, "link_expired")


def test_the_address_ends_with_time_and_with_the_sign_in(client: Client, provider: Provider, app: SignedIn) -> None:
    path = ask(app, "google").json()["authorize_url"].removeprefix("http://testserver")
    with time_machine.travel(time.time() + 901):
        assert client.get(path).json()["error"] == "link_expired"
    session_revoke(session=app.session, reason="signed_out")
    assert client.get(path).json()["error"] == "link_expired"


def test_signing_out_ends_a_linking_under_way(client: Client, provider: Provider, app: SignedIn) -> None:
    path = ask(app, "google").json()["authorize_url"].removeprefix("http://testserver")
    location = consent(client.get(path)["Location"])
    session_revoke(session=app.session, reason="signed_out")
    assert come_back(client, location).json()["error"] == "link_expired"
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("token", ["x", "a:b:c", "e30:1abcde:sig", "%00"])
def test_made_up_addresses(client: Client, provider: Provider, app: SignedIn, token: str) -> None:
    assert client.get(f"/api/v1/auth/oauth/google?link={token}").json()["error"] == "link_expired"
    real = ask(app, "google").json()["authorize_url"].partition("link=")[2]
    assert client.get(f"/api/v1/auth/oauth/discord?link={real}").json()["error"] == "link_expired"


@pytest.mark.parametrize("target", ["https://evil.example", "javascript:alert(1)", "anilay://a@evil"])
def test_where_an_app_is_answered_is_checked(provider: Provider, app: SignedIn, target: str) -> None:
    response = ask(app, "google", mobile_redirect=target)
    assert (response.status_code, response.json()["error"]) == (400, "redirect_not_allowed")


def test_an_identity_of_another_person_stays_theirs(client: Client, provider: Provider, app: SignedIn) -> None:
    other = UserFactory.create()
    identity(other, "google", provider)
    client.force_login(app.session.user)
    response = follow(client, ask(app, "google").json()["authorize_url"])
    assert (response.status_code, response.json()["error"]) == (409, "linked_elsewhere")
    assert SocialAccount.objects.get().user == other


def test_one_account_of_each_provider(client: Client, provider: Provider, app: SignedIn) -> None:
    SocialAccount.objects.create(user=app.session.user, provider="google", uid="another")
    client.force_login(app.session.user)
    response = follow(client, ask(app, "google").json()["authorize_url"])
    assert (response.status_code, response.json()["error"]) == (409, "already_linked")


def test_linking_twice_is_no_error(client: Client, provider: Provider, app: SignedIn) -> None:
    identity(app.session.user, "google", provider)
    client.force_login(app.session.user)
    assert follow(client, ask(app, "google").json()["authorize_url"])["Location"] == "/settings/linked"


def test_strangers_and_unknown_providers(client: Client, provider: Provider, app: SignedIn) -> None:
    for name in PROVIDERS:
        assert client.post(f"/api/v1/auth/oauth/{name}/link").status_code == 401
        assert client.delete(f"/api/v1/auth/oauth/{name}/link").status_code == 401
    assert client.get("/api/v1/auth/oauth/providers").status_code == 401
    assert ask(app, "nobody").status_code == 404
    nobody = client.delete("/api/v1/auth/oauth/nobody/link", headers=bearer(app))
    assert nobody.status_code == 404
    not_linked = client.delete("/api/v1/auth/oauth/google/link", headers=bearer(app))
    assert (not_linked.status_code, not_linked.json()["error"]) == (404, "not_found")


def test_a_provider_without_credentials_cannot_be_linked_but_unlinked(
    client: Client, settings: LazySettings, app: SignedIn
) -> None:
    settings.OAUTH_CLIENTS = {}
    assert ask(app, "google").json()["error"] == "provider_not_configured"
    SocialAccount.objects.create(user=app.session.user, provider="google", uid="1")
    with assert_queries("accounts/DELETE auth/oauth/link"):
        response = client.delete("/api/v1/auth/oauth/google/link", headers=bearer(app))
    assert response.status_code == 204


def test_query_counts(client: Client, provider: Provider, app: SignedIn) -> None:
    identity(app.session.user, "google", provider)
    with assert_queries("accounts/GET auth/oauth/providers"):
        client.get("/api/v1/auth/oauth/providers", headers=bearer(app))
    for name in PROVIDERS[1:]:
        identity(app.session.user, name, provider)
    with assert_queries("accounts/GET auth/oauth/providers"):
        client.get("/api/v1/auth/oauth/providers", headers=bearer(app))
    with assert_queries("accounts/POST auth/oauth/link"):
        ask(app, "google")
    client.force_login(app.session.user)
    with assert_queries("accounts/GET settings/linked"):
        client.get("/settings/linked")


def test_linking_and_unlinking_are_told(
    provider: Provider, celery_eager: None, django_capture_on_commit_callbacks
) -> None:
    user = UserFactory.create()
    with django_capture_on_commit_callbacks(execute=True):
        oauth_link(user=user, identity=Identity("google", "1", "fan@gmail.com"))
    with django_capture_on_commit_callbacks(execute=True):
        oauth_unlink(user=user, provider="google")
    texts = [f"{message.subject} {message.body}" for message in mail.outbox]
    assert len(texts) == 2
    assert "linked" in texts[0]
    assert "unlinked" in texts[1]
    assert all("Google" in text for text in texts)


def newcomer(provider: str = "google", uid: str = "1") -> User:
    return oauth_sign_up(identity=Identity(provider, uid), email=f"{provider}{uid}@example.org", is_verified=True)


def test_the_last_way_in_stays(client: Client, provider: Provider, settings: LazySettings) -> None:
    user = newcomer()
    signed_in = session_start(user=user)
    refused = client.delete("/api/v1/auth/oauth/google/link", headers=bearer(signed_in))
    assert (refused.status_code, refused.json()["error"]) == (409, "last_way_in")
    SocialAccount.objects.create(user=user, provider="discord", uid="2")
    settings.OAUTH_CLIENTS = {"google": ("id", "secret")}  # discord opens nothing while it is not offered
    assert client.delete("/api/v1/auth/oauth/google/link", headers=bearer(signed_in)).status_code == 409
    settings.OAUTH_CLIENTS = {"google": ("id", "secret"), "discord": ("id", "secret")}
    assert client.delete("/api/v1/auth/oauth/google/link", headers=bearer(signed_in)).status_code == 204
    with pytest.raises(LastWayIn):
        oauth_unlink(user=user, provider="discord")


@pytest.mark.parametrize("way", ["password", "passkey"])
def test_another_way_in_lets_the_last_one_go(db: None, way: str) -> None:
    user = newcomer()
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    with pytest.raises(LastWayIn):
        oauth_unlink(user=user, provider="google")
    if way == "password":
        user.set_password("a passphrase 77")
        user.save()
    else:
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    oauth_unlink(user=user, provider="google")
    with pytest.raises(NotFound):
        oauth_unlink(user=user, provider="google")


def parallel(*calls) -> list[object]:
    """What each call gave or raised, all begun at once."""
    barrier, found = threading.Barrier(len(calls)), []

    def run(call) -> None:
        barrier.wait()
        try:
            found.append(call())
        except Exception as error:
            found.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_unlinks_at_once_leave_one_way_in(provider: Provider) -> None:
    for turn in range(5):
        user = newcomer(uid=f"a{turn}")
        SocialAccount.objects.create(user=user, provider="discord", uid=f"b{turn}")
        found = parallel(
            lambda user=user: oauth_unlink(user=user, provider="google"),
            lambda user=user: oauth_unlink(user=user, provider="discord"),
        )
        assert sorted(found, key=str) == [LastWayIn, None]
        assert SocialAccount.objects.filter(user=user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_identity_is_linked_to_one_person(provider: Provider) -> None:
    people = [UserFactory.create() for _ in range(4)]
    identity_ = Identity("google", "1")
    found = parallel(*(lambda person=person: oauth_link(user=person, identity=identity_) for person in people))
    assert sorted(found, key=str) == [LinkedElsewhere] * 3 + [None]
    one = people[0]
    oauth_unlink(user=SocialAccount.objects.get().user, provider="google")
    found = parallel(*(lambda n=n: oauth_link(user=one, identity=Identity("google", f"u{n}")) for n in range(4)))
    assert sorted(found, key=str) == [AlreadyLinked] * 3 + [None]


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_who_comes_back_twice_gets_one_account() -> None:
    same = Identity("discord", "1", nickname="nelly")
    calls = [lambda: oauth_sign_up(identity=same, email="nelly@example.org", is_verified=True).username] * 6
    found = parallel(*calls)
    assert [name for name in found if isinstance(name, str)] == ["nelly"]
    assert User.objects.count() == SocialAccount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_newcomers_of_one_nickname_all_get_a_name() -> None:
    def sign_up(n: int):
        return lambda: (
            oauth_sign_up(
                identity=Identity("discord", f"{n}", nickname="nelly"), email=f"{n}@example.org", is_verified=True
            ).username
        )

    found = parallel(*(sign_up(n) for n in range(6)))
    assert len({name for name in found if isinstance(name, str)}) == 6


def test_the_page_links_and_unlinks(client: Client, provider: Provider) -> None:
    user = UserFactory.create()
    client.force_login(user)
    page = client.get("/settings/linked")
    links = {entry["name"]: entry["url"] for entry in page.context["linkable"]}
    assert list(links) == ["Google", "Discord", "Yandex", "Shikimori"]
    assert follow(client, links["Shikimori"])["Location"] == "/settings/linked"
    page = client.get("/settings/linked")
    assert b"morr_fan" in page.content
    assert "Shikimori" not in {entry["name"] for entry in page.context["linkable"]}
    done = client.post("/settings/linked", {"provider": "shikimori"}, follow=True)
    assert b"is unlinked" in done.content
    assert not SocialAccount.objects.exists()
    assert client.post("/settings/linked", {"provider": "<b>"}, follow=True).status_code == 200


def test_a_link_of_the_page_works_in_its_own_sign_in_only(client: Client, provider: Provider) -> None:
    user = UserFactory.create()
    client.force_login(user)
    url = client.get("/settings/linked").context["linkable"][0]["url"]
    stranger, again = Client(), Client()
    assert stranger.get(url).json()["error"] == "link_expired"
    again.force_login(user)
    assert again.get(url).json()["error"] == "link_expired"
    assert client.get(url).status_code == 302
    assert client.get(url).status_code == 302  # back and again is no error


def test_the_only_way_in_has_no_button(client: Client, provider: Provider) -> None:
    client.force_login(newcomer())
    page = client.get("/settings/linked").content
    assert b"Your only way to sign in" in page
    assert b">Unlink<" not in page
    assert b"only way to sign in" in client.post("/settings/linked", {"provider": "google"}, follow=True).content


def test_names_from_elsewhere_are_escaped(client: Client, provider: Provider, app: SignedIn) -> None:
    provider.people["discord"]["global_name"] = "<script>alert(1)</script>"
    follow(client, ask(app, "discord").json()["authorize_url"])
    assert b"<script>alert(1)" not in client.get("/accounts/3rdparty/link/").content
    confirm(client)
    client.force_login(app.session.user)
    assert b"<script>alert(1)" not in client.get("/settings/linked").content
