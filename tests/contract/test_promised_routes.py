"""Every row of the reference's contract that was promised so far is a route and answers in its own words."""

import re

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
GET /api/v1/auth/oauth/{provider}
GET /api/v1/auth/oauth/{provider}/callback
POST /api/v1/auth/oauth/{provider}/link
DELETE /api/v1/auth/oauth/{provider}/link
GET /api/v1/auth/oauth/providers
POST /api/v1/auth/2fa/verify-login
POST /api/v1/auth/verify-email
POST /api/v1/auth/request-verification
POST /api/v1/auth/resend-verification
POST /api/v1/auth/forgot-password
POST /api/v1/auth/reset-password
GET /api/v1/auth/sessions
DELETE /api/v1/auth/sessions/{id}
DELETE /api/v1/auth/sessions
POST /api/v1/auth/password
POST /api/v1/auth/2fa/setup
POST /api/v1/auth/2fa/enable
DELETE /api/v1/auth/2fa/disable
POST /api/v1/auth/2fa/backup-codes
GET /api/v1/users/search
GET /api/v1/users/batch
GET /api/v1/users/{username}
PATCH /api/v1/users/me
POST /api/v1/users/me/complete-setup
GET /api/v1/users/me/export
GET /api/v1/users/me/deletion
POST /api/v1/users/me/deletion/request
POST /api/v1/users/me/deletion/confirm
DELETE /api/v1/users/me/deletion
POST /api/v1/developer/keys
GET /api/v1/developer/keys
DELETE /api/v1/developer/keys/{id}
POST /api/v1/devices/register
DELETE /api/v1/devices/{id}
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
GET /api/v1/collections
GET /api/v1/collections/{id}
POST /api/v1/collections
PATCH /api/v1/collections/{id}
DELETE /api/v1/collections/{id}
GET /api/v1/collections/{id}/items
POST /api/v1/collections/{id}/items
PATCH /api/v1/collections/{id}/items/{item_id}
DELETE /api/v1/collections/{id}/items/{item_id}
DELETE /api/v1/collections/items/{item_id}
GET /api/v1/collections/{id}/groups
POST /api/v1/collections/{id}/groups
PATCH /api/v1/collections/{id}/groups/{group_id}
DELETE /api/v1/collections/{id}/groups/{group_id}
GET /api/v1/collections/{id}/social
POST /api/v1/collections/{id}/reaction
DELETE /api/v1/collections/{id}/reaction
POST /api/v1/collections/{id}/favorite
DELETE /api/v1/collections/{id}/favorite
POST /api/v1/collections/{id}/view
POST /api/v1/collections/{id}/fork
PATCH /api/v1/admin/collections/{id}/featured
GET /api/v1/collections/{id}/comments
POST /api/v1/collections/{id}/comments
DELETE /api/v1/collections/comments/{comment_id}
DELETE /api/v1/admin/collections/comments/{comment_id}
GET /api/v1/collections/{id}/challenge/progress
POST /api/v1/collections/{id}/challenge/claim
PATCH /api/v1/admin/collections/{id}/challenge
POST /api/uploads/list-cover
GET /api/v1/providers
GET /api/v1/providers/home
GET /api/v1/providers/genres
GET /api/v1/providers/anime/mal/{id}
GET /api/v1/providers/{provider}/anime/{slug}
POST /api/v1/admin/anime
PATCH /api/v1/admin/anime/{id}
PATCH /api/v1/admin/anime/{id}/sources
POST /api/v1/admin/anime/{id}/sync
GET /api/v1/admin/anime/{id}/candidates
"""
ROWS = [tuple(line.split()) for line in PROMISED.split("\n") if line]
OF_ACCOUNTS = ("auth", "users", "developer", "devices")
UUID = "0199d5a0-0000-7000-8000-000000000007"
NAMES = {"provider": "google", "username": "hoshino", "sid": "7", "ep": "1", "slug": "one"}
NAMES |= dict.fromkeys(("item_id", "group_id", "comment_id"), UUID)


def _address(path: str) -> str:
    is_uuid = "/collections" in path or (path.split("/")[3:4] and path.split("/")[3] in OF_ACCOUNTS)
    values = {**NAMES, "id": UUID if is_uuid else "7"}
    return re.sub(r"{(\w+)}", lambda found: values[found[1]], path)


def _shape(path: str) -> str:
    """The address without the names of its parameters, which no client sees."""
    return re.sub(r"{\w+}", "{}", path)


def test_all_rows_of_accounts_are_promised() -> None:
    """24 of Authentication, 10 of Users (the other four are lists'), 3 of Developer, 2 of Mobile Devices."""
    found = [row for row in ROWS if row[1].split("/")[3:4] and row[1].split("/")[3] in OF_ACCOUNTS]
    assert len([path for _method, path in found if not path.startswith("/api/v1/users/me/progress")]) == 39


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
    response = client.generic(method, _address(path), b"{}" if method in ("POST", "PUT", "PATCH", "DELETE") else b"",
                              content_type="application/json")  # fmt: skip
    assert response.status_code < 500, response.content
    assert response.status_code != 405
    if response.status_code >= 400:
        assert response["Content-Type"].startswith("application/problem+json")
        assert response.json()["error"] != "route_not_found"


@pytest.mark.django_db
def test_every_promised_api_row_is_in_the_schema(client: Client) -> None:
    described = yaml.safe_load(client.get("/api/v1/schema").content)["paths"]
    paths: dict[str, set[str]] = {}
    for path, operations in described.items():
        paths.setdefault(_shape(path), set()).update(operations)
    missing = [
        f"{method} {path}"
        for method, path in ROWS
        if path.startswith("/api/") and method.lower() not in paths.get(_shape(path), set())
    ]
    assert missing == []
