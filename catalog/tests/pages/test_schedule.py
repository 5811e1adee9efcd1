"""The schedule: the viewer's time zone decides on which day and at what time something airs."""

import datetime

import pytest
import time_machine
from django.test import Client

from accounts.facade import User
from catalog.pages.schedule_feed import escape, fold
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


def test_a_month_is_whole_weeks_around_it(client: Client, anime) -> None:
    with time_machine.travel(WEDNESDAY, tick=False):
        html = text_of(client.get("/schedule?span=month&from=2024-02-10"))
        now = text_of(client.get("/schedule?span=month"))
    assert "February 2024" in html
    assert html.count('class="day') - html.count('class="day-empty') == 35
    assert "from=2024-01-31" in html
    assert "from=2024-03-01" in html
    assert now.count(">Late Show</a>") == 5


def test_a_week_as_a_table(client: Client, anime) -> None:
    with time_machine.travel(WEDNESDAY, tick=False):
        html = text_of(client.get("/schedule?span=table"))
    assert "<table" in html
    assert "Late Show" in html


class TestFeed:
    def test_events_of_everybody(self, client: Client, anime) -> None:
        with time_machine.travel(WEDNESDAY, tick=False):
            answer = client.get("/schedule.ics")
        text = answer.content.decode()
        assert answer["Content-Type"].startswith("text/calendar")
        assert "DTSTART:20240515T223000Z\r\n" in text
        assert "SUMMARY:Late Show · 3\r\n" in text
        assert text.startswith("BEGIN:VCALENDAR\r\n")
        assert text.endswith("END:VCALENDAR\r\n")

    @pytest.mark.parametrize("key", ["x", "a:b:c", "é", "0" * 500])
    def test_forged_keys_open_nothing(self, client: Client, key: str) -> None:
        """Addresses of one person moved to `lists` (its `test_feeds`); the old ones lead there."""
        answer = client.get("/schedule.ics", {"key": key}, follow=True)
        assert answer.status_code == 404
        assert answer.redirect_chain[0][1] == 301

    def test_texts_cannot_add_lines(self) -> None:
        assert escape("a;b,c\\d\nEND:VEVENT\x07") == "a\\;b\\,c\\\\d\\nEND:VEVENT"
        folded = fold("SUMMARY:" + "鬼" * 60)
        assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
        assert folded.replace("\r\n ", "") == "SUMMARY:" + "鬼" * 60
