"""Two-factor sign-in over HTTP, with the reference's sentences."""

import base64
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import KnownDevice, SignInChallenge, User, UserSession
from accounts.services.two_factor import totp_setup
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.two_factor import code_now, two_factor_on
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

ORIGIN = {"Origin": "http://testserver"}


def post(client: Client, name: str, body: Any = None, **kwargs: Any) -> Any:
    return client.post(f"/api/v1/auth/{name}", body, content_type="application/json", **kwargs)


def login(browser: Client, user: User, **extra: Any) -> Any:
    return post(browser, "login", {"identifier": user.username, "password": PASSWORD, **extra})


@pytest.fixture
def user() -> User:
    return UserFactory.create(username="person")


@pytest.fixture
def mine(user: User) -> Client:
    """A client of `user` with an access token."""
    token = login(Client(), user).json()["access_token"]
    return Client(headers={"Authorization": f"Bearer {token}"})


def error(response: Any, status: int, code: str) -> dict[str, Any]:
    assert (response.status_code, response.json()["error"]) == (status, code)
    return response.json()


class TestSetup:
    def test_secret_address_and_picture(self, mine: Client, user: User) -> None:
        """Reference: "Returns the secret (temporarily stored server-side) and the provisioning URI"."""
        with assert_queries("accounts/POST auth/2fa/setup"):
            response = post(mine, "2fa/setup")
        body = response.json()
        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
        assert set(body) == {"secret", "provisioning_uri", "qr_code", "expires_in"}
        assert body["secret"] in body["provisioning_uri"]
        assert body["provisioning_uri"].startswith("otpauth://totp/Hiroba%3Aperson?")
        kind, _, picture = body["qr_code"].partition(";base64,")
        assert kind == "data:image/svg+xml"
        assert base64.b64decode(picture).startswith(b"<svg ")
        assert body["expires_in"] == 900
        assert "requires_2fa" not in login(Client(), user).json()

    def test_refused_when_on(self, mine: Client, user: User) -> None:
        two_factor_on(user)
        assert error(post(mine, "2fa/setup"), 409, "two_factor_already_on")

    def test_needs_somebody(self, client: Client) -> None:
        for path in ("2fa/setup", "2fa/enable", "2fa/backup-codes"):
            assert error(post(client, path), 401, "not_authenticated")
        assert error(client.delete("/api/v1/auth/2fa/disable"), 401, "not_authenticated")


class TestEnable:
    def test_answers_backup_codes_once(self, mine: Client, user: User) -> None:
        secret = post(mine, "2fa/setup").json()["secret"]
        with assert_queries("accounts/POST auth/2fa/enable"):
            response = post(mine, "2fa/enable", {"code": code_now(secret)})
        codes = response.json()["backup_codes"]
        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
        assert len(set(codes)) == 10
        assert error(post(mine, "2fa/enable", {"code": code_now(secret, ahead=1)}), 409, "two_factor_already_on")
        assert login(Client(), user).json()["requires_2fa"] is True

    @pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "x" * 65}, {"code": "000000"}, {"code": []}, []])
    def test_bad_input(self, mine: Client, user: User, body: Any) -> None:
        totp_setup(user=user)
        assert "fields" in error(post(mine, "2fa/enable", body), 422, "validation_failed")

    def test_without_a_setup(self, mine: Client) -> None:
        assert error(post(mine, "2fa/enable", {"code": "123456"}), 409, "two_factor_not_set_up")


class TestLogin:
    def test_a_challenge_and_nothing_else(self, client: Client, user: User) -> None:
        two_factor_on(user)
        with assert_queries("accounts/POST auth/login with 2FA"):
            response = login(client, user)
        body = response.json()
        assert response.status_code == 200
        assert set(body) == {"requires_2fa", "challenge_token", "expires_in"}
        assert (body["requires_2fa"], body["expires_in"]) == (True, 300)
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"
        assert not UserSession.objects.exists()
        headers = {"Authorization": f"Bearer {body['challenge_token']}"}
        assert client.get("/api/v1/auth/me", headers=headers).status_code == 401
        assert client.post("/api/v1/auth/refresh", headers=headers).status_code == 401

    @pytest.mark.parametrize(("sent", "in_body", "in_cookie"), [("web", 0, 1), ("mobile", 1, 0), (None, 1, 1)])
    def test_a_code_of_the_app_signs_in(
        self, client: Client, user: User, sent: str | None, in_body: bool, in_cookie: bool
    ) -> None:
        secret, _ = two_factor_on(user)
        token = login(client, user).json()["challenge_token"]
        answer = {"challenge_token": token, "code": code_now(secret, ahead=1)} | ({"client": sent} if sent else {})
        with assert_queries("accounts/POST auth/2fa/verify-login"):
            response = post(client, "2fa/verify-login", answer)
        body = response.json()
        assert response.status_code == 200
        assert body["user"]["username"] == "person"
        assert ("refresh_token" in body, "device_token" in body) == (in_body, in_body)
        assert ("refresh_token" in response.cookies, "device" in response.cookies) == (in_cookie, in_cookie)
        me = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {body['access_token']}"})
        assert me.json() == body["user"]

    def test_a_backup_code_signs_in_once_and_it_is_told(
        self, client: Client, user: User, celery_eager: None, django_capture_on_commit_callbacks: Any
    ) -> None:
        _, codes = two_factor_on(user)
        with django_capture_on_commit_callbacks(execute=True):
            answer = {"challenge_token": login(client, user).json()["challenge_token"], "code": codes[0].lower()}
            assert post(client, "2fa/verify-login", answer).status_code == 200
        assert any("recovery code" in letter.body for letter in mail.outbox)
        again = {"challenge_token": login(client, user).json()["challenge_token"], "code": codes[0]}
        assert error(post(client, "2fa/verify-login", again), 401, "invalid_code")

    def test_wrong_codes_end_the_challenge(self, client: Client, user: User) -> None:
        _, codes = two_factor_on(user)
        token = login(client, user).json()["challenge_token"]
        for _ in range(5):
            assert error(post(client, "2fa/verify-login", {"challenge_token": token, "code": "0"}), 401, "invalid_code")
        right = {"challenge_token": token, "code": codes[0]}
        assert error(post(client, "2fa/verify-login", right), 401, "invalid_challenge")
        assert not UserSession.objects.exists()

    @pytest.mark.parametrize("body", [{}, {"challenge_token": "x" * 101, "code": "1"}, {"code": "1"}, [], {"code": {}}])
    def test_bad_input(self, client: Client, body: Any) -> None:
        assert "fields" in error(post(client, "2fa/verify-login", body), 422, "validation_failed")
        assert error(post(client, "2fa/verify-login", {"challenge_token": "x", "code": "1"}), 401, "invalid_challenge")

    def test_not_from_another_site(self, client: Client, user: User) -> None:
        _, codes = two_factor_on(user)
        answer = {"challenge_token": login(client, user).json()["challenge_token"], "code": codes[0]}
        headers = {"Origin": "https://evil.example"}
        assert error(post(client, "2fa/verify-login", answer, headers=headers), 403, "cross_site_request")
        assert post(client, "2fa/verify-login", answer, headers=ORIGIN).status_code == 200

    def test_a_suspended_person_is_told_so(self, client: Client, user: User) -> None:
        _, codes = two_factor_on(user)
        token = login(client, user).json()["challenge_token"]
        User.objects.update(is_active=False)
        assert error(
            post(client, "2fa/verify-login", {"challenge_token": token, "code": codes[0]}), 403, "account_inactive"
        )


class TestDisable:
    @staticmethod
    def disable(client: Client, body: Any) -> Any:
        return client.delete("/api/v1/auth/2fa/disable", body, content_type="application/json")

    def test_with_the_password(self, mine: Client, user: User) -> None:
        """Reference: "Requires the current password for confirmation"."""
        two_factor_on(user)
        for body in ({}, {"password": ""}, {"password": "wrong"}, {"code": "123456"}):
            assert "password" in error(self.disable(mine, body), 422, "validation_failed")["fields"]
        with assert_queries("accounts/DELETE auth/2fa/disable"):
            response = self.disable(mine, {"password": PASSWORD})
        assert (response.status_code, response.content) == (204, b"")
        assert "access_token" in login(Client(), user).json()
        assert error(self.disable(mine, {"password": PASSWORD}), 409, "two_factor_off")

    def test_of_an_account_without_a_password(self, mine: Client, user: User) -> None:
        _, codes = two_factor_on(user)
        user.set_unusable_password()
        user.save()
        assert "code" in error(self.disable(mine, {"password": PASSWORD}), 422, "validation_failed")["fields"]
        assert self.disable(mine, {"code": codes[0]}).status_code == 204


class TestBackupCodes:
    def test_previous_ones_are_invalidated(self, mine: Client, user: User, client: Client) -> None:
        """Reference: "Regenerate backup codes. Previous codes are invalidated"."""
        _, old = two_factor_on(user)
        with assert_queries("accounts/POST auth/2fa/backup-codes"):
            response = post(mine, "2fa/backup-codes")
        new = response.json()["backup_codes"]
        assert len(set(new) - set(old)) == 10
        for code, status in ((old[0], 401), (new[0], 200)):
            token = login(client, user).json()["challenge_token"]
            assert post(client, "2fa/verify-login", {"challenge_token": token, "code": code}).status_code == status

    def test_refused_while_off(self, mine: Client) -> None:
        assert error(post(mine, "2fa/backup-codes"), 409, "two_factor_off")

    def test_another_person_changes_nothing_of_mine(self, mine: Client, user: User) -> None:
        other = UserFactory.create()
        two_factor_on(other)
        assert error(post(mine, "2fa/backup-codes"), 409, "two_factor_off")
        assert error(TestDisable.disable(mine, {"password": PASSWORD}), 409, "two_factor_off")
        assert login(Client(), other).json()["requires_2fa"] is True


class TestKnownDevices:
    def test_a_browser_keeps_its_token_in_a_cookie_that_scripts_cannot_read(self, client: Client, user: User) -> None:
        response = login(client, user, client="web")
        cookie = response.cookies["device"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["secure"], cookie["max-age"]) == ("Lax", "/", "", 31_536_000)
        assert "device_token" not in response.json()
        again = login(client, user, client="web")
        assert again.cookies["device"].value == cookie.value
        assert KnownDevice.objects.count() == 1
        over_https = {"identifier": user.username, "password": PASSWORD, "client": "web"}
        assert post(Client(), "login", over_https, secure=True).cookies["device"]["secure"]

    def test_it_gets_in_while_somebody_guesses_from_everywhere(self, client: Client, user: User) -> None:
        kept = login(client, user, client="mobile").json()["device_token"]
        wrong = {"identifier": user.username, "password": "wrong"}
        for n in range(10):
            assert post(Client(REMOTE_ADDR=f"198.51.100.{n}"), "login", wrong).status_code == 401
        assert error(login(Client(), user), 429, "too_many_failed_sign_ins")
        assert login(Client(), user, client="mobile", device_token=kept).status_code == 200

    def test_register_gives_one_and_the_site_shares_the_browsers(self, client: Client) -> None:
        new = {"username": "newcomer", "email": "new@example.org", "password": PASSWORD}
        kept = post(client, "register", {**new, "client": "mobile"}).json()["device_token"]
        assert login(Client(), User.objects.get(), client="mobile", device_token=kept).json()["device_token"] == kept
        assert KnownDevice.objects.count() == 1

    def test_a_new_device_is_told_of(
        self, client: Client, user: User, celery_eager: None, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            login(client, user)
            login(client, user)
        assert not mail.outbox
        with django_capture_on_commit_callbacks(execute=True):
            firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
            login(Client(REMOTE_ADDR="203.0.113.77", headers={"User-Agent": firefox}), user)
        assert [letter.to for letter in mail.outbox] == [[user.email]]
        assert "Firefox" in mail.outbox[0].body
        assert "203.0.113.77" in mail.outbox[0].body
        assert "203.0.113.77" in mail.outbox[0].body

    @pytest.mark.parametrize("given", [1, [], "x" * 1001])
    def test_bad_tokens_are_named(self, client: Client, user: User, given: Any) -> None:
        response = login(client, user, device_token=given)
        assert response.status_code == (200 if given == 1 else 422)


def test_a_challenge_left_behind_is_swept(client: Client, user: User) -> None:
    from datetime import timedelta

    import time_machine
    from django.utils import timezone

    from accounts.tasks import sign_ins_trim

    two_factor_on(user)
    login(client, user)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        sign_ins_trim()
    assert not SignInChallenge.objects.exists()
