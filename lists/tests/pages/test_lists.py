"""My list and others': rows, filters, tabs, more rows, whose may be seen."""

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.models import Rating
from catalog.services.documents import documents_rebuild
from catalog.tests.factories import AnimeFactory, GenreFactory
from lists.models import ListEntry, ListPreferences
from lists.tests.pages.shelf import list_fill, page_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def user():
    return UserFactory.create(username="reader")


@pytest.fixture
def own(client: Client, user) -> Client:
    client.force_login(user)
    return client


def test_strangers_sign_in_first(client: Client) -> None:
    assert client.get("/list").status_code == 302


def test_an_empty_list_offers_ways_to_fill_it(own: Client) -> None:
    assert "Nothing on this list yet" in page_of(own.get("/list"))


def test_rows_say_what_an_entry_holds(own: Client, user) -> None:
    ids = list_fill(user, 2, tag="cosy", notes="Like <b>tea</b>", started_on="2024-05", is_private=True)
    Rating.objects.create(user=user, anime_id=ids[0], score=85)
    html = page_of(own.get("/list"))
    assert html.count('class="entry"') == 2
    for part in (
        'value="8.5"',
        "cosy",
        "Like &lt;b&gt;tea&lt;/b&gt;",
        "2024-05",
        'aria-label="Private"',
        "Count episode 4 of",
    ):
        assert part in html, part
    assert '<b>3</b><span class="muted">/12</span>' in html


def test_as_many_queries_for_few_rows_as_for_more(own: Client, user) -> None:
    list_fill(user, 5, tag="cosy")
    with assert_queries("lists/page list"):
        own.get("/list")
    list_fill(user, 5, tag="fine")
    with assert_queries("lists/page list"):
        own.get("/list")


def test_the_first_hundred_then_the_rest(own: Client, user) -> None:
    anime = [made.pk for made in AnimeFactory.create_batch(130)]
    documents_rebuild(anime_ids=anime)
    ListEntry.objects.bulk_create(ListEntry(user=user, anime_id=pk) for pk in anime)
    first = page_of(own.get("/list"))
    assert first.count('class="entry"') == 100
    assert 'hx-get="/list?page=2"' in first
    assert 'href="/list?page=2"' in first
    rest = page_of(own.get("/list?page=2", headers={**HTMX, "HX-Target": "entries-more"}))
    assert rest.count('class="entry"') == 30
    assert "<html" not in rest
    assert "entries-more" not in rest
    assert page_of(own.get("/list?page=2")).count('class="entry"') == 30


def test_tabs_filters_and_search_narrow(own: Client, user) -> None:
    list_fill(user, 2)
    done = list_fill(user, 1, status="completed", is_favourite=True, tag="slice, of life")
    genre = GenreFactory(name="Adventure")
    ListEntry.objects.get(anime_id=done[0]).anime.genres.add(genre)
    for query, count in {
        "status=completed": 1,
        "status=bogus": 3,
        "favourite=1": 1,
        "tag=slice%2C+of+life": 1,
        "genre=adventure": 1,
        "type=tv": 3,
        "type=movie": 0,
        "year=2020": 3,
        "year=x": 3,
        "q=reader+001": 1,
        "q=nothing+like+it": 0,
        "private=1": 0,
        "sort=nonsense": 3,
        "sort=title&page=0": 3,
    }.items():
        assert page_of(own.get(f"/list?{query}", follow=True)).count('class="entry"') == count, query


def test_empty_fields_leave_the_address(own: Client) -> None:
    response = own.get("/list?q=&status=&type=&sort=-updated&favourite=1&colour=red")
    assert (response.status_code, response["Location"]) == (302, "/list?favourite=1")
    partial = own.get("/list?q=&type=tv", headers=HTMX)
    assert partial["HX-Push-Url"] == "/list?type=tv"
    assert "<html" not in page_of(partial)


def test_the_look_is_kept(own: Client, user) -> None:
    list_fill(user, 1)
    assert "entries-table" in page_of(own.get("/list"))
    assert "entries-grid" in page_of(own.get("/list?view=grid"))
    assert "entries-grid" in page_of(own.get("/list"))


def test_others_see_neither_private_entries_nor_notes_nor_forms(client: Client, user) -> None:
    list_fill(user, 1, notes="only mine")
    list_fill(user, 1, is_private=True)
    client.force_login(UserFactory.create())
    html = page_of(client.get("/users/reader/list"))
    assert html.count('class="entry"') == 1
    assert "only mine" not in html
    assert 'id="bulk"' not in html
    assert "/row" not in html
    assert client.get("/users/READER/list")["Location"] == "/users/reader/list"


def test_a_list_that_is_not_shown_is_not_found(client: Client, user) -> None:
    list_fill(user, 1)
    ListPreferences.objects.create(user=user, list_visibility="nobody")
    client.force_login(UserFactory.create())
    assert client.get("/users/reader/list").status_code == 404
    assert client.get("/users/nobody-at-all/list").status_code == 404
    client.force_login(user)
    assert client.get("/users/reader/list").status_code == 200


@pytest.mark.parametrize(
    ("score_format", "part"),
    [
        ("point_10", 'value="8"'),
        ("point_10_decimal", 'value="7.5"'),
        ("point_100", 'value="75"'),
        ("point_5", 'aria-pressed="true" title="4 stars"'),
        ("point_3", 'aria-pressed="true" title="Good"'),
    ],
)
def test_scores_stand_in_the_persons_format(own: Client, user, score_format: str, part: str) -> None:
    ids = list_fill(user, 1)
    Rating.objects.create(user=user, anime_id=ids[0], score=75)
    ListPreferences.objects.create(user=user, score_format=score_format)
    assert part in page_of(own.get("/list"))
    assert part.split(" title", maxsplit=1)[0] in page_of(own.get("/list"))


def test_how_well_tastes_agree_is_told(client: Client, user) -> None:
    ids = list_fill(user, 4)
    other = UserFactory.create(username="other")
    for number, anime_id in enumerate(ids):
        ListEntry.objects.create(user=other, anime_id=anime_id)
        Rating.objects.create(user=user, anime_id=anime_id, score=90 if number < 3 else 20)
        Rating.objects.create(user=other, anime_id=anime_id, score=85 if number < 3 else 80)
    client.force_login(other)
    html = page_of(client.get("/users/reader/list"))
    assert "compatible with you" in html
    assert "4 scored by both" in html
    assert "You both love" in html
    with assert_queries("lists/page list of another"):
        client.get("/users/reader/list")
    Rating.objects.filter(user=other, anime_id__in=ids[:2]).delete()
    assert "Not enough in common" in page_of(client.get("/users/reader/list"))
