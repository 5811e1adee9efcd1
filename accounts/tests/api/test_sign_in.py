"""Register, login, refresh, logout and me over HTTP, with the reference's sentences."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.models import User, UserSession
from accounts.services.lockout import FAILURES_ALLOWED
from accounts.tests.factories import PASSWORD, UserFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

ORIGIN = {"Origin": "http://testserver"}
NEW = {"username": "Newcomer_1", "email": "New.Comer@Example.org", "password": "a passphrase 77"}


def post(client: Client, name: str, body: Any = None, **kwargs: Any) -> Any:
    return client.post(f"/api/v1/auth/{name}", body, content_type="application/json", **kwargs)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def fields(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    assert response.json()["error"] == "validation_failed"
    return response.json()["fields"]


class TestRegister:
    def test_makes_an_account_and_signs_it_in(self, client: Client) -> None:
        with assert_queries("accounts/POST auth/register"):
            response = post(client, "register", NEW)
        assert response.status_code == 201
        body = response.json()
        assert body["token_type"] == "Bearer"
        assert body["expires_in"] == 900
        assert body["user"]["username"] == "Newcomer_1"
        assert body["user"]["email"] == "new.comer@example.org"
        user = User.objects.get()
        assert user.check_password("a passphrase 77")
        me = client.get("/api/v1/auth/me", headers=bearer(body["access_token"]))
        assert me.json() == body["user"]

    @pytest.mark.parametrize("username", ["ab", "a" * 31, "white space", "ünicode", "dash-ed", "new\nline", "٣٣٣", ""])
    def test_refuses_names(self, client: Client, username: str) -> None:
        assert "username" in fields(post(client, "register", {**NEW, "username": username}))
        assert not User.objects.exists()

    @pytest.mark.parametrize("password", ["short", "password", "12345678", "iloveyou1", "x" * 257])
    def test_refuses_passwords(self, client: Client, password: str) -> None:
        assert list(fields(post(client, "register", {**NEW, "password": password}))) == ["password"]

    def test_names_and_addresses_are_unique_in_any_case(self, client: Client) -> None:
        UserFactory.create(username="newCOMER_1", email="new.comer@example.ORG")
        assert set(fields(post(client, "register", NEW))) == {"username", "email"}

    def test_a_race_for_a_name_is_an_answer(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        """Both saw the name free: the constraint decides, and the loser hears what anybody hears."""
        from accounts import validation

        real, asked = validation.users_named_like, []

        def blind_once(name: str) -> Any:
            asked.append(name)
            return User.objects.none() if len(asked) == 1 else real(name)

        UserFactory.create(username="newcomer_1")
        monkeypatch.setattr(validation, "users_named_like", blind_once)
        assert set(fields(post(client, "register", NEW))) == {"username"}
        assert User.objects.count() == 1

    def test_is_limited_per_address_with_headers(self, client: Client) -> None:
        first = post(client, "register", {})
        assert (first["X-RateLimit-Limit"], first["X-RateLimit-Remaining"]) == ("20", "19")
        for _ in range(19):
            post(client, "register", {})
        last = post(client, "register", NEW)
        assert (last.status_code, last.json()["error"]) == (429, "rate_limited")
        assert int(last["Retry-After"]) > 0
        assert post(client, "register", NEW, REMOTE_ADDR="198.51.100.2").status_code == 201

    @pytest.mark.parametrize("body", [[], '"text"', 1, {"username": {"a": 1}, "email": [], "password": None}])
    def test_refuses_other_shapes(self, client: Client, body: Any) -> None:
        assert fields(post(client, "register", body))


class TestLogin:
    @pytest.mark.parametrize("identifier", ["person", "PERSON", "person@example.org", " Person@Example.ORG "])
    def test_takes_a_name_or_an_address(self, client: Client, identifier: str) -> None:
        """Reference: "Identifier with @ is treated as email; otherwise looked up as username"."""
        user = UserFactory.create(username="Person")
        with assert_queries("accounts/POST auth/login"):
            response = post(client, "login", {"identifier": identifier, "password": PASSWORD})
        assert response.status_code == 200
        assert response.json()["user"]["id"] == str(user.pk)

    def test_notes_device_and_address(self, client: Client) -> None:
        UserFactory.create(username="person")
        body = {"identifier": "person", "password": PASSWORD}
        post(client, "login", body, headers={"User-Agent": "Telly " + "x" * 300}, REMOTE_ADDR="198.51.100.2")
        session = UserSession.objects.get()
        assert session.device.startswith("Telly")
        assert len(session.device) == 200
        assert session.address == "198.51.100.2"

    def test_ten_failures_lock_address_and_account(self, client: Client) -> None:
        UserFactory.create(username="person")
        for n in range(FAILURES_ALLOWED):
            response = post(client, "login", {"identifier": "person", "password": f"wrong {n}"})
            assert (response.status_code, response.json()["error"]) == (401, "invalid_credentials")
        right = {"identifier": "person", "password": PASSWORD}
        for address in ("127.0.0.1", "198.51.100.2"):
            locked = post(client, "login", right, REMOTE_ADDR=address)
            assert (locked.status_code, locked.json()["error"]) == (429, "too_many_failed_sign_ins")
            assert 0 < int(locked["Retry-After"]) <= 901
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            assert post(client, "login", right).status_code == 200

    def test_site_and_api_share_the_lock(self, client: Client) -> None:
        """The admin has no form of its own any more: its door is the site's (accounts/tests/pages/test_security_pages.py)."""
        user = UserFactory.create(username="person", role="superadmin")
        for n in range(5):
            post(client, "login", {"identifier": "person", "password": "wrong"}, REMOTE_ADDR=f"198.51.100.{n}")
            client.post("/accounts/login/", {"login": user.email, "password": "wrong"}, REMOTE_ADDR=f"198.51.101.{n}")
        right = {"login": "person", "password": PASSWORD}
        assert client.post("/accounts/login/", right, REMOTE_ADDR="203.0.113.1").status_code == 200
        assert "_auth_user_id" not in client.session
        api = {"identifier": "person", "password": PASSWORD}
        assert post(client, "login", api, REMOTE_ADDR="203.0.113.1").status_code == 429

    def test_success_forgets_the_failures_of_the_account(self, client: Client) -> None:
        UserFactory.create(username="person")
        for n in range(30):
            password = PASSWORD if n % 9 == 8 else "wrong"
            response = post(client, "login", {"identifier": "person", "password": password}, REMOTE_ADDR=f"10.0.{n}.1")
            assert response.status_code == (200 if password == PASSWORD else 401)


class TestWhereTheRefreshTokenGoes:
    @pytest.fixture
    def body(self) -> dict[str, str]:
        UserFactory.create(username="person")
        return {"identifier": "person", "password": PASSWORD}

    def test_web_gets_a_cookie_that_scripts_cannot_read(self, client: Client, body: dict[str, str]) -> None:
        for response in (post(client, "login", body, headers=ORIGIN), post(client, "login", {**body, "client": "web"})):
            assert "refresh_token" not in response.json()
            cookie = response.cookies["refresh_token"]
            assert cookie["httponly"]
            assert (cookie["samesite"], cookie["path"], cookie["secure"]) == ("Strict", "/api/v1/auth", "")
            assert cookie["max-age"] == 30 * 24 * 3600

    def test_over_https_the_cookie_is_secure(self, client: Client, body: dict[str, str]) -> None:
        assert post(client, "login", {**body, "client": "web"}, secure=True).cookies["refresh_token"]["secure"]

    def test_mobile_gets_it_in_the_body_alone(self, client: Client, body: dict[str, str]) -> None:
        response = post(client, "login", {**body, "client": "mobile"}, headers=ORIGIN)
        assert response.json()["refresh_token"]
        assert "refresh_token" not in response.cookies

    def test_the_undecided_get_both(self, client: Client, body: dict[str, str]) -> None:
        response = post(client, "login", body)
        assert response.json()["refresh_token"] == response.cookies["refresh_token"].value

    def test_tokens_are_not_stored_by_caches(self, client: Client, body: dict[str, str]) -> None:
        assert post(client, "login", body)["Cache-Control"] == "no-store"


class TestRefresh:
    @pytest.fixture
    def pair(self, client: Client) -> dict[str, str]:
        UserFactory.create(username="person")
        return post(client, "login", {"identifier": "person", "password": PASSWORD}).json()

    def test_by_cookie(self, client: Client, pair: dict[str, str]) -> None:
        with assert_queries("accounts/POST auth/refresh"):
            response = client.post("/api/v1/auth/refresh", headers=ORIGIN)
        assert response.status_code == 200
        assert "refresh_token" not in response.json()
        assert response.cookies["refresh_token"].value != pair["refresh_token"]
        assert client.get("/api/v1/auth/me", headers=bearer(response.json()["access_token"])).status_code == 200

    def test_by_authorization(self, pair: dict[str, str]) -> None:
        """Reference: "in that case the response body includes `refresh_token` and no cookie is set"."""
        response = Client().post("/api/v1/auth/refresh", headers=bearer(pair["refresh_token"]))
        assert response.status_code == 200
        assert response.json()["refresh_token"] != pair["refresh_token"]
        assert not response.cookies

    def test_without_any_or_with_garbage(self) -> None:
        assert Client().post("/api/v1/auth/refresh").status_code == 401
        for token in ("x", "hrt_" + "A" * 43, "A" * 10_000):
            assert Client().post("/api/v1/auth/refresh", headers=bearer(token)).status_code == 401

    def test_lasts_thirty_days_from_its_making(self, pair: dict[str, str]) -> None:
        with time_machine.travel(timezone.now() + timedelta(days=29, hours=23)):
            second = Client().post("/api/v1/auth/refresh", headers=bearer(pair["refresh_token"]))
            assert second.status_code == 200
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            third = Client().post("/api/v1/auth/refresh", headers=bearer(second.json()["refresh_token"]))
            assert third.status_code == 200
        with time_machine.travel(timezone.now() + timedelta(days=62)):
            late = Client().post("/api/v1/auth/refresh", headers=bearer(third.json()["refresh_token"]))
            assert late.status_code == 401

    def test_a_suspended_person_gets_nothing(self, pair: dict[str, str]) -> None:
        User.objects.update(is_active=False)
        assert Client().post("/api/v1/auth/refresh", headers=bearer(pair["refresh_token"])).status_code == 401


class TestLogout:
    def test_ends_the_session_and_clears_the_cookie(self, client: Client) -> None:
        UserFactory.create(username="person")
        pair = post(client, "login", {"identifier": "person", "password": PASSWORD}).json()
        with assert_queries("accounts/POST auth/logout"):
            response = client.post("/api/v1/auth/logout", headers=bearer(pair["access_token"]))
        assert (response.status_code, response.content) == (204, b"")
        assert response.cookies["refresh_token"]["max-age"] == 0
        assert UserSession.objects.get().revoke_reason == "signed_out"
        assert client.post("/api/v1/auth/logout", headers=bearer(pair["access_token"])).status_code == 401

    def test_of_a_site_session_signs_out_of_the_site(self) -> None:
        client = Client()
        client.force_login(UserFactory.create())
        assert client.post("/api/v1/auth/logout").status_code == 204
        assert client.get("/api/v1/auth/me").status_code == 401

    def test_does_not_end_the_session_of_another_whose_cookie_lies_here(self, client: Client) -> None:
        for name in ("first", "second"):
            UserFactory.create(username=name)
        first = post(Client(), "login", {"identifier": "first", "password": PASSWORD}).json()
        second = post(client, "login", {"identifier": "second", "password": PASSWORD}).json()
        client.post("/api/v1/auth/logout", headers=bearer(first["access_token"]))
        assert client.get("/api/v1/auth/me", headers=bearer(second["access_token"])).status_code == 200


class TestMe:
    def test_is_the_whole_profile_in_one_query(self, client: Client) -> None:
        from core.models import StoredImage

        avatar = StoredImage.objects.create(
            purpose="avatar",
            sha256="0" * 64,
            width=128,
            height=128,
            bytes=1,
            variants={"64": {"webp": "avatars/a-64.webp", "avif": "avatars/a-64.avif"}},
        )
        UserFactory.create(
            username="person", display_name="A Person", bio="Hello", avatar=avatar, title_language="native"
        )
        token = post(client, "login", {"identifier": "person", "password": PASSWORD}).json()["access_token"]
        with assert_queries("accounts/GET auth/me"):
            response = client.get("/api/v1/auth/me", headers=bearer(token))
        body = response.json()
        assert set(body) == {
            "id",
            "username",
            "email",
            "display_name",
            "bio",
            "avatar",
            "role",
            "is_verified",
            "birth_date",
            "created_at",
            "last_seen_at",
            "has_password",
            "two_factor_enabled",
            "setup_completed",
            "deletion_due_at",
            "preferences",
            "privacy",
        }
        assert body["avatar"] == {"64": "/media/avatars/a-64.webp"}
        assert body["created_at"].endswith("Z")
        assert (body["preferences"]["title_language"], body["preferences"]["shows_adult"]) == ("native", False)
        assert response["Cache-Control"] == "private, no-store"

    def test_needs_somebody(self, client: Client, settings: LazySettings) -> None:
        response = client.get("/api/v1/auth/me")
        assert (response.status_code, response.json()["error"]) == (401, "not_authenticated")
        assert response["WWW-Authenticate"].startswith("Bearer")

    def test_an_access_token_ends_after_fifteen_minutes(self, client: Client) -> None:
        UserFactory.create(username="person")
        token = post(client, "login", {"identifier": "person", "password": PASSWORD}).json()["access_token"]
        for minutes, status in ((14, 200), (16, 401)):
            with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
                assert client.get("/api/v1/auth/me", headers=bearer(token)).status_code == status


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "https://a]b"])
@pytest.mark.parametrize(
    "route", ["login", "register", "refresh", "2fa/verify-login", "forgot-password", "oauth/token"]
)
def test_an_origin_that_no_browser_writes_is_refused(client: Client, route: str, origin: str) -> None:
    response = client.post(f"/api/v1/auth/{route}", "{}", content_type="application/json", headers={"Origin": origin})
    assert (response.status_code, response.json()["error"]) == (403, "cross_site_request")


def test_the_example_of_the_schema_has_every_field(client: Client) -> None:
    """What the API's page shows of a sign-in is what a sign-in answers."""
    from accounts.api.views.sign_in import _ME

    body = {"username": "newcomer", "email": "newcomer@example.org", "password": "a passphrase 77"}
    found = client.post("/api/v1/auth/register", body, content_type="application/json").json()["user"]
    shape = [found.keys(), found["preferences"].keys(), found["privacy"].keys()]
    assert shape == [_ME.keys(), _ME["preferences"].keys(), _ME["privacy"].keys()]
