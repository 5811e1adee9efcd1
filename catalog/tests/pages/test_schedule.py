"""The schedule: the viewer's time zone decides on which day and at what time something airs."""

import datetime

import pytest
import time_machine
from django.test import Client

from accounts.facade import User
from catalog.tests import factories
from catalog.tests.pages.shelf import text_of

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime.datetime(2024, 5, 15, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def anime():
    found = factories.AnimeFactory(title="Late Show", status="airing", end_date=None, episode_count=None)
    factories.BroadcastRuleFactory(anime=found, first_at=datetime.datetime(2024, 5, 1, 22, 30, tzinfo=datetime.UTC))
    from catalog.services.documents import documents_rebuild

    documents_rebuild(anime_ids=[found.pk])
    return found


@pytest.mark.usefixtures("anime")
@pytest.mark.parametrize(
    ("zone", "day", "hour"), [("UTC", "15", "22:30"), ("Europe/Berlin", "16", "00:30"), ("Nowhere/Land", "15", "22:30")]
)
def test_day_and_time_are_local(client: Client, zone: str, day: str, hour: str) -> None:
    client.cookies["tz"] = zone
    with time_machine.travel(WEDNESDAY, tick=False):
        on = text_of(client.get(f"/schedule?span=day&from=2024-05-{day}"))
        off = text_of(client.get(f"/schedule?span=day&from=2024-05-{'16' if day == '15' else '15'}"))
    assert "Late Show" in on
    assert f">{hour}</time>" in on
    assert "Episode 3" in on
    assert "Late Show" not in off


def test_weeks_begin_on_monday_and_mark_today(client: Client) -> None:
    with time_machine.travel(WEDNESDAY, tick=False):
        html = text_of(client.get("/schedule?from=2024-05-18"))
    assert "13 May – 19 May 2024" in html
    assert html.count("is-today") == 1
    assert "from=2024-05-06" in html
    assert "from=2024-05-20" in html


@pytest.mark.parametrize("query", ["from=junk", "from=2024-13-45", "from=0001-01-01", "span=year", "from=9999-12-31"])
def test_odd_queries_show_the_present(client: Client, query: str) -> None:
    assert client.get(f"/schedule?{query}").status_code == 200


def test_only_my_list(client: Client, anime) -> None:
    from django.apps import apps

    viewer = User.objects.create_user("viewer", "viewer@example.org", "korrekt-pferd-9")
    client.force_login(viewer)
    with time_machine.travel(WEDNESDAY, tick=False):
        assert "Late Show" not in text_of(client.get("/schedule?mine=1"))
        apps.get_model("lists", "ListEntry").objects.create(user=viewer, anime=anime)
        assert "Late Show" in text_of(client.get("/schedule?mine=1"))
