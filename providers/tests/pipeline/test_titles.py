"""Titles as lists and pages tell them, hostile ones included."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from providers.adapters.drafts import Card, Detail
from providers.errors import TitleGone
from providers.models import ProviderTitle
from providers.services.titles import MAX_NAMES, cards_store, detail_store, title_gone, title_open
from providers.tests.factories import ProviderFactory, ProviderTitleFactory

pytestmark = pytest.mark.django_db
URL = "https://one.example.org/anime/a/"


def card(slug: str = "a", title: str = "A", **facts: Any) -> Card:
    return Card(slug, title, facts.pop("url", URL), **facts)


def test_a_list_is_stored_in_its_order_each_slug_once() -> None:
    provider = ProviderFactory()
    rows = cards_store(provider=provider, cards=[card("b"), card("a", kind="tv", year=2020), card("b", "Later")])
    assert [(row.slug, row.title, row.pk is not None) for row in rows] == [("b", "A", True), ("a", "A", True)]
    again = cards_store(provider=provider, cards=[card("a"), card("b")])
    assert [row.pk for row in again] == [rows[1].pk, rows[0].pk]
    assert (again[0].kind, again[0].year) == ("tv", 2020)


def test_the_same_slug_elsewhere_is_another_title() -> None:
    one, two = ProviderFactory(), ProviderFactory()
    assert cards_store(provider=one, cards=[card()])[0].pk != cards_store(provider=two, cards=[card()])[0].pk


def test_the_home_page_ranks_and_unranks() -> None:
    provider, other = ProviderFactory(), ProviderTitleFactory(home_rank=3)
    cards_store(provider=provider, cards=[card("a"), card("b")], is_home=True)
    cards_store(provider=provider, cards=[card("c"), card("a")], is_home=True)
    cards_store(provider=provider, cards=[card("d")])
    ranks = dict(ProviderTitle.objects.filter(provider=provider).values_list("slug", "home_rank"))
    assert ranks == {"a": 1, "b": None, "c": 0, "d": None}
    other.refresh_from_db()
    assert other.home_rank == 3


def test_a_newer_episode_is_noticed_and_an_older_one_is_not() -> None:
    provider = ProviderFactory()
    row = cards_store(provider=provider, cards=[card(episode=5)], is_home=True)[0]
    assert (row.latest_episode, row.released_at is not None) == (5, True)
    past = timezone.now() - datetime.timedelta(days=3)
    ProviderTitle.objects.update(released_at=past)
    for number in (5, 4, None, -1):
        row = cards_store(provider=provider, cards=[card(episode=number)], is_home=True)[0]
        assert (row.latest_episode, row.released_at) == (5, past)
    row = cards_store(provider=provider, cards=[card(episode=6)], is_home=True)[0]
    row.refresh_from_db()
    assert row.latest_episode == 6
    assert row.released_at is not None
    assert row.released_at > past


def test_a_search_says_nothing_of_when_an_episode_came_out() -> None:
    row = cards_store(provider=ProviderFactory(), cards=[card(episode=5)])[0]
    assert (row.latest_episode, row.released_at) == (5, None)


def test_a_first_number_that_a_search_tells_is_no_release_and_one_of_the_home_page_is() -> None:
    provider = ProviderFactory()
    cards_store(provider=provider, cards=[card()])
    row = cards_store(provider=provider, cards=[card(episode=500)])[0]
    assert (row.latest_episode, row.released_at) == (500, None)
    row = cards_store(provider=provider, cards=[card(episode=501)])[0]
    assert row.released_at is not None
    cards_store(provider=provider, cards=[card("b")])
    row = cards_store(provider=provider, cards=[card("b", episode=7)], is_home=True)[0]
    assert row.released_at is not None


_ODD = ["a\u202eb", "a\u200bb", "\u3000a", "a\u00a0", "a\u2028", "a\x9fb", "\ud800", "<b>", 'a"b', "a'b", "a&b", "`a"]


@pytest.mark.parametrize("slug", ["", "a/b", "..", "a\\b", "a\x00b", "a b", "a\nb", "x" * 256, "a?b", "a#b", *_ODD])
def test_slugs_that_cannot_be_are_left_out(slug: str) -> None:
    provider = ProviderFactory()
    assert [row.slug for row in cards_store(provider=provider, cards=[card(slug), card("good")])] == ["good"]
    with pytest.raises(TitleGone):
        title_open(provider=provider, slug=slug)
    assert list(ProviderTitle.objects.values_list("slug", flat=True)) == ["good"]


def test_what_a_list_says_is_cleaned() -> None:
    hostile = [
        card(
            "one", "x" * 900, url="javascript:alert(1)", cover_url="data:image/png;base64,AA", kind="evil", year=99999
        ),
        card("two", " \x00 "),
        card("🎌", "🎌🎌\x00\ud800\n🎌", url="https://one.example.org/" + "a" * 2000, status="nope"),
    ]
    rows = cards_store(provider=ProviderFactory(), cards=hostile)
    assert [(row.slug, len(row.title), row.url, row.cover_url, row.kind, row.status, row.year) for row in rows] == [
        ("one", 500, "", "", "", "", None),
        ("🎌", 4, "", "", "", "", None),
    ]


def test_an_empty_list_is_one() -> None:
    provider = ProviderFactory()
    cards_store(provider=provider, cards=[card()], is_home=True)
    assert cards_store(provider=provider, cards=[], is_home=True) == []
    assert ProviderTitle.objects.get().home_rank is None


def test_a_list_takes_the_same_queries_however_long() -> None:
    provider = ProviderFactory()
    counts = []
    for first, last in ((0, 5), (3, 10), (8, 20)):
        with CaptureQueriesContext(connection) as captured:
            cards_store(provider=provider, cards=[card(str(n)) for n in range(first, last)], is_home=True)
        counts.append(len(captured))
    assert counts == [8, 8, 8]  # with the two of the savepoint


def test_a_page_is_stored_whole_and_cards_do_not_undo_it() -> None:
    title = ProviderTitleFactory(slug="a", gone_at=timezone.now())
    detail = Detail(
        "a", "The whole title", URL, alternative_titles=("B", "B", ""), synopsis="S", kind="movie", status="finished",
        year=2020, duration_seconds=5400, episode_count=1, score=81.5, genres=("Drama",), studios=("Nagare",),
    )  # fmt: skip
    detail_store(title=title, detail=detail)
    cards_store(provider=title.provider, cards=[card("a", "The whole ti…", kind="tv", cover_url=URL)])
    title.refresh_from_db()
    assert (title.title, title.kind, title.alternative_titles, title.cover_url) == (
        "The whole title",
        "movie",
        ["B"],
        URL,
    )
    assert (title.score, title.genres, title.gone_at, title.detail_at is not None) == (81.5, ["Drama"], None, True)


def test_a_hostile_page_stores_nothing_that_cannot_be_shown() -> None:
    title = ProviderTitleFactory(slug="a", title="Known", url=URL)
    names = tuple(f"name {number}" for number in range(5000))
    detail = Detail(
        "a", "\x00", "javascript:alert(1)", alternative_titles=names, synopsis="\x00" + "x" * 90_000,
        cover_url="file:///etc/passwd", kind="<b>", status="x", year=-5, duration_seconds=-1, episode_count=10**12,
        score=float("nan"), genres=names,
    )  # fmt: skip
    detail_store(title=title, detail=detail)
    title.refresh_from_db()
    assert (title.title, title.url, title.cover_url) == ("Known", URL, "")
    assert (len(title.alternative_titles), len(title.genres), len(title.synopsis)) == (MAX_NAMES, MAX_NAMES, 20_000)
    facts = (title.kind, title.status, title.year, title.duration_seconds, title.episode_count, title.score)
    assert facts == ("", "", None, None, None, None)


def test_a_title_is_opened_once_and_gone_since_the_first_time() -> None:
    provider = ProviderFactory()
    title = title_open(provider=provider, slug="new")
    assert title_open(provider=provider, slug="new").pk == title.pk
    since = title_gone(title=title).gone_at
    assert title_gone(title=title).gone_at == since is not None
