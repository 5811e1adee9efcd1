"""A query that is compiled once gives what its queryset gives, whoever asks, and survives a lost connection."""

import datetime
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User, UserSession
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.kept_queries import KeptQuery


def sessions(session_id: uuid.UUID, user_id: uuid.UUID) -> QuerySet[UserSession, Any]:
    rows = UserSession.objects.select_related("user__avatar", "user__totp_device")
    return rows.filter(pk=session_id, user_id=user_id).annotate(tokens=Count("refresh_tokens"))


@pytest.mark.django_db(transaction=True)
def test_instances_are_those_of_the_queryset() -> None:
    kept = KeptQuery(sessions, session_id=uuid.UUID, user_id=uuid.UUID)
    for name in ("hana", "sora"):
        row = session_start(user=UserFactory(username=name)).session
        for _ in range(2):
            found, wanted = kept.first(session_id=row.pk, user_id=row.user_id), sessions(row.pk, row.user_id).get()
            values = [{k: v for k, v in one.__dict__.items() if k != "_state"} for one in (found, wanted)]
            assert values[0] == values[1]
            assert {k: v for k, v in found.user.__dict__.items() if k != "_state"} == {
                k: v for k, v in wanted.user.__dict__.items() if k != "_state"
            }
            with CaptureQueriesContext(connection) as captured:
                assert (found.user.username, found.user.avatar, found.tokens) == (name, None, 1)
            assert not captured.captured_queries
        assert kept.first(session_id=row.pk, user_id=uuid.uuid4()) is None
        found.user.display_name = "Changed"
        found.user.save(update_fields=["display_name"])
        assert User.objects.get(username=name).display_name == "Changed"


@pytest.mark.django_db(transaction=True)
def test_values_of_every_type_find_their_places() -> None:
    now = timezone.now()
    for number in range(4):
        AnimeFactory(title="50 % «ёжик»' 鬼", year=2000 + number)

    def rows(title: str, year: int, before: datetime.datetime) -> QuerySet[Anime, Any]:
        found = Anime.objects.filter(title=title, year__gte=year, created_at__lt=before, titles__isnull=True)
        return found.order_by("year")

    def dicts(**values: Any) -> QuerySet[Anime, Any]:
        return rows(**values).values("year", "created_at", "title")

    def tuples(**values: Any) -> QuerySet[Anime, Any]:
        return rows(**values).only("pk").values_list("year", "title")

    for build in (rows, dicts, tuples):
        kept = KeptQuery(build, title=str, year=int, before=datetime.datetime)
        for year, before in (
            (2002, now + timedelta(hours=1)),
            (2003, now + timedelta(hours=1)),
            (2002, now - timedelta(hours=1)),
        ):
            asked = {"title": "50 % «ёжик»' 鬼", "year": year, "before": before}
            with CaptureQueriesContext(connection) as captured:
                found = kept.rows(**asked)
            assert len(captured.captured_queries) == 1
            assert found == kept.rows(**asked) == list(build(**asked))
            assert len(found) == (0 if before < now else 2004 - year)


@pytest.mark.django_db
def test_a_value_that_the_orm_changes_on_its_way_is_refused() -> None:
    kept = KeptQuery(lambda words: Anime.objects.filter(title__icontains=words), words=str)
    with pytest.raises(ImproperlyConfigured):
        kept.rows(words="a")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_between_two_requests_is_replaced() -> None:
    kept = KeptQuery(lambda pk: User.objects.filter(pk=pk), pk=uuid.UUID)
    user = UserFactory()
    assert kept.first(pk=user.pk) == user
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", (connection.connection.info.backend_pid,))
    other.close()
    assert kept.first(pk=user.pk) == user
