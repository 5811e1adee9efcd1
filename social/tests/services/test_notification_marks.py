"""Reading, deleting, bringing back, trimming; accounts' notices among them; what a merge of two anime moves."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.facade import notice_send
from accounts.models import NoticeSetting, User
from accounts.tests.factories import UserFactory
from catalog.facade import anime_merge
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.models import RealtimeEvent
from social.models import EpisodeRelease, EpisodeWish, Notification, NotificationActor
from social.notices import FOLLOWED, MENTION, REPLY, UPVOTE
from social.services import notifications
from social.services.notification_marks import (
    notification_delete_undoably,
    notification_restore,
    notifications_delete,
    notifications_read,
    notifications_trim,
)
from social.services.notifications import Notice, notify, notify_many, unread_count
from tests.races import at_once

pytestmark = pytest.mark.django_db


def told(reader: User, group: str = "one", kind: Any = REPLY) -> Notification:
    context = {"about": group}
    notify(
        user_ids=[reader.pk],
        notice=Notice(kind=kind, group=group, url="/x", actor=UserFactory.create(), context=context),
    )
    return Notification.objects.filter(user=reader).latest("created_at")


def test_nobody_is_told_twice_of_one_cause() -> None:
    one, other, actor = UserFactory.create_batch(3)
    reply = Notice(kind=REPLY, group="reply", url="/x", actor=actor, context={"about": "a"})
    mention = Notice(kind=MENTION, group="mention", url="/x", actor=actor, context={"about": "a"})
    assert notify_many(told=[([one.pk], reply), ([one.pk, other.pk, actor.pk], mention)]) == 2
    rows = Notification.objects.values_list("user", "kind")
    assert set(rows) == {(one.pk, "reply"), (other.pk, "mention")}
    assert RealtimeEvent.objects.count() == 2


def test_deleting_is_taken_back_within_ten_minutes_once() -> None:
    reader = UserFactory.create()
    row = told(reader)
    assert not notification_delete_undoably(user=UserFactory.create(), notification_id=row.pk)
    assert notification_delete_undoably(user=reader, notification_id=row.pk)
    assert not Notification.objects.exists()
    assert not notification_restore(user=UserFactory.create(), notification_id=row.pk)
    assert notification_restore(user=reader, notification_id=row.pk)
    found = Notification.objects.get()
    assert (found.pk, found.context, found.read_at) == (row.pk, row.context, None)
    assert NotificationActor.objects.count() == 1
    assert not notification_restore(user=reader, notification_id=row.pk)
    assert RealtimeEvent.objects.filter(user=reader).latest("seq").payload["unread"] == 1


def test_what_comes_back_beside_a_newer_one_is_read() -> None:
    reader = UserFactory.create()
    row = told(reader)
    notification_delete_undoably(user=reader, notification_id=row.pk)
    told(reader)
    assert notification_restore(user=reader, notification_id=row.pk)
    assert Notification.objects.get(pk=row.pk).read_at is not None
    assert unread_count(reader.pk) == 1


def test_only_what_was_read_long_ago_is_forgotten() -> None:
    reader, old = UserFactory.create(), timezone.now() - timedelta(days=91)
    gone, unread, recent, digest = (told(reader, group) for group in "abcd")
    Notification.objects.filter(pk=gone.pk).update(read_at=old)
    Notification.objects.filter(pk=unread.pk).update(updated_at=old)
    Notification.objects.filter(pk=recent.pk).update(read_at=timezone.now() - timedelta(days=89), updated_at=old)
    Notification.objects.filter(pk=digest.pk).update(by_site=False, updated_at=old)
    assert notifications_trim() == 2
    assert set(Notification.objects.values_list("pk", flat=True)) == {unread.pk, recent.pk}


def test_only_the_latest_actors_are_remembered_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "ACTORS_KEPT", 3)
    monkeypatch.setattr(notifications, "ACTORS_SLACK", 2)
    reader, people = UserFactory.create(), UserFactory.create_batch(9)
    for actor in people:
        notify(user_ids=[reader.pk], notice=Notice(kind=FOLLOWED, group="f", url="/x", actor=actor))
    assert Notification.objects.get().actor_count == 9
    kept = NotificationActor.objects.order_by("-created_at").values_list("user", flat=True)
    assert len(kept) <= 5
    assert list(kept[:3]) == [person.pk for person in people[:5:-1]]


@pytest.mark.django_db(transaction=True)
def test_fifty_likes_at_once_are_one_row() -> None:
    reader, people = UserFactory.create(), UserFactory.create_batch(50)
    calls = [
        lambda a=actor: notify(
            user_ids=[reader.pk], notice=Notice(kind=UPVOTE, group="u", url="/x", actor=a, context={"about": "x"})
        )
        for actor in people
    ]
    assert at_once(calls) == {"done": 50}
    row = Notification.objects.get()
    assert (row.count, row.actor_count, NotificationActor.objects.count()) == (50, 50, 50)
    assert RealtimeEvent.objects.filter(user=reader).count() == 50


@pytest.mark.django_db(transaction=True)
def test_reading_while_it_happens_again_loses_nothing() -> None:
    reader, people = UserFactory.create(), UserFactory.create_batch(8)
    notice = {"kind": FOLLOWED, "group": "f", "url": "/x"}
    calls: list[Any] = [
        lambda a=actor: notify(user_ids=[reader.pk], notice=Notice(actor=a, **notice)) for actor in people
    ]
    calls += [lambda: notifications_read(user=reader)] * 4 + [lambda: notifications_delete(user=reader, ids=[])]
    assert at_once(calls) == {"done": 13}
    assert sum(Notification.objects.values_list("count", flat=True)) == 8
    assert Notification.objects.filter(read_at=None).count() <= 1


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_the_same_people_the_other_way_round_do_not_wait_for_each_other() -> None:
    readers, actors = UserFactory.create_batch(6), UserFactory.create_batch(4)
    ids = [reader.pk for reader in readers]

    def tell(actor: User, people: list[Any]) -> None:
        notices = [(people[:3], REPLY), (people[3:], MENTION)]
        notify_many(
            told=[
                (some, Notice(kind=kind, group="g", url="/x", actor=actor, context={"about": "x"}))
                for some, kind in notices
            ]
        )

    calls = [lambda a=actor, n=number: tell(a, ids[:: 1 if n % 2 else -1]) for number, actor in enumerate(actors)]
    assert at_once(calls) == {"done": 4}
    assert sum(Notification.objects.values_list("count", flat=True)) == 24


def test_what_accounts_tell_stands_among_them() -> None:
    person = UserFactory.create()
    for device in ("Firefox", "Safari"):
        notice_send(user=person, kind="new_sign_in", context={"device": device, "address": "192.0.2.1"})
    notice_send(user=person, kind="export_ready", context={"expires_at": "2026-12-01"})
    notice_send(user=person, kind="export_ready", context={"expires_at": "2026-12-02"})
    rows = Notification.objects.filter(user=person)
    assert sorted(rows.values_list("kind", "by_digest")) == [
        ("export_ready", False),
        ("new_sign_in", False),
        ("new_sign_in", False),
    ]
    assert rows.get(kind="export_ready").context == {"expires_at": "2026-12-02"}
    event = RealtimeEvent.objects.filter(user=person, type="notification.created").latest("seq")
    assert (event.payload["unread"], event.payload["kind"]) == (3, "export_ready")
    NoticeSetting.objects.create(user=person, kind="new_sign_in", by_site=False, by_push=False, by_email=False)
    notice_send(user=person, kind="new_sign_in", context={"device": "Opera", "address": "192.0.2.1"})
    assert rows.count() == 3


def test_all_follows_when_two_anime_become_one() -> None:
    keep, duplicate = AnimeFactory.create(), AnimeFactory.create()
    one, other = UserFactory.create_batch(2)
    row = told(one)
    Notification.objects.filter(pk=row.pk).update(anime=duplicate)
    for anime, number in ((keep, 1), (duplicate, 1), (duplicate, 2)):
        EpisodeRelease.objects.create(anime=anime, episode_number=number, kind="sub", language="en")
    EpisodeWish.objects.create(user=one, anime=keep, kind="dub")
    EpisodeWish.objects.create(user=one, anime=duplicate, kind="dub")
    EpisodeWish.objects.create(user=other, anime=duplicate, is_muted=True)
    anime_merge(actor=None, keep=keep, duplicate=duplicate)
    for model in (Notification, EpisodeRelease, EpisodeWish):
        fields = [field.name for field in model._meta.fields if field.related_model is Anime]
        assert fields == ["anime"]
        assert not model.objects.filter(anime=duplicate).exists()
    assert EpisodeRelease.objects.filter(anime=keep).count() == 2
    assert EpisodeWish.objects.filter(user=one).count() == 1
    assert EpisodeWish.objects.get(user=other).is_muted


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_count_is_read_from_the_index_of_unread_ones() -> None:
    reader, now = UserFactory.create(), timezone.now()
    Notification.objects.bulk_create(
        Notification(
            user=reader,
            kind="reply",
            group=str(n),
            url="/x",
            created_at=now,
            updated_at=now,
            read_at=None if n % 100 == 0 else now,
        )
        for n in range(5_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE social_notification")
        sql, params = Notification.objects.filter(user_id=reader.pk, read_at=None, by_site=True).query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "notification_unread" in plan or "notification_one_unread_of_a_group" in plan, plan
    assert "Seq Scan" not in plan
    assert unread_count(reader.pk) == 50
