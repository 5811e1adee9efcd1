"""Settings → security, and signing in on the site with a second factor."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from accounts.models import KnownDevice, User, UserSession
from accounts.selectors.two_factor import is_two_factor_on, recovery_codes_left
from accounts.services.two_factor import totp_pending
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.passkeys import SoftPasskey, passkey_of
from accounts.tests.two_factor import code_now, two_factor_on
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

CHALLENGE = "/accounts/2fa/authenticate/"
SETUP = "/settings/security/two-factor"


@pytest.fixture
def user() -> User:
    return UserFactory.create(username="person")


@pytest.fixture
def mine(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def password_step(client: Client, user: User, **extra: Any) -> Any:
    return client.post("/accounts/login/", {"login": user.username, "password": PASSWORD, **extra})


def is_signed_in(client: Client) -> bool:
    return client.get("/settings/security").status_code == 200


def shown_codes(page: Any) -> list[str]:
    return re.findall(r"<code>([0-9A-Z-]{11})</code>", page.content.decode())


class TestSettings:
    def test_the_page_in_either_state(self, mine: Client, user: User) -> None:
        with assert_queries("accounts/GET settings/security"):
            off = mine.get("/settings/security")
        assert b"Set up" in off.content
        two_factor_on(user)
        on = mine.get("/settings/security")
        assert b"New recovery codes" in on.content
        assert b"/settings/password" in on.content
        assert b"no-store" in on["Cache-Control"].encode()

    def test_setting_up_shows_a_picture_and_the_key(self, mine: Client, user: User) -> None:
        assert mine.get(SETUP)["Location"] == "/settings/security"  # nothing is set up by looking
        assert mine.post(SETUP + "/begin")["Location"] == SETUP
        pending = totp_pending(user=user)
        assert pending is not None
        page = mine.get(SETUP).content.decode()
        assert "<svg " in page
        assert " ".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page)).replace(" ", "") == pending.secret
        assert html.escape(pending.uri) in page

    def test_a_wrong_code_keeps_the_secret_and_says_so(self, mine: Client, user: User) -> None:
        mine.post(SETUP + "/begin")
        before = totp_pending(user=user)
        response = mine.post(SETUP, {"code": "12345"})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["code"]
        assert totp_pending(user=user) == before
        assert not is_two_factor_on(user)

    def test_a_right_code_shows_the_recovery_codes_once(self, mine: Client, user: User) -> None:
        mine.post(SETUP + "/begin")
        pending = totp_pending(user=user)
        assert pending is not None
        page = mine.post(SETUP, {"code": code_now(pending.secret)})
        assert len(set(shown_codes(page))) == 10
        assert "no-store" in page["Cache-Control"]
        assert is_two_factor_on(user)
        again = mine.post(SETUP, {"code": code_now(pending.secret, ahead=1)})
        assert (again.status_code, again["Location"]) == (302, "/settings/security")
        assert mine.post(SETUP + "/begin")["Location"] == "/settings/security"

    def test_new_recovery_codes_are_asked_for_first(self, mine: Client, user: User) -> None:
        path = "/settings/security/recovery-codes"
        assert mine.get(path).status_code == mine.post(path).status_code == 302
        _, old = two_factor_on(user)
        assert mine.get(path).status_code == 200
        assert recovery_codes_left(user) == 10
        new = shown_codes(mine.post(path))
        assert len(set(new) - set(old)) == 10

    def test_recovery_codes_are_made_ten_times_an_hour_by_site_and_api_together(self, mine: Client, user: User) -> None:
        two_factor_on(user)
        for _ in range(5):
            assert mine.post("/settings/security/recovery-codes").status_code == 200
            assert mine.post("/api/v1/auth/2fa/backup-codes").status_code == 200
        assert mine.post("/settings/security/recovery-codes").status_code == 429
        assert mine.post("/api/v1/auth/2fa/backup-codes").status_code == 429

    def test_switching_off_needs_the_password(self, mine: Client, user: User) -> None:
        path = SETUP + "/off"
        assert mine.get(path).status_code == 302
        two_factor_on(user)
        wrong = mine.post(path, {"password": "wrong"})
        assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["password"])
        assert mine.post(path, {"password": PASSWORD})["Location"] == "/settings/security"
        assert not is_two_factor_on(user)

    def test_switching_off_without_a_password_needs_a_code(self, mine: Client, user: User) -> None:
        _, codes = two_factor_on(user)
        user.set_unusable_password()
        user.save()
        mine.force_login(user)
        path = SETUP + "/off"
        wrong = mine.post(path, {"code": "123456"})
        assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["code"])
        assert mine.post(path, {"code": codes[0]}).status_code == 302
        assert not is_two_factor_on(user)

    def test_guesses_of_the_password_end(self, mine: Client, user: User) -> None:
        two_factor_on(user)
        pages = [mine.post(SETUP + "/off", {"password": "wrong"}) for _ in range(11)]
        assert [page.status_code for page in pages] == [422] * 11
        assert "password" in pages[9].context["form"].errors
        assert "Too many failed attempts" in str(pages[10].context["form"].non_field_errors())
        assert is_two_factor_on(user)


class TestSignIn:
    def test_after_the_password_a_code_is_asked_for(self, client: Client, user: User) -> None:
        secret, _ = two_factor_on(user)
        response = password_step(client, user, next="/schedule")
        assert (response.status_code, response["Location"]) == (302, CHALLENGE)
        assert not is_signed_in(client)
        assert not UserSession.objects.exists()
        assert "device" not in response.cookies
        with assert_queries("accounts/GET accounts/2fa/authenticate/"):
            assert client.get(CHALLENGE).status_code == 200
        with assert_queries("accounts/POST accounts/2fa/authenticate/"):
            answered = client.post(CHALLENGE, {"code": code_now(secret, ahead=1)})
        assert (answered.status_code, answered["Location"]) == (302, "/schedule")
        assert is_signed_in(client)
        assert answered.cookies["device"]["httponly"]

    def test_a_passkey_is_offered_to_those_who_have_one(self, client: Client, user: User) -> None:
        secret, _ = two_factor_on(user)
        password_step(client, user)
        assert b"Use a passkey instead" not in client.get(CHALLENGE).content
        refused = client.post(CHALLENGE, {"credential": "{}"})
        assert refused.status_code == 200
        assert b"Use a passkey instead" not in refused.content
        passkey_of(user)
        assert b"Use a passkey instead" in client.get(CHALLENGE).content
        assert not is_signed_in(client)
        client.post(CHALLENGE, {"code": code_now(secret, ahead=1)})
        assert is_signed_in(client)

    def test_a_recovery_code_will_do_and_works_once(self, user: User) -> None:
        _, codes = two_factor_on(user)
        ends = []
        for _ in range(2):
            client = Client()
            password_step(client, user)
            client.post(CHALLENGE, {"code": codes[0]})
            ends.append(is_signed_in(client))
        assert ends == [True, False]

    def test_a_wrong_code_is_said_and_signs_nobody_in(self, client: Client, user: User) -> None:
        two_factor_on(user)
        password_step(client, user)
        response = client.post(CHALLENGE, {"code": "000000"})
        assert response.context["form"].errors["code"] == ["The code is not right"]
        assert not is_signed_in(client)

    def test_guesses_of_codes_end_for_site_and_api_together(self, client: Client, user: User) -> None:
        _, codes = two_factor_on(user)
        password_step(client, user)
        for _ in range(10):
            client.post(CHALLENGE, {"code": "wrong"})
        locked = client.post(CHALLENGE, {"code": codes[0]})
        assert "Too many failed attempts" in str(locked.context["form"].errors["code"])
        assert not is_signed_in(client)
        body = {"identifier": user.username, "password": PASSWORD}
        token = client.post("/api/v1/auth/login", body, content_type="application/json").json()["challenge_token"]
        answer = {"challenge_token": token, "code": codes[0]}
        api = client.post("/api/v1/auth/2fa/verify-login", answer, content_type="application/json")
        assert (api.status_code, api.json()["error"]) == (429, "too_many_failed_sign_ins")

    def test_the_question_is_over_after_five_minutes(self, client: Client, user: User) -> None:
        _, codes = two_factor_on(user)
        password_step(client, user)
        with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=5)):
            response = client.post(CHALLENGE, {"code": codes[0]})
            assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
            assert not is_signed_in(client)
        assert recovery_codes_left(user) == 10

    def test_without_the_password_there_is_no_question(self, client: Client) -> None:
        for response in (client.get(CHALLENGE), client.post(CHALLENGE, {"code": "123456"})):
            assert (response.status_code, response["Location"]) == (302, "/accounts/login/")

    def test_who_was_suspended_in_between_stays_out(self, client: Client, user: User) -> None:
        _, codes = two_factor_on(user)
        password_step(client, user)
        User.objects.update(is_active=False)
        client.post(CHALLENGE, {"code": codes[0]})
        assert not is_signed_in(client)
        User.objects.update(is_active=True)
        assert not is_signed_in(client)

    def test_a_known_browser_gets_in_while_somebody_guesses(self, user: User) -> None:
        home = Client()
        password_step(home, user)
        kept = home.cookies["device"].value
        home.post("/accounts/logout/")
        for n in range(10):
            guess = {"login": user.username, "password": "wrong"}
            Client(REMOTE_ADDR=f"198.51.100.{n}").post("/accounts/login/", guess)
        strange = Client()
        password_step(strange, user)
        assert not is_signed_in(strange)
        assert home.cookies["device"].value == kept
        password_step(home, user)
        assert is_signed_in(home)
        assert KnownDevice.objects.count() == 1


class TestAdminDoor:
    def test_leads_through_the_sites_sign_in(self, client: Client, user: User) -> None:
        User.objects.update(role="superadmin")
        secret, _ = two_factor_on(user)
        door = client.get("/admin/", follow=True)
        assert door.redirect_chain[-1][0] == "/accounts/login/?next=/admin/"
        response = password_step(client, user, next="/admin/")
        assert response["Location"] == CHALLENGE
        assert client.get("/admin/").status_code == 302
        answered = client.post(CHALLENGE, {"code": code_now(secret, ahead=1)})
        assert answered["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_its_old_form_signs_nobody_in(self, mine: Client, client: Client, user: User) -> None:
        """Not even for somebody who is in already, as somebody else whose second factor would be skipped."""
        boss = UserFactory.create(role="superadmin")
        two_factor_on(boss)
        form = {"username": boss.username, "password": PASSWORD, "next": "/admin/"}
        assert client.post("/admin/login/", form).status_code == 302
        User.objects.filter(pk=user.pk).update(role="moderator")
        assert mine.post("/admin/login/", form)["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 302
        assert b"person" in mine.get("/settings/security").content
        assert UserSession.objects.filter(user=boss).count() == 0

    def test_who_may_not_enter_is_told_so_and_it_leads_nowhere_else(self, mine: Client, user: User) -> None:
        assert mine.get("/admin/login/?next=/admin/").status_code == 403
        User.objects.update(role="admin")
        for target in ("https://evil.example/", "//evil.example", "/\\evil.example"):
            assert mine.get("/admin/login/", {"next": target})["Location"] == "/admin/"


class TestPasskeys:
    """The pages; the ceremony itself is tried in a browser (tests/e2e/test_passkeys.py)."""

    def test_they_are_listed_escaped(self, mine: Client, user: User) -> None:
        passkey_of(user, "<img src=x onerror=alert(1)>")
        page = mine.get("/settings/security").content
        assert b"&lt;img src=x" in page
        assert b"<img src=x" not in page

    def test_changing_them_asks_who_it_is_first(self, mine: Client, user: User) -> None:
        _, key = passkey_of(user)
        paths = ["add/", f"keys/{key.pk}/edit/", f"keys/{key.pk}/remove/"]
        for path in paths:
            response = mine.get(f"/accounts/2fa/webauthn/{path}")
            assert response["Location"].startswith("/accounts/reauthenticate/?next="), path
        assert mine.get("/accounts/reauthenticate/").status_code == 200
        mine.post("/accounts/reauthenticate/", {"password": PASSWORD})
        for path in paths:
            assert mine.get(f"/accounts/2fa/webauthn/{path}").status_code == 200, path

    def test_a_new_one_must_be_a_passkey(self, mine: Client, user: User) -> None:
        mine.post("/accounts/reauthenticate/", {"password": PASSWORD})
        asked = mine.get("/accounts/2fa/webauthn/add/").context["js_data"]["creation_options"]["publicKey"]
        chosen = asked["authenticatorSelection"]
        assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
        assert asked["user"]["name"] == "person"

    @pytest.mark.parametrize(
        "credential",
        [
            "",
            "nonsense",
            "{}",
            "[]",
            "1",
            '{"id": "x", "type": "public-key"}',
            '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30", "userHandle": "eA"}}',
            '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
            '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": 1, "authenticatorData": []}}',
        ],
        ids=range(9),
    )
    def test_rubbish_is_refused(self, mine: Client, user: User, client: Client, credential: str) -> None:
        mine.post("/accounts/reauthenticate/", {"password": PASSWORD})
        mine.get("/accounts/2fa/webauthn/add/")
        body = {"name": "x", "credential": credential}
        assert mine.post("/accounts/2fa/webauthn/add/", body).status_code == 200
        assert not Authenticator.objects.exists()
        client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
        response = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
        assert response["Location"] == "/accounts/login/"
        assert not is_signed_in(client)

    def test_the_last_way_in_stays(self, mine: Client, user: User) -> None:
        _device, only = passkey_of(user)
        mine.post("/accounts/reauthenticate/", {"password": PASSWORD})
        User.objects.filter(pk=user.pk).update(password=make_password(None))
        session = mine.session
        session[HASH_SESSION_KEY] = User.objects.get(pk=user.pk).get_session_auth_hash()
        session.save()
        page = mine.post(f"/accounts/2fa/webauthn/keys/{only.pk}/remove/", follow=True)
        assert Authenticator.objects.filter(pk=only.pk).exists()
        assert page.redirect_chain == [("/settings/security", 302)]
        assert "only way to sign in" in page.content.decode()
        passkey_of(user, "Phone")
        mine.post(f"/accounts/2fa/webauthn/keys/{only.pk}/remove/")
        assert not Authenticator.objects.filter(pk=only.pk).exists()

    def test_renaming_and_removing_one_of_mine_only(self, mine: Client, user: User) -> None:
        _, other = passkey_of(UserFactory.create())
        _, key = passkey_of(user)
        mine.post("/accounts/reauthenticate/", {"password": PASSWORD})
        for path in (f"keys/{other.pk}/edit/", f"keys/{other.pk}/remove/"):
            assert mine.post(f"/accounts/2fa/webauthn/{path}", {"name": "mine"}).status_code == 404
        renamed = mine.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "N" * 100})
        assert renamed["Location"] == "/settings/security"
        key.refresh_from_db()
        assert key.data["name"] == "N" * 60
        assert mine.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")["Location"] == "/settings/security"
        assert list(Authenticator.objects.all()) == [other]

    def test_they_alone_ask_for_no_second_factor(self, client: Client, user: User) -> None:
        passkey_of(user)
        assert password_step(client, user)["Location"] == "/"
        assert is_signed_in(client)


@pytest.fixture
def here() -> Client:
    """A browser at an address where passkeys work without https."""
    return Client(headers={"Host": "localhost"})


LOGIN = "/accounts/2fa/webauthn/login/"


def sign_in_by(key: SoftPasskey, client: Client, **extra: Any) -> Any:
    asked = client.get(LOGIN, headers={"Accept": "application/json"}).json()["request_options"]
    return client.post(LOGIN, {"credential": key.get(asked), **extra})


class TestPasskeyCeremonies:
    def test_make_one_and_sign_in_by_it_alone(self, here: Client, user: User) -> None:
        here.force_login(user)
        here.post("/accounts/reauthenticate/", {"password": PASSWORD})
        key = SoftPasskey()
        asked = here.get("/accounts/2fa/webauthn/add/").context["js_data"]["creation_options"]
        added = here.post("/accounts/2fa/webauthn/add/", {"name": "Phone", "credential": key.create(asked)})
        assert added["Location"] == "/settings/security"
        assert b"Phone" in here.get("/settings/security").content
        two_factor_on(user)  # a passkey is both factors
        stranger = Client(headers={"Host": "localhost"})
        response = sign_in_by(key, stranger, next="/schedule")
        assert response["Location"] == "/schedule"
        assert is_signed_in(stranger)
        assert response.cookies["device"]["httponly"]
        assert Authenticator.objects.get().last_used_at

    def test_it_answers_the_question_after_the_password(self, here: Client, user: User) -> None:
        two_factor_on(user)
        key, _ = passkey_of(user)
        password_step(here, user)
        asked = here.get(CHALLENGE).context["js_data"]["request_options"]
        assert here.post(CHALLENGE, {"credential": key.get(asked)})["Location"] == "/"
        assert is_signed_in(here)

    def test_anothers_passkey_a_forged_one_and_a_second_use_do_not(self, here: Client, user: User) -> None:
        two_factor_on(user)
        key, _ = passkey_of(user)
        others, _ = passkey_of(UserFactory.create())
        forged = SoftPasskey()
        forged._id, forged._user_handle = key._id, key._user_handle
        password_step(here, user)
        for wrong in (others, forged):
            asked = here.get(CHALLENGE).context["js_data"]["request_options"]
            assert here.post(CHALLENGE, {"credential": wrong.get(asked)}).status_code == 200
            assert not is_signed_in(here)
        assert sign_in_by(forged, Client(headers={"Host": "localhost"}))["Location"] == "/accounts/login/"
        asked = here.get(CHALLENGE).context["js_data"]["request_options"]
        elsewhere = here.post(CHALLENGE, {"credential": key.get(asked, origin="https://evil.example")})
        assert elsewhere.status_code == 200
        asked = here.get(CHALLENGE).context["js_data"]["request_options"]
        answer = {"credential": key.get(asked)}
        here.post(CHALLENGE, answer)
        assert is_signed_in(here)
        here.post("/accounts/logout/")
        password_step(here, user)
        here.post(CHALLENGE, answer)
        assert not is_signed_in(here)

    def test_a_suspended_person_has_no_way_in_by_it(self, here: Client, user: User) -> None:
        key, _ = passkey_of(user)
        User.objects.update(is_active=False)
        assert sign_in_by(key, here)["Location"] == "/accounts/inactive/"
        assert not is_signed_in(here)

    def test_it_shows_who_one_is_before_a_change(self, here: Client, user: User) -> None:
        key, row = passkey_of(user)
        here.force_login(user)
        page = here.get("/accounts/2fa/webauthn/reauthenticate/")
        path = f"/accounts/2fa/webauthn/keys/{row.pk}/edit/"
        answer = {"credential": key.get(page.context["js_data"]["request_options"]), "next": path}
        assert here.post("/accounts/2fa/webauthn/reauthenticate/", answer)["Location"] == path
        assert here.get(path).status_code == 200

    def test_tries_are_limited_per_address_with_a_page(self, client: Client) -> None:
        answers = [client.post(LOGIN, {"credential": "{}"}) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [302] * 10 + [429]
        assert b"Wait a little" in answers[-1].content
        assert client.post(LOGIN, {"credential": "{}"}, REMOTE_ADDR="198.51.100.2").status_code == 302
