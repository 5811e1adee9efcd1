"""The matrix bites: it sees a route without a row, a wrong status, and a refusal that wrote all the same."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.models import User
from tests.permissions.routes import all_routes
from tests.permissions.rows import Row
from tests.permissions.snapshots import tables_written
from tests.permissions.test_matrix import Caller, _wrong

_ALL_403 = "403 403 403 403 403 403 403"


@require_http_methods(["POST", "DELETE"])
def refuses_but_writes(request: HttpRequest) -> HttpResponse:
    User.objects.filter(username="owner_x").update(bio="written by a stranger")
    return HttpResponse(status=403)


@require_http_methods(["POST"])
def refuses_and_writes_nothing_new(request: HttpRequest) -> HttpResponse:
    User.objects.filter(username="owner_x").update(bio="")
    return HttpResponse(status=403)


urlpatterns = [path("bad", refuses_but_writes), path("good", refuses_and_writes_nothing_new)]


@pytest.mark.urls(__name__)
def test_routes_and_methods_are_found() -> None:
    assert all_routes() == {"bad": ("POST", "DELETE"), "good": ("POST",)}


@pytest.mark.urls(__name__)
def test_a_refusal_that_writes_is_seen(caller: Caller) -> None:
    assert _wrong(caller, Row("POST", "bad", _ALL_403), "other") == ["other: a refused call changed ['accounts_user']"]


@pytest.mark.urls(__name__)
def test_a_write_that_changes_no_row_is_none(caller: Caller) -> None:
    assert _wrong(caller, Row("POST", "good", _ALL_403), "other") == []


@pytest.mark.urls(__name__)
def test_another_status_is_seen(caller: Caller) -> None:
    found = _wrong(caller, Row("GET", "bad", _ALL_403), "other")
    assert found == ["other: 405 instead of 403 "]


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "a_b" ("x") VALUES (1)', "a_b"),
        ('INSERT OR IGNORE INTO "a_b" ("x") VALUES (1)', "a_b"),
        ('UPDATE "a_b" SET "x" = 1', "a_b"),
        ('DELETE FROM "a_b" WHERE 1', "a_b"),
        ('SELECT "a_b"."x" FROM "a_b" FOR UPDATE', None),
        ('UPDATE "django_session" SET "x" = 1', None),
        ('UPDATE "allowed" SET "x" = 1', None),
    ],
)
def test_writes_are_told_from_reads(sql: str, table: str | None) -> None:
    assert tables_written([{"sql": sql}], frozenset({"allowed"})) == ([table] if table else [])
