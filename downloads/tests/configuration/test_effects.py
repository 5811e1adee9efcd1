"""What a change does at once: the log says more or less, staff are signed out sooner."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.facade import Role
from accounts.tests.factories import UserFactory
from downloads.configuration import store
from downloads.configuration.changing import configuration_set
from downloads.configuration.effects import effects_install, log_level_apply, staff_timeout
from downloads.configuration.store import configuration


@pytest.fixture
def stderr() -> Iterator[logging.Handler]:
    """A handler as the settings make it, and the root logger put back after."""
    root, before = logging.getLogger(), logging.getLogger().level
    handler = logging.NullHandler()
    handler.name = "stderr"
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.once
def test_the_log_level_holds_at_once(place: Path, stderr: logging.Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_told", [])
    effects_install()
    log, own = logging.getLogger("a.b"), logging.getLogger("of.its.own")
    own.setLevel(logging.INFO)
    configuration_set(None, {"log_level": "debug"})
    assert log.isEnabledFor(logging.DEBUG)
    configuration_set(None, {"log_level": "error"})
    assert not log.isEnabledFor(logging.WARNING)
    assert stderr.level == logging.ERROR  # what loggers with a level of their own say stops here
    # Another process changed it: this one follows at its next look.
    (place / "downloads.json").write_bytes(b'{"log_level": "info"}')
    configuration()
    assert (log.isEnabledFor(logging.INFO), log.isEnabledFor(logging.DEBUG)) == (True, False)


@pytest.mark.once
def test_without_a_word_of_the_operator_the_environments_level_stays(
    place: Path, stderr: logging.Handler, settings: LazySettings
) -> None:
    settings.LOG_LEVEL = "ERROR"
    before = logging.getLogger().level
    log_level_apply(None, configuration())
    assert (logging.getLogger().level, stderr.level) == (before, logging.NOTSET)
    assert configuration().log_level == "error"


@pytest.mark.django_db
def test_staff_who_do_nothing_sign_in_again(place: Path, client: Client) -> None:
    staff, person = UserFactory.create(role=Role.MODERATOR), UserFactory.create()
    other = Client()
    client.force_login(staff)
    other.force_login(person)
    configuration_set(None, {"session_timeout_hours": 2})
    assert staff_timeout() == timedelta(hours=2)
    start = timezone.now()
    for hours in (1.9, 3.8):  # each visit begins the two hours anew
        with time_machine.travel(start + timedelta(hours=hours)):
            assert client.get("/settings/sessions").status_code == 200
    with time_machine.travel(start + timedelta(hours=5.9)):
        answer = client.get("/settings/sessions")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login")
        assert other.get("/settings/sessions").status_code == 200
    assert staff.token_sessions.get().revoke_reason == "timed_out"
