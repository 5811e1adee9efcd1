"""Rows of sign-ins: every door makes one, every end is told, cookies and rows last together."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.devices import device_of
from accounts.events import SessionsEnded
from accounts.models import User, UserSession
from accounts.services.sessions import (
    session_revoke,
    session_seen,
    session_start,
    sessions_revoke_all,
    site_session_adopt,
)
from accounts.site_sessions import ROW_KEY
from accounts.tests.factories import PASSWORD, UserFactory
from core import events


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SessionsEnded]]:
    found: list[SessionsEnded] = []
    monkeypatch.setitem(events._subscribers, SessionsEnded, [found.append])
    return found


def stored(client: Client) -> dict[str, Any]:
    return dict(client.session.items())


@pytest.mark.django_db
class TestDoors:
    def test_signing_in_on_the_site_makes_a_row(self, client: Client) -> None:
        UserFactory.create(username="aki")
        body = {"login": "aki", "password": PASSWORD}
        client.post("/accounts/login/", body, headers={"User-Agent": "Firefox/131.0 X11; Linux"})
        row = UserSession.objects.get()
        assert (row.kind, row.device, row.address) == ("site", "Firefox/131.0 X11; Linux", "127.0.0.1")
        assert stored(client)[ROW_KEY] == str(row.pk)
        user = User.objects.get()
        assert user.last_login == user.last_seen_at is not None

    def test_so_does_signing_up(self, client: Client) -> None:
        new = {"username": "newbie", "email": "n@example.org", "password1": "a passphrase 77"}
        client.post("/accounts/signup/", new)
        assert UserSession.objects.get().user.username == "newbie"
        assert client.get("/api/v1/auth/me").status_code == 200

    def test_signing_out_ends_the_row(self, client: Client, told: list[SessionsEnded]) -> None:
        client.force_login(UserFactory.create())
        client.post("/accounts/logout/")
        row = UserSession.objects.get()
        assert row.revoke_reason == "signed_out"
        assert told == [SessionsEnded(row.user_id, (row.pk,), "signed_out")]
        assert not Session.objects.exists()

    def test_signing_in_again_keeps_the_row(self, client: Client) -> None:
        user = UserFactory.create()
        for _ in range(2):
            client.force_login(user)
        assert UserSession.objects.count() == 1

    def test_signing_in_over_somebody_else_ends_their_row(self, client: Client) -> None:
        first, second = UserFactory.create(), UserFactory.create()
        client.force_login(first)
        client.force_login(second)
        assert UserSession.objects.get(user=first).revoked_at
        assert UserSession.objects.get(user=second).revoked_at is None
        assert client.get("/api/v1/auth/me").json()["username"] == second.username

    def test_a_sign_in_from_before_gets_a_row(self, client: Client) -> None:
        user = UserFactory.create()
        client.force_login(user)
        session = client.session
        del session[ROW_KEY]
        session.save()
        UserSession.objects.all().delete()
        assert client.get("/api/v1/auth/me").status_code == 200
        assert stored(client)[ROW_KEY] == str(UserSession.objects.get().pk)
        assert client.get("/api/v1/auth/me").status_code == 200
        assert UserSession.objects.count() == 1

    def test_parallel_requests_of_a_sign_in_from_before_share_its_row(self, client: Client) -> None:
        client.force_login(UserFactory.create())
        UserSession.objects.all().delete()
        for _ in range(3):
            session = client.session
            session.pop(ROW_KEY, None)  # as the others read it before the first of them answered
            session.save()
            assert client.get("/api/v1/auth/me").status_code == 200
        session_revoke(session=UserSession.objects.get(), reason="by_hand")
        assert client.get("/api/v1/auth/me").status_code == 401

    def test_a_sign_in_from_before_is_checked_first(self, client: Client) -> None:
        user = UserFactory.create()
        client.force_login(user)
        session = client.session
        del session[ROW_KEY]
        session[auth.HASH_SESSION_KEY] = "forged"
        session.save()
        UserSession.objects.all().delete()
        assert client.get("/api/v1/auth/me").status_code == 401
        assert not UserSession.objects.exists()


@pytest.mark.django_db
class TestEnds:
    def test_a_revoked_row_empties_the_browser(self, client: Client) -> None:
        client.force_login(UserFactory.create())
        session_revoke(session=UserSession.objects.get(), reason="by_hand")
        response = client.get("/settings")
        assert response.status_code == 302
        assert response.cookies["sessionid"]["max-age"] == 0
        assert not Session.objects.exists()

    def test_the_row_of_another_person_opens_nothing(self, client: Client) -> None:
        client.force_login(UserFactory.create())
        theirs = session_start(user=UserFactory.create()).session
        session = client.session
        session[ROW_KEY] = str(theirs.pk)
        session.save()
        assert client.get("/api/v1/auth/me").status_code == 401

    def test_a_password_changed_by_any_hand_ends_the_site_session(self, client: Client) -> None:
        user = UserFactory.create()
        client.force_login(user)
        user.set_password("another passphrase")
        user.save()
        assert client.get("/settings").status_code == 302
        assert UserSession.objects.get().revoked_at

    @pytest.mark.parametrize("change", [{"is_active": False}, {"erased_at": timezone.now()}])
    def test_suspended_and_erased_people_are_nobody(self, client: Client, change: dict[str, Any]) -> None:
        client.force_login(UserFactory.create())
        User.objects.update(**change)
        assert client.get("/api/v1/auth/me").status_code == 401

    def test_revoking_twice_tells_once(self, told: list[SessionsEnded]) -> None:
        session = session_start(user=UserFactory.create()).session
        for reason in ("by_hand", "staff"):
            session_revoke(session=session, reason=reason)
        assert [event.reason for event in told] == ["by_hand"]
        assert UserSession.objects.get().revoke_reason == "by_hand"

    def test_revoking_all_tells_of_those_that_died(self, told: list[SessionsEnded]) -> None:
        user = UserFactory.create()
        first, second, third = (session_start(user=user).session for _ in range(3))
        session_revoke(session=first, reason="by_hand")
        told.clear()
        assert sessions_revoke_all(user=user, reason="password", keep=third) == 1
        assert told == [SessionsEnded(user.pk, (second.pk,), "password")]
        assert sessions_revoke_all(user=user, reason="password", keep=third) == 0
        assert len(told) == 1

    def test_rolled_back_is_not_told_to_sockets(self, django_capture_on_commit_callbacks: Any) -> None:
        session = session_start(user=UserFactory.create()).session
        with django_capture_on_commit_callbacks() as callbacks:
            session_revoke(session=session, reason="by_hand")
        assert len(callbacks) == 1


@pytest.mark.django_db
class TestSeen:
    def test_a_used_site_session_is_prolonged_once_a_day(self, client: Client) -> None:
        client.force_login(UserFactory.create())
        began = timezone.now()
        for days in (20, 40, 60):
            with time_machine.travel(began + timedelta(days=days)):
                response = client.get("/api/v1/auth/me")
                assert response.status_code == 200
                assert "sessionid" in response.cookies
                assert UserSession.objects.get().expires_at > timezone.now() + timedelta(days=29)
        with time_machine.travel(began + timedelta(days=60, hours=2)):
            assert "sessionid" not in client.get("/api/v1/auth/me").cookies
        with time_machine.travel(began + timedelta(days=91)):
            assert client.get("/api/v1/auth/me").status_code == 401

    def test_a_revoked_session_is_not_noted(self) -> None:
        session = session_start(user=UserFactory.create()).session
        stale = timezone.now() - timedelta(hours=1)
        UserSession.objects.update(last_seen_at=stale, revoked_at=timezone.now())
        User.objects.update(last_seen_at=stale)
        session.last_seen_at = stale
        session_seen(session=session)
        assert User.objects.get().last_seen_at == stale


@pytest.mark.django_db(transaction=True)
class TestInParallel:
    def test_two_requests_note_once(self) -> None:
        session = session_start(user=UserFactory.create()).session
        stale = timezone.now() - timedelta(hours=1)
        UserSession.objects.update(last_seen_at=stale)
        updates: list[int] = []

        def look() -> None:
            row = UserSession.objects.select_related("user").get(pk=session.pk)
            barrier.wait()
            session_seen(session=row)
            updates.append(row.last_seen_at > stale)
            connection.close()

        barrier = threading.Barrier(4)
        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(updates) == 1

    def test_a_sign_in_from_before_gets_one_row(self) -> None:
        user = UserFactory.create()
        found: list[UserSession] = []

        def adopt() -> None:
            barrier.wait()
            found.append(site_session_adopt(user=user, session_key="k" * 32))
            connection.close()

        barrier = threading.Barrier(4)
        threads = [threading.Thread(target=adopt) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [UserSession.objects.get()] * 4

    def test_a_page_does_not_wait_for_a_long_write(self, client: Client) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL locks rows, not the file")
        client.force_login(UserFactory.create())
        UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            began = time.perf_counter()
            assert client.get("/api/v1/auth/me").status_code == 200
            assert time.perf_counter() - began < 1
            assert User.objects.get().is_active
        finally:
            other.execute("ROLLBACK")
            other.close()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone()[0] == 20_000


class TestDeviceNames:
    @pytest.mark.parametrize(
        ("user_agent", "name", "form"),
        [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox on Linux", "desktop"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
                "Safari/537.36 Edg/130.0.0.0",
                "Edge on Windows",
                "desktop",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                "Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iOS",
                "phone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
                "Mobile Safari/537.36",
                "Chrome on Android",
                "phone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
                "Safari/537.36",
                "Chrome on Android",
                "tablet",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 YaBrowser/24.7 "
                "Safari/537.36",
                "Yandex Browser on Windows",
                "desktop",
            ),
            ("anilay/1.0 okhttp/4.12 Android", "App on Android", "phone"),
            ("curl/8.5.0", "curl", "program"),
            ("python-requests/2.32", "Python", "program"),
            ("", "Unknown device", "program"),
            ("<script>", "Unknown device", "program"),
        ],
    )
    def test_is_what_people_call_it(self, user_agent: str, name: str, form: str) -> None:
        device = device_of(user_agent)
        assert (device.name, device.form) == (name, form)
