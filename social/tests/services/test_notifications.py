"""Telling people: grouped, never to whom a block parts, once under parallel causes, live with the number for the badge."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import NoticeSetting
from accounts.tests.factories import UserFactory
from core.models import RealtimeEvent
from social.models import Block, Notification, NotificationActor
from social.notices import MENTION, NEW_EPISODE, REPLY
from social.services.notifications import Notice, notify, unread_counts
from tests.races import at_once


def reply_by(actor, number: int = 1) -> Notice:
    context = {"about": "a title", "excerpt": "text"}
    return Notice(kind=REPLY, group=f"reply:{number}", url="/comments/1", actor=actor, context=context)


@pytest.mark.django_db
def test_what_happens_again_joins_the_unread_row(django_assert_max_num_queries) -> None:
    reader, one, other = UserFactory.create_batch(3)
    notify(user_ids=[reader.pk], notice=reply_by(one))
    notify(user_ids=[reader.pk], notice=reply_by(one))
    with django_assert_max_num_queries(16):
        notify(user_ids=[reader.pk], notice=reply_by(other))
    row = Notification.objects.get()
    assert (row.count, row.actor_count, row.user_id) == (3, 2, reader.pk)
    assert list(row.actors.order_by("-created_at").values_list("user", flat=True)) == [other.pk, one.pk]
    notify(user_ids=[reader.pk], notice=reply_by(one, 2))
    assert unread_counts([reader.pk, one.pk]) == {reader.pk: 2, one.pk: 0}
    last = RealtimeEvent.objects.filter(user=reader).latest("seq")
    assert last.payload["unread"] == 2
    assert "excerpt" not in last.payload
    Notification.objects.update(read_at=row.created_at)
    notify(user_ids=[reader.pk], notice=reply_by(one))
    assert Notification.objects.filter(read_at=None).count() == 1


@pytest.mark.django_db
def test_who_is_not_told() -> None:
    actor, blocker, blocked, unwilling = UserFactory.create_batch(4)
    Block.objects.create(blocker=blocker, blocked=actor)
    Block.objects.create(blocker=actor, blocked=blocked)
    NoticeSetting.objects.create(user=unwilling, kind=MENTION.code, by_site=False, by_push=False, by_email=False)
    everybody = [actor.pk, blocker.pk, blocked.pk, unwilling.pk]
    notify(user_ids=everybody, notice=Notice(kind=MENTION, group="m", url="/x", actor=actor, context={"about": "x"}))
    assert not Notification.objects.exists()
    assert not RealtimeEvent.objects.exists()


@pytest.mark.django_db
def test_many_are_told_in_as_many_queries_as_few() -> None:
    context = {"about": "x", "episode": 2, "variant": "sub"}
    notice = Notice(kind=NEW_EPISODE, group="episode:1:2", url="/watch/1/2", context=context, anime_id=None)
    counts = []
    for size in (2, 7):
        people = UserFactory.create_batch(size)
        with CaptureQueriesContext(connection) as queries:
            notify(user_ids=[one.pk for one in people], notice=notice)
        counts.append(len(queries))
        notify(user_ids=[one.pk for one in people], notice=notice)
        assert Notification.objects.filter(user__in=people).count() == size
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_parallel_causes_make_one_row() -> None:
    reader, actors = UserFactory.create(), UserFactory.create_batch(6)
    calls = [lambda a=actor: notify(user_ids=[reader.pk], notice=reply_by(a)) for actor in actors]
    assert at_once(calls) == {"done": 6}
    row = Notification.objects.get()
    assert (row.count, row.actor_count, NotificationActor.objects.count()) == (6, 6, 6)
