"""What was seen elsewhere in the calendar, what is to come, what is new."""

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine

from catalog.selectors import observed
from catalog.selectors.calendar import Window, calendar
from catalog.selectors.news import anime_upcoming, anime_updated
from catalog.selectors.observed import Observed, Span
from catalog.tests import factories

pytestmark = pytest.mark.django_db

UTC = datetime.UTC
NOW = datetime.datetime(2024, 5, 15, 12, tzinfo=UTC)
WEEK = Window(datetime.date(2024, 5, 13), 7, ZoneInfo("UTC"))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Observed]]:
    """What an app above says it saw; a test fills it."""
    rows: list[Observed] = []

    def source(span: Span, limit: int) -> list[Observed]:
        return [row for row in rows if span.begins_at <= row.at < span.ends_at][:limit]

    monkeypatch.setattr(observed, "_sources", [source])
    with time_machine.travel(NOW, tick=False):
        yield rows


def at(day: int, hour: int = 10) -> datetime.datetime:
    return datetime.datetime(2024, 5, day, hour, tzinfo=UTC)


def airing(**fields: object):
    fields = {"status": "airing", "start_date": datetime.date(2024, 4, 1), "end_date": None} | fields
    return factories.AnimeFactory(document=True, **fields)


class TestCalendar:
    def test_what_was_seen_stands_where_nothing_is_announced(self, seen: list[Observed]) -> None:
        anime = airing()
        seen += [Observed(anime.pk, 5, at(14, 9), "one"), Observed(anime.pk, 5, at(15), "two")]
        (found,) = calendar(WEEK).airings
        assert (found.episode, found.airs_at, found.site, found.is_observed) == (5, at(14, 9), "one", True)

    def test_a_rule_knows_better(self, seen: list[Observed]) -> None:
        anime = airing()
        factories.BroadcastRuleFactory(anime=anime, first_at=at(1))
        seen.append(Observed(anime.pk, 3, at(16), "one"))
        assert [(one.episode, one.is_observed) for one in calendar(WEEK).airings] == [(3, False)]
        following = Window(datetime.date(2024, 5, 16), 1, ZoneInfo("UTC"))
        assert calendar(following).airings == []

    def test_a_date_knows_better(self, seen: list[Observed]) -> None:
        anime = airing()
        factories.EpisodeFactory(anime=anime, number=7, aired_on=datetime.date(2024, 5, 14))
        seen.append(Observed(anime.pk, 7, at(15), "one"))
        assert [(one.episode, one.is_observed) for one in calendar(WEEK).airings] == [(7, False)]

    def test_a_rule_of_long_ago_does_not_hide_what_is_seen_now(self, seen: list[Observed]) -> None:
        anime = airing(status="finished")
        long_ago = datetime.datetime(2020, 1, 1, tzinfo=UTC)
        factories.BroadcastRuleFactory(anime=anime, first_at=long_ago, ends_at=long_ago)
        seen.append(Observed(anime.pk, None, at(15), "one"))
        assert [one.episode for one in calendar(WEEK).airings] == [None]

    def test_the_day_is_the_viewers(self, seen: list[Observed]) -> None:
        anime = airing()
        seen.append(Observed(anime.pk, 1, at(15, 22), "one"))
        (found,) = calendar(Window(datetime.date(2024, 5, 16), 1, ZoneInfo("Asia/Tokyo"))).airings
        assert found.day == datetime.date(2024, 5, 16)

    def test_adult_and_hidden_stay_out(self, seen: list[Observed]) -> None:
        adult, hidden = airing(adult=True), airing(hidden=True)
        seen += [
            Observed(adult.pk, 1, at(15), "one"),
            Observed(hidden.pk, 1, at(15), "one"),
            Observed(9**9, 1, at(15), "x"),
        ]
        assert calendar(WEEK).airings == []
        assert [one.anime_id for one in calendar(WEEK, adult=True).airings] == [adult.pk]


class TestUpcoming:
    @time_machine.travel(NOW, tick=False)
    def test_by_day_then_year_then_followers(self) -> None:
        def upcoming(**fields: object) -> int:
            fields = {"status": "upcoming", "start_date": None, "year": None, "season": ""} | fields
            return factories.AnimeFactory(document=True, **fields).pk

        loved, plain = upcoming(popularity=9), upcoming(popularity=8)
        of_year = upcoming(year=2025)
        later, sooner = upcoming(start_date=datetime.date(2024, 8, 1)), upcoming(start_date=datetime.date(2024, 7, 1))
        overdue = upcoming(start_date=datetime.date(2024, 1, 1), year=2023, popularity=7)
        upcoming(adult=True)
        upcoming(hidden=True)
        factories.AnimeFactory(document=True)
        factories.BroadcastRuleFactory(anime_id=sooner, first_at=at(20))
        found = anime_upcoming()
        assert [one.anime_id for one in found] == [sooner, later, of_year, loved, plain, overdue]
        assert found[0].starts_at == at(20)
        assert found[-1].starts_on is None


class TestUpdated:
    def test_what_plays_and_what_was_seen_are_one_list(self, seen: list[Observed]) -> None:
        old, new, elsewhere = airing(), airing(), airing()
        for anime in (old, new):
            episode = factories.EpisodeFactory(anime=anime, number=3)
            factories.EpisodeSourceFactory(episode=episode, translation=factories.TranslationFactory(kind="dub"))
        seen += [
            Observed(new.pk, 3, at(15), "one"),
            Observed(elsewhere.pk, 8, at(14), "one"),
            Observed(old.pk, 3, at(13), "one"),
        ]
        found = anime_updated()
        assert [(one.anime_id, one.episode, one.is_playable, one.site) for one in found] == [
            (new.pk, 3, True, ""),
            (elsewhere.pk, 8, False, "one"),
            (old.pk, 3, True, ""),
        ]
        assert found[0].kinds == ("dub",)
        assert found[1].at == at(14)

    def test_dead_sources_adult_and_hidden_are_no_news(self, seen: list[Observed]) -> None:
        adult, hidden, dead = airing(adult=True), airing(hidden=True), airing()
        for anime, fields in [(adult, {}), (hidden, {}), (dead, {"health": "dead"})]:
            factories.EpisodeSourceFactory(episode=factories.EpisodeFactory(anime=anime), **fields)
        assert anime_updated() == []
        assert [one.anime_id for one in anime_updated(adult=True)] == [adult.pk]
