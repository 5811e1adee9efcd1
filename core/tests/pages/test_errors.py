"""Error pages hold together when little else does."""

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from core.pages.errors import bad_request, forbidden, server_error


@pytest.mark.django_db
def test_unknown_address_is_a_page_with_ways_on(client: Client) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
    assert 'role="search"' in response.content.decode()


def test_server_error_asks_for_nothing() -> None:
    """No database, no session, no user: the page is drawn from nothing."""
    with translation.override("en"):
        response = server_error(HttpRequest())
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert bad_request(HttpRequest()).status_code == 400


@pytest.mark.django_db
def test_forbidden_is_a_page(client: Client, rf: RequestFactory) -> None:
    request = client.get("/").wsgi_request
    with translation.override("en"):
        response = forbidden(request)
    assert response.status_code == 403
    assert "This is not open to you" in response.content.decode()
