"""Digests: one mail a period at the reader's morning, of what is unread, once by any number of workers, left by one click."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.mails import mails_sent
from catalog.tests.factories import AnimeFactory
from core.models import Job
from social.models import DigestPreference, Notification
from social.notices import COMMENT, MENTION, UPVOTE
from social.services import digests
from social.services.digests import digest_preference_set, digest_send, next_morning, unsubscribe_token
from social.services.notification_marks import notifications_read
from social.services.notifications import Notice, notify
from social.tasks import digests_send
from tests.races import at_once

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.fixture
def reader() -> User:
    return UserFactory.create(username="reader", is_verified=True)


def told(reader: User, about: str = "a title", kind: Any = MENTION, **more: Any) -> Notification:
    actor, context = UserFactory.create(), {"about": about, "excerpt": "what was written"}
    notify(user_ids=[reader.pk], notice=Notice(kind=kind, group=about, url="/x", actor=actor, context=context, **more))
    return Notification.objects.get(user=reader, group=about, read_at=None)


def after(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return digests_send()


@pytest.mark.parametrize(
    ("frequency", "zone", "now", "due"),
    [
        ("daily", "", "2026-11-23T06:30", "2026-11-23T08:00"),
        ("daily", "", "2026-11-23T08:00", "2026-11-24T08:00"),
        ("daily", "Asia/Tokyo", "2026-11-23T06:30", "2026-11-23T23:00"),
        ("daily", "Asia/Kathmandu", "2026-11-23T01:00", "2026-11-23T02:15"),
        ("daily", "America/New_York", "2026-03-08T06:00", "2026-03-08T12:00"),
        ("daily", "no/zone", "2026-11-23T06:30", "2026-11-23T08:00"),
        ("weekly", "", "2026-11-23T06:30", "2026-11-23T08:00"),
        ("weekly", "", "2026-11-23T09:00", "2026-11-30T08:00"),
        ("weekly", "Pacific/Auckland", "2026-11-24T00:00", "2026-11-29T19:00"),
    ],
)
def test_mornings_are_the_readers_own(frequency: str, zone: str, now: str, due: str) -> None:
    found = next_morning(frequency, zone, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_what_is_unread_comes_in_one_mail_in_the_morning(reader: User) -> None:
    with time_machine.travel(MONDAY, tick=False):
        told(reader, "one")
        read = told(reader, "two")
        told(reader, "three", COMMENT)
        told(reader, "four", UPVOTE)  # nobody wants mails of that
        notifications_read(user=reader, ids=[read.pk])
        assert digests_send() == 0
    assert after(MONDAY + timedelta(hours=1)) == 0
    assert after(MONDAY + timedelta(hours=1, minutes=31)) == 1
    assert after(MONDAY + timedelta(hours=2)) == 0
    (mail,) = mails_sent()
    assert mail.to == [reader.email]
    assert mail.subject.startswith("2 things you have not read")
    assert "one" in mail.body
    assert "three" in mail.body
    assert ": two" not in mail.body
    assert "four" not in mail.body
    link = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in mail.body
    assert link in mail.alternatives[0].content
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not Notification.objects.filter(by_digest=True, mailed_at=None).exists()


def test_the_next_period_brings_only_what_is_new(reader: User) -> None:
    with time_machine.travel(MONDAY, tick=False):
        told(reader, "first")
        digests_send()
    after(MONDAY + timedelta(hours=2))
    assert after(MONDAY + timedelta(days=1, hours=2)) == 0
    with time_machine.travel(MONDAY + timedelta(hours=3), tick=False):
        told(reader, "second")
        digests_send()
    assert after(MONDAY + timedelta(days=1, hours=2)) == 1
    bodies = [mail.body for mail in mails_sent()]
    assert len(bodies) == 2
    assert "first" not in bodies[1]


def test_what_went_on_after_a_digest_is_told_again(reader: User) -> None:
    with time_machine.travel(MONDAY, tick=False):
        told(reader, "talk")
        digests_send()
    after(MONDAY + timedelta(hours=2))
    with time_machine.travel(MONDAY + timedelta(hours=3), tick=False):
        told(reader, "talk")
        digests_send()
    assert after(MONDAY + timedelta(days=1, hours=2)) == 1
    assert len(mails_sent()) == 2


def test_weekly_waits_and_never_is_never(reader: User) -> None:
    silent = UserFactory.create(is_verified=True)
    digest_preference_set(user=reader, frequency="weekly")
    digest_preference_set(user=silent, frequency="never")
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        told(reader)
        told(silent)
        digests_send()
    assert after(MONDAY + timedelta(days=2, hours=2)) == 0
    assert after(MONDAY + timedelta(days=7, hours=2)) == 1
    assert [mail.to for mail in mails_sent()] == [[reader.email]]
    assert not Notification.objects.filter(user=silent, by_digest=True).exists()


def test_nothing_goes_to_an_unproved_address_or_to_who_is_gone(reader: User) -> None:
    unproved, gone = UserFactory.create(), UserFactory.create(is_verified=True)
    with time_machine.travel(MONDAY, tick=False):
        told(unproved)
        told(gone)
        digests_send()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert after(MONDAY + timedelta(hours=2)) == 0
    assert mails_sent() == []
    assert not Notification.objects.filter(by_digest=True, mailed_at=None).exists()


def test_no_mail_gives_an_episode_away(reader: User) -> None:
    anime = AnimeFactory.create(document=True)
    with time_machine.travel(MONDAY, tick=False):
        told(reader, "covered", anime_id=anime.pk, spoils_episode=5)
        digests_send()
    after(MONDAY + timedelta(hours=2))
    (mail,) = mails_sent()
    assert "covered" in mail.body
    assert "what was written" not in mail.body + mail.alternatives[0].content


def test_it_is_written_in_the_language_of_the_reader(reader: User) -> None:
    digests.digest_reader_note(user=reader, time_zone="Europe/Riga", language="ru")
    with time_machine.travel(MONDAY - timedelta(hours=2), tick=False):
        told(reader)
        digests_send()
    assert DigestPreference.objects.get(user=reader).due_at == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    after(MONDAY)
    (mail,) = mails_sent()
    assert '<html lang="ru">' in mail.alternatives[0].content


def test_a_crash_while_writing_the_mail_leaves_it_due(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(MONDAY, tick=False):
        told(reader)
        digests_send()
    whole = digests._mail

    def broken(*arguments: Any) -> None:
        whole(*arguments)
        raise RuntimeError("the worker dies")

    with monkeypatch.context() as patch:
        patch.setattr(digests, "_mail", broken)
        assert after(MONDAY + timedelta(hours=2)) == 0
    assert not Job.objects.filter(kind="accounts.mail").exists()
    assert after(MONDAY + timedelta(hours=3)) == 1
    assert len(mails_sent()) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_send_one_mail() -> None:
    reader = UserFactory.create(is_verified=True)
    told(reader)
    DigestPreference.objects.create(user=reader, due_at=timezone.now() - timedelta(minutes=1))
    assert at_once([lambda: digest_send(user_id=reader.pk)] * 4) == {"done": 4}
    assert Job.objects.filter(kind="accounts.mail").count() == 1


def test_the_link_of_a_mail_ends_the_digest(reader: User, client: Client) -> None:
    address = f"/notifications/unsubscribe/{unsubscribe_token(reader.pk)}"
    assert client.get(address).status_code == 200  # scanners of mails open it
    assert not DigestPreference.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert DigestPreference.objects.get(user=reader).frequency == "never"


@pytest.mark.parametrize("token", ["x", "x.y", "0" * 32 + ".abc", "%00", "é.é"])
def test_a_link_that_is_none_of_ours_opens_nothing(reader: User, client: Client, token: str) -> None:
    assert client.post(f"/notifications/unsubscribe/{token}").status_code == 404
    forged = f"{reader.pk.hex}.{unsubscribe_token(UserFactory.create().pk).partition('.')[2]}"
    assert client.post(f"/notifications/unsubscribe/{forged}").status_code == 404
    assert not DigestPreference.objects.exists()
