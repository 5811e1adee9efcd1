"""Every row of the reference's contract that the first landing promises is a route and answers in its own words."""

import pytest
import yaml
from django.test import Client
from django.urls import Resolver404, resolve

PROMISED = """
GET /health
GET /ready
POST /api/v1/auth/register
POST /api/v1/auth/login
POST /api/v1/auth/refresh
POST /api/v1/auth/logout
GET /api/v1/auth/me
GET /api/v1/users/me/progress
PUT /api/v1/users/me/progress
POST /api/v1/users/me/progress/import
DELETE /api/v1/users/me/progress
GET /api/v1/anime
GET /api/v1/anime/search
GET /api/v1/anime/calendar
GET /api/v1/anime/by-shikimori/{sid}
GET /api/v1/anime/{id}
GET /api/v1/anime/{id}/episodes
GET /api/v1/anime/{id}/community-rating
GET /api/v1/anime/by-shikimori/{sid}/community-rating
GET /api/v1/anime/{id}/similar
GET /api/v1/anime/{id}/related
GET /api/v1/anime/{id}/timecodes
GET /api/v1/anime/by-shikimori/{sid}/timecodes
GET /api/v1/staff/anime/{id}/timecodes
PUT /api/v1/staff/anime/{id}/timecodes/{ep}
POST /api/v1/staff/anime/{id}/timecodes/{ep}/copy
PUT /api/v1/staff/anime/by-shikimori/{sid}/timecodes/{ep}
DELETE /api/v1/staff/anime/{id}/timecodes/{ep}
DELETE /api/v1/staff/anime/by-shikimori/{sid}/timecodes/{ep}
GET /api/v1/staff/timecodes/missing
"""
ROWS = [tuple(line.split()) for line in PROMISED.split("\n") if line]


def _address(path: str) -> str:
    return path.replace("{id}", "7").replace("{sid}", "7").replace("{ep}", "1")


@pytest.mark.parametrize(("method", "path"), ROWS, ids=[" ".join(row) for row in ROWS])
def test_a_promised_row_is_a_route(method: str, path: str) -> None:
    try:
        match = resolve(_address(path))
    except Resolver404:
        pytest.fail(f"no route for {path}")
    assert match.url_name, path
    view = getattr(match.func, "cls", None)
    if view is not None:
        assert hasattr(view, method.lower()), f"{path} has no {method}"


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), ROWS, ids=[" ".join(row) for row in ROWS])
def test_a_promised_row_answers(client: Client, method: str, path: str) -> None:
    """Not with the 404 of an address without a route, the 405 of a method without a handler, or a failure."""
    response = client.generic(method, _address(path), b"{}" if method in ("POST", "PUT") else b"",
                              content_type="application/json")  # fmt: skip
    assert response.status_code < 500, response.content
    assert response.status_code != 405
    if response.status_code >= 400:
        assert response["Content-Type"].startswith("application/problem+json")
        assert response.json()["error"] != "route_not_found"


@pytest.mark.django_db
def test_every_promised_api_row_is_in_the_schema(client: Client) -> None:
    paths = yaml.safe_load(client.get("/api/v1/schema").content)["paths"]
    missing = [
        f"{method} {path}"
        for method, path in ROWS
        if path.startswith("/api/") and method.lower() not in paths.get(path, {})
    ]
    assert missing == []
