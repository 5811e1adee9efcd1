"""The switches of the header: only known choices, only ways back that stay here."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation


@pytest.fixture(autouse=True)
def _language_left_as_it_was() -> Iterator[None]:
    """A request leaves its language active in the thread."""
    with translation.override(translation.get_language()):
        yield


@pytest.mark.parametrize(("name", "value"), [("theme", "light"), ("titles", "native"), ("tz", "Asia/Tokyo")])
def test_a_choice_is_kept_in_a_cookie(client: Client, name: str, value: str) -> None:
    response = client.post(f"/preferences/{name}", {"value": value, "next": "/browse?page=2"})
    assert response.status_code == 302
    assert response["Location"] == "/browse?page=2"
    assert response.cookies[name].value == value


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "pink"), ("titles", ""), ("tz", "../../etc/passwd"), ("language", "xx"), ("role", "admin")],
)
def test_other_choices_are_refused(client: Client, name: str, value: str) -> None:
    response = client.post(f"/preferences/{name}", {"value": value})
    assert response.status_code == 400
    assert not response.cookies


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_way_back_stays_on_this_site(client: Client, target: str) -> None:
    assert client.post("/preferences/theme", {"value": "dark", "next": target})["Location"] == "/"


def test_reading_changes_nothing(client: Client) -> None:
    assert client.get("/preferences/theme").status_code == 405


@pytest.mark.django_db
def test_pages_follow_the_choices(client: Client) -> None:
    assert 'data-theme="auto"' in client.get("/").content.decode()
    client.post("/preferences/theme", {"value": "dark"})
    client.post("/preferences/language", {"value": "ru"})
    html = client.get("/").content.decode()
    assert 'lang="ru" data-theme="dark"' in html
