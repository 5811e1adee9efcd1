"""`/auth/sessions`: the list, ending one, ending all others; by token and from the site."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User, UserSession
from accounts.services.sessions import session_revoke, session_start, site_session_start
from accounts.tests.factories import UserFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
URL = "/api/v1/auth/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def user() -> User:
    return UserFactory.create(username="aki")


class TestList:
    def test_apps_and_browsers_newest_seen_first(self, client: Client, user: User) -> None:
        here = session_start(user=user, device="anilay/1.0 okhttp/4.12 Android", address="192.0.2.7")
        site = site_session_start(user=user, device=FIREFOX, address="192.0.2.8")
        UserSession.objects.filter(pk=here.session.pk).update(last_seen_at=timezone.now() - timedelta(seconds=30))
        with assert_queries("accounts/GET auth/sessions"):
            response = client.get(URL, headers=bearer(here.access_token))
        rows = response.json()
        assert [row["id"] for row in rows] == [str(site.pk), str(here.session.pk)]
        assert [row["is_current"] for row in rows] == [False, True]
        assert [row["kind"] for row in rows] == ["site", "api"]
        assert [row["device"] for row in rows] == ["Firefox on Linux", "App on Android"]
        assert rows[0]["user_agent"] == FIREFOX
        assert (rows[0]["address"], rows[0]["device_type"]) == ("192.0.2.8", "desktop")
        assert response["Cache-Control"] == "private, no-store"

    def test_says_nothing_secret(self, client: Client, user: User) -> None:
        pair = session_start(user=user)
        text = client.get(URL, headers=bearer(pair.access_token)).content.decode()
        assert "token" not in text
        assert pair.refresh_token not in text

    def test_what_is_over_is_not_there_and_others_are_not(self, client: Client, user: User) -> None:
        here = session_start(user=user)
        for over in (session_start(user=user).session, site_session_start(user=user)):
            session_revoke(session=over, reason="by_hand")
        expired = session_start(user=user).session
        UserSession.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
        session_start(user=UserFactory.create())
        rows = client.get(URL, headers=bearer(here.access_token)).json()
        assert [row["id"] for row in rows] == [str(here.session.pk)]

    def test_from_the_site(self, client: Client, user: User) -> None:
        session_start(user=user)
        client.force_login(user)
        rows = client.get(URL).json()
        assert [(row["kind"], row["is_current"]) for row in rows] == [("site", True), ("api", False)]

    def test_the_number_of_queries_does_not_grow(self, client: Client, user: User) -> None:
        here = session_start(user=user)
        for _ in range(7):
            session_start(user=user)
        with assert_queries("accounts/GET auth/sessions"):
            assert len(client.get(URL, headers=bearer(here.access_token)).json()) == 8

    def test_strangers_and_unknown_filters(self, client: Client, user: User) -> None:
        assert client.get(URL).status_code == 401
        token = session_start(user=user).access_token
        assert client.get(URL + "?user=1", headers=bearer(token)).status_code == 400


class TestRevokeOne:
    def test_another_session_of_mine_dies_at_once(self, client: Client, user: User) -> None:
        here, other = session_start(user=user), session_start(user=user)
        with assert_queries("accounts/DELETE auth/sessions/{id}"):
            response = client.delete(f"{URL}/{other.session.pk}", headers=bearer(here.access_token))
        assert (response.status_code, response.content) == (204, b"")
        assert "refresh_token" not in response.cookies
        assert client.get(URL, headers=bearer(other.access_token)).status_code == 401
        assert client.get(URL, headers=bearer(here.access_token)).status_code == 200
        assert UserSession.objects.get(pk=other.session.pk).revoke_reason == "by_hand"
        again = client.delete(f"{URL}/{other.session.pk}", headers=bearer(here.access_token))
        assert again.status_code == 404

    def test_a_browser_is_signed_out_by_an_app(self, client: Client, user: User) -> None:
        here = session_start(user=user)
        client.force_login(user)
        row = UserSession.objects.get(kind="site")
        assert client.get("/settings").status_code == 200
        assert Client().delete(f"{URL}/{row.pk}", headers=bearer(here.access_token)).status_code == 204
        assert client.get("/settings").status_code == 302
        assert client.get("/api/v1/auth/me").status_code == 401

    def test_my_own_logs_me_out(self, client: Client, user: User) -> None:
        """Reference: "If it matches the current token, the caller is logged out"."""
        here = session_start(user=user)
        response = client.delete(f"{URL}/{here.session.pk}", headers=bearer(here.access_token))
        assert response.status_code == 204
        assert response.cookies["refresh_token"]["max-age"] == 0
        assert client.get(URL, headers=bearer(here.access_token)).status_code == 401

    def test_my_own_on_the_site_empties_the_browser(self, client: Client, user: User) -> None:
        client.force_login(user)
        response = client.delete(f"{URL}/{UserSession.objects.get().pk}")
        assert response.status_code == 204
        assert response.cookies["sessionid"]["max-age"] == 0
        assert client.get(URL).status_code == 401

    @pytest.mark.parametrize("name", ["00000000-0000-4000-8000-000000000000", "1", "not-a-uuid", "0" * 36, "%00"])
    def test_what_is_no_session_is_404(self, client: Client, user: User, name: str) -> None:
        token = session_start(user=user).access_token
        assert client.delete(f"{URL}/{name}", headers=bearer(token)).status_code == 404

    def test_anothers_is_404_and_lives(self, client: Client, user: User) -> None:
        mine, theirs = session_start(user=user), session_start(user=UserFactory.create())
        response = client.delete(f"{URL}/{theirs.session.pk}", headers=bearer(mine.access_token))
        assert (response.status_code, response.json()["error"]) == (404, "not_found")
        assert client.get(URL, headers=bearer(theirs.access_token)).status_code == 200

    def test_a_browser_needs_its_csrf_token(self, user: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        assert client.delete(f"{URL}/{UserSession.objects.get().pk}").status_code == 403
        assert client.delete(URL).status_code == 403
        assert client.get(URL).status_code == 200


class TestRevokeOthers:
    def test_all_but_this_one(self, client: Client, user: User) -> None:
        here = session_start(user=user)
        others = [session_start(user=user) for _ in range(3)]
        client.force_login(user)
        theirs = session_start(user=UserFactory.create())
        with assert_queries("accounts/DELETE auth/sessions"):
            response = Client().delete(URL, headers=bearer(here.access_token))
        assert (response.status_code, response.json()) == (200, {"revoked": 4})
        for pair, status in [(here, 200), (theirs, 200), *((other, 401) for other in others)]:
            assert Client().get(URL, headers=bearer(pair.access_token)).status_code == status
        assert client.get("/settings").status_code == 302
        assert Client().delete(URL, headers=bearer(here.access_token)).json() == {"revoked": 0}

    def test_from_the_site(self, client: Client, user: User) -> None:
        other = session_start(user=user)
        client.force_login(user)
        assert client.delete(URL).json() == {"revoked": 1}
        assert client.get("/settings").status_code == 200
        assert Client().get(URL, headers=bearer(other.access_token)).status_code == 401


class TestLastSeen:
    def test_a_fresh_token_is_one_query_and_a_minute_later_notes_once(self, client: Client, user: User) -> None:
        token = session_start(user=user, address="192.0.2.7").access_token
        with assert_queries("accounts/GET auth/me"):
            client.get("/api/v1/auth/me", headers=bearer(token))
        with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False) as clock:
            with assert_queries("accounts/GET auth/me a minute later"):
                client.get("/api/v1/auth/me", headers=bearer(token))
            session, person = UserSession.objects.get(), User.objects.get()
            assert session.last_seen_at == person.last_seen_at == timezone.now()
            assert session.address == "127.0.0.1"
            clock.shift(59)
            with assert_queries("accounts/GET auth/me"):
                client.get("/api/v1/auth/me", headers=bearer(token))

    def test_the_site_notes_too(self, client: Client, user: User) -> None:
        client.force_login(user)
        with assert_queries("accounts/GET auth/me from the site"):
            client.get("/api/v1/auth/me")
        with time_machine.travel(timezone.now() + timedelta(minutes=5)):
            client.get("/api/v1/auth/me")
            assert timezone.now() - User.objects.get().last_seen_at < timedelta(seconds=5)
