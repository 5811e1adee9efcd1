"""Where "next" may lead: to this site alone, and only when it is an address."""

import pytest
from django.test import Client, RequestFactory

from core.site.own_addresses import own_address

OWN = ["/", "/list?page=2#x", "http://testserver/list"]
STRANGE = ["", "settings", "abc", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"]
STRANGE += ["http://testserver@evil.example/", " /list", "https:///evil.example"]


@pytest.mark.parametrize("address", OWN)
def test_an_address_of_this_site_is_followed(address: str) -> None:
    assert own_address(RequestFactory().get("/"), address) == address


@pytest.mark.parametrize("address", STRANGE)
def test_what_is_none_is_not(address: str) -> None:
    assert own_address(RequestFactory().get("/"), address) == ""


def test_a_secure_page_does_not_lead_to_an_open_one() -> None:
    assert own_address(RequestFactory().get("/", secure=True), "http://testserver/list") == ""


@pytest.mark.django_db
def test_a_word_does_not_break_the_admins_door(admin_client: Client) -> None:
    answer = admin_client.get("/admin/login/?next=abc")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_a_word_does_not_lead_the_switches_astray(client: Client) -> None:
    answer = client.post("/preferences/theme", {"value": "dark", "next": "abc"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
