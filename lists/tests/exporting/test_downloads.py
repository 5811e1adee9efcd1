"""The list as a download: over the API and from the page."""

import pytest
from django.test import Client

from catalog.tests.factories import UserFactory
from lists.exporting import FORMATS
from lists.tests.importing.roundtrip import PRECISE, STATES, list_fill, read_back
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
URL = "/api/v1/anime-list/export"


@pytest.fixture
def user():
    found = UserFactory(username="keeper")
    list_fill(found, (*STATES, *PRECISE))
    return found


@pytest.fixture
def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("format", FORMATS.values(), ids=lambda found: found.code)
def test_every_format_over_the_api_and_from_the_page(signed_in: Client, format) -> None:
    by_api = signed_in.get(URL, {"format": format.code})
    by_page = signed_in.get(f"/list/export/{format.code}")
    body = b"".join(by_api.streaming_content)
    assert body == b"".join(by_page.streaming_content)
    assert len(read_back(body).records) == 8
    for answer in (by_api, by_page):
        assert answer.status_code == 200
        assert answer["Content-Type"] == format.media_type
        assert answer["Content-Disposition"] == f'attachment; filename="keeper-{format.code}.{format.extension}"'
        assert answer["Cache-Control"] == "private, no-store"


def test_our_own_format_unless_asked_otherwise(signed_in: Client) -> None:
    with assert_queries("lists/GET anime-list/export"):
        body = b"".join(signed_in.get(URL).streaming_content)
    assert read_back(body).format == "hiroba"


def test_unknown_formats_and_parameters(signed_in: Client) -> None:
    answer = signed_in.get(URL, {"format": "xlsx"})
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert "format" in answer.json()["fields"]
    assert signed_in.get(URL, {"user": "x"}).json()["error"] == "unknown_filter"
    assert signed_in.get("/list/export/xlsx").status_code == 404


def test_strangers() -> None:
    assert Client().get(URL).status_code == 401
    assert Client().get("/list/export").status_code == 302
    assert Client().get("/list/export/mal").status_code == 302


def test_the_page_says_what_is_lost(signed_in: Client) -> None:
    with assert_queries("lists/GET list/export page"):
        page = signed_in.get("/list/export").content.decode()
    for format in FORMATS:
        assert f"/list/export/{format}" in page
    assert "Nothing is left out." in page
    assert "favourites" in page
    assert "scores finer than 10 steps" in page
