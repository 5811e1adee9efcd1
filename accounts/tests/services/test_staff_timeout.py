"""Staff who do nothing on the site for longer than the apps above let them are signed out."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import site_sessions
from accounts.models import Role, UserSession
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_staff_are_signed_out_by_the_shortest_of_the_times_that_apps_give(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_sessions, "_staff_timeouts", [])
    staff, person = UserFactory.create(role=Role.MODERATOR), UserFactory.create()
    client.force_login(staff)
    other = Client()
    other.force_login(person)
    start = timezone.now()
    with time_machine.travel(start + timedelta(days=20)):
        assert client.get("/settings/sessions").status_code == 200  # nobody says anything: as everybody
    site_sessions.staff_timeout_register(lambda: timedelta(days=9))
    site_sessions.staff_timeout_register(lambda: timedelta(hours=3))
    with time_machine.travel(start + timedelta(days=20, hours=2)):
        assert client.get("/settings/sessions").status_code == 200
        assert other.get("/settings/sessions").status_code == 200
    with time_machine.travel(start + timedelta(days=20, hours=6)):
        assert client.get("/settings/sessions").status_code == 302
        assert other.get("/settings/sessions").status_code == 200
    ended = UserSession.objects.get(user=staff)
    assert (ended.revoke_reason, ended.revoked_at is not None) == ("timed_out", True)
    # Signing in again is a session of its own, and lasts.
    with time_machine.travel(start + timedelta(days=20, hours=7)):
        client.force_login(staff)
        assert client.get("/settings/sessions").status_code == 200


def test_tokens_of_staff_last_as_they_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_sessions, "_staff_timeouts", [lambda: timedelta(hours=1)])
    session = session_start(user=UserFactory.create(role=Role.ADMIN)).session
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert not site_sessions.is_timed_out(session)
