"""Browse: filters in the address, chips that undo them, tidy addresses, partial answers."""

import pytest
from django.test import Client

from catalog.tests import factories
from catalog.tests.pages.shelf import shelf_fill, text_of

pytestmark = pytest.mark.django_db


def test_chips_lead_to_the_address_without_them(client: Client) -> None:
    shelf_fill(1)
    html = text_of(client.get("/browse?genre=adventure&status=airing&year_min=2015"))
    assert 'href="/browse?status=airing&amp;year_min=2015"' in html
    assert 'href="/browse?genre=adventure&amp;year_min=2015"' in html
    assert 'href="/browse?genre=adventure&amp;status=airing"' in html
    assert "<b>1</b> title" in html


def test_one_value_of_a_list_is_taken_out(client: Client) -> None:
    shelf_fill(1)
    html = text_of(client.get("/browse?type=tv,movie"))
    assert 'href="/browse?type=movie"' in html
    assert 'href="/browse?type=tv"' in html


def test_empty_fields_of_the_form_leave_the_address(client: Client) -> None:
    response = client.get("/browse?q=&genre=&year_min=&sort=popularity&status=airing")
    assert response.status_code == 302
    assert response["Location"] == "/browse?status=airing"


def test_a_studio_is_found_by_name(client: Client) -> None:
    studio = factories.StudioFactory(name="Kasumi Works", slug="kasumi-works")
    factories.AnimeStudioFactory(anime=factories.AnimeFactory(title="Of Kasumi", document=True), studio=studio)
    shelf_fill(1)
    response = client.get("/browse?studio_name=kasumi works", follow=True)
    assert response.redirect_chain == [("/browse?studio=kasumi-works", 302)]
    assert "Of Kasumi" in text_of(response)
    assert "<b>1</b> title" in text_of(response)
    assert "Kasumi Works" in text_of(client.get("/browse/studios?studio_name=kasu"))


def test_what_is_wrong_is_said(client: Client) -> None:
    factories.GenreFactory(name="Adventure")
    for path, status in (("/browse?year_min=soon", 422), ("/browse?colour=red", 400), ("/browse?adult=true", 403)):
        response = client.get(path)
        assert response.status_code == status
        assert 'role="alert"' in text_of(response)
    assert "No studio is called" in text_of(client.get("/browse?studio_name=Nobody"))


def test_htmx_gets_the_results_only(client: Client) -> None:
    anime = shelf_fill(1)[0]
    response = client.get("/browse?q=&genre=adventure", headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response["HX-Push-Url"] == "/browse?genre=adventure"
    assert "<html" not in text_of(response)
    assert anime.title in text_of(response)
    assert "HX-Request" in response["Vary"]


def test_pages_hold_what_is_left(client: Client) -> None:
    shelf_fill(50)
    first, second = text_of(client.get("/browse")), text_of(client.get("/browse?page=2"))
    assert first.count('class="card"') == 48
    assert second.count('class="card"') == 2
    assert 'href="/browse?page=2"' in first
    assert "The list ends before this page" in text_of(client.get("/browse?page=9"))


def test_nothing_found_offers_a_way_on(client: Client) -> None:
    shelf_fill(1)
    assert "Nothing matches all of these" in text_of(client.get("/browse?year_min=2190"))
