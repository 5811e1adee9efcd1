"""The pages of statistics and of a year, and the list's part of a profile."""

import re

import pytest
from defusedxml import ElementTree
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.tests.factories import GenreFactory
from lists.models import EntryTag, ListActivity, ListPreferences
from lists.tests.pages.shelf import page_of
from lists.tests.watched import entry, seen
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'&]]>"


@pytest.fixture
def user():
    return UserFactory.create(username="Counter", display_name=HOSTILE, activity_visibility="everyone")


@pytest.fixture
def filled(user):
    genre = GenreFactory.create(name="Drama <i>")
    one = entry(
        user, status="completed", score=84, episodes_watched=12, rewatch_count=1, is_favourite=True,
        started_on="2025-01-01", finished_on="2025-01-10", facts={"genres": [genre], "title": f"Finished {HOSTILE}"},
    )  # fmt: skip
    entry(user, status="watching", episodes_watched=3, facts={"title": "Being watched"})
    entry(user, status="watching", is_private=True, facts={"title": "Told to nobody"})
    EntryTag.objects.create(entry=one, name=HOSTILE)
    seen(user, one.anime, "2025-01-02T10:00", "2025-01-03T10:00")
    return one


def drawings(html: str) -> list:
    """Every plot of a page as XML."""
    return [ElementTree.fromstring(svg) for svg in re.findall(r'<svg class="plot-.*?</svg>', html, re.DOTALL)]


class TestStatisticsPage:
    def test_draws_what_the_viewer_may_see(self, user, filled, client: Client) -> None:
        with assert_queries("lists/GET statistics page"):
            html = page_of(client.get("/users/Counter/statistics"))
        assert len(drawings(html)) >= 6
        assert all(tree.find("title").text and tree.find("desc").text for tree in drawings(html))
        assert "Told to nobody" not in html
        assert "<script>alert" not in html
        assert html.count("Show numbers") == len(drawings(html))
        assert '<a class="button" href="/users/Counter/year/' in html

    def test_is_spelt_as_its_owner_is(self, user, client: Client) -> None:
        assert client.get("/users/cOUNTER/statistics")["Location"] == "/users/Counter/statistics"
        assert client.get("/users/cOUNTER/year/2025")["Location"] == "/users/Counter/year/2025"

    def test_an_empty_list_has_an_empty_page(self, user, client: Client) -> None:
        html = page_of(client.get("/users/Counter/statistics"))
        assert "Nothing to count yet" in html
        assert drawings(html) == []

    def test_days_are_left_out_where_they_are_not_shown(self, user, filled, client: Client) -> None:
        user.activity_visibility = "nobody"
        user.save()
        html = page_of(client.get("/users/Counter/statistics"))
        assert "plot-heat" not in html
        assert "/year/" not in html
        assert client.get("/users/Counter/year/2025").status_code == 404

    @pytest.mark.parametrize("path", ["statistics", "year/2025"])
    def test_a_list_that_is_not_shown_is_not_there(self, user, filled, client: Client, path: str) -> None:
        ListPreferences.objects.create(user=user, list_visibility="friends")
        assert client.get(f"/users/Counter/{path}").status_code == 404
        client.force_login(user)
        assert client.get(f"/users/Counter/{path}").status_code == 200

    @pytest.mark.parametrize("score_format", ["point_10", "point_10_decimal", "point_100", "point_5", "point_3"])
    def test_every_format_is_drawn(self, user, filled, client: Client, score_format: str) -> None:
        ListPreferences.objects.create(user=user, score_format=score_format)
        html = page_of(client.get("/users/Counter/statistics"))
        shown = {"point_10": "8", "point_10_decimal": "8.4", "point_100": "84", "point_5": "4", "point_3": "3"}[
            score_format
        ]
        assert f"<dd>{shown}<small>of" in html


class TestYearPage:
    def test_tells_the_year(self, user, filled, client: Client) -> None:
        with assert_queries("lists/GET year page"):
            html = page_of(client.get("/users/Counter/year/2025"))
        assert "Month by month" in html
        assert "Finished &lt;script&gt;" in html
        assert "<script>alert" not in html
        assert len(drawings(html)) == 2
        assert re.search(r'<a href="/users/Counter/year/2025" aria-current="page">2025</a>', html)

    def test_a_blank_year_says_so(self, user, filled, client: Client) -> None:
        html = page_of(client.get("/users/Counter/year/2019"))
        assert "A blank page" in html
        assert "/year/2025" in html

    def test_numbers_that_are_no_year(self, user, client: Client) -> None:
        for year in ("0", "3000", "99999999999999999999"):
            assert client.get(f"/users/Counter/year/{year}").status_code == 404


class TestProfile:
    def test_shows_the_list_in_brief(self, user, filled, client: Client) -> None:
        for number in (1, 2, 3):
            ListActivity.objects.create(
                user=user, anime=filled.anime, kind="episode", created_at=f"2025-01-0{number}T10:00Z", was_public=True,
                changes={"episodes_watched": [number - 1, number], "notes": ["", "my secret note"]},
            )  # fmt: skip
        with assert_queries("lists/GET profile page"):
            html = page_of(client.get("/users/Counter"))
        assert "Watching now" in html
        assert "3 of 12 episodes" in html
        assert "Latest finished" in html
        assert "my secret note" not in html
        assert "Told to nobody" not in html
        assert "<script>alert" not in html
        assert re.search(r"<dt>Mean score</dt><dd>8.4<small>/10", html)

    def test_activity_only_where_it_is_shown(self, user, filled, client: Client) -> None:
        ListActivity.objects.create(
            user=user,
            anime=filled.anime,
            kind="episode",
            created_at="2025-01-01T10:00Z",
            was_public=True,
            changes={"episodes_watched": [0, 1]},
        )
        user.activity_visibility = "nobody"
        user.save()
        html = page_of(client.get("/users/Counter"))
        assert "Watching now" in html
        assert "Latest activity" not in html
        assert "/year/" not in html

    def test_nothing_of_a_list_that_is_not_shown(self, user, filled, client: Client) -> None:
        ListPreferences.objects.create(user=user, list_visibility="nobody")
        html = page_of(client.get("/users/Counter"))
        assert "Anime list" not in html
        assert "Mean score" not in html

    def test_as_many_queries_for_more(self, user, filled, client: Client) -> None:
        for _ in range(7):
            entry(user, status="watching", is_favourite=True, score=50)
        with assert_queries("lists/GET profile page"):
            page_of(client.get("/users/Counter"))
