"""The pages of what is to come and of what is new."""

import datetime

import pytest
import time_machine
from django.test import Client

from catalog.tests import factories
from catalog.tests.pages.shelf import text_of

pytestmark = pytest.mark.django_db


def test_upcoming_by_month_on_the_viewers_days(client: Client) -> None:
    first = factories.AnimeFactory(title="Spring Begins", status="upcoming", start_date=datetime.date(2030, 4, 1))
    factories.BroadcastRuleFactory(anime=first, first_at=datetime.datetime(2030, 3, 31, 16, 0, tzinfo=datetime.UTC))
    unknown = factories.AnimeFactory(title="Some Day", status="upcoming", start_date=None, year=None, season="")
    from catalog.services.documents import documents_rebuild

    documents_rebuild(anime_ids=[first.pk, unknown.pk])
    client.cookies["tz"] = "Asia/Tokyo"
    there = text_of(client.get("/upcoming"))
    client.cookies["tz"] = "Europe/Berlin"
    here = text_of(client.get("/upcoming"))
    assert "April 2030" in there
    assert "1 Apr" in there
    assert "March 2030" in here
    assert "31 Mar" in here
    assert here.index("Spring Begins") < here.index("No day is known yet") < here.index("Some Day")


def test_recent_names_the_episode(client: Client) -> None:
    source = factories.EpisodeSourceFactory(episode__number=7, episode__anime__document=True)
    html = text_of(client.get("/recent"))
    assert source.episode.anime.title in html
    assert "Ep. 7" in html


@pytest.mark.parametrize("path", ["/upcoming", "/recent"])
@pytest.mark.parametrize("query", ["", "?page=999", "?page=-1", "?page=%00"])
def test_empty_and_odd_pages_are_drawn(client: Client, path: str, query: str) -> None:
    assert client.get(path + query).status_code == 200
    assert 'class="empty"' in text_of(client.get(path))


def test_what_airs_within_a_day_counts_down(client: Client) -> None:
    now = datetime.datetime(2024, 5, 15, 12, tzinfo=datetime.UTC)
    soon, later = (factories.AnimeFactory(status="airing", end_date=None, document=True) for _ in range(2))
    factories.BroadcastRuleFactory(anime=soon, first_at=now + datetime.timedelta(hours=2))
    factories.BroadcastRuleFactory(anime=later, first_at=now + datetime.timedelta(hours=30))
    with time_machine.travel(now, tick=False):
        for span in ("week", "table"):
            assert text_of(client.get(f"/schedule?span={span}")).count("data-countdown") == 1
