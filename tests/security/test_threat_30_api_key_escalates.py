"""Threat 30: an API key, whatever its scopes and whoever made it, reaches nothing that guards the account."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from accounts.models import ApiKey, Role, User
from accounts.services.api_keys import api_key_create
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from tests.permissions.routes import _patterns, view_methods
from tests.permissions.rows import Row
from tests.permissions.snapshots import table_contents, tables_written
from tests.permissions.world import World, all_rows

# Where only a person's own sign-in will do: sign-in and security, keys, devices, leaving, copies of all data, staff.
INTERACTIVE = (
    "api/v1/auth/",
    "api/v1/developer/",
    "api/v1/devices/",
    "api/v1/users/me/deletion",
    "api/v1/users/me/export",
    "api/v1/users/me/calendar",
    "api/v1/users/me/complete-setup",
    "api/v1/webhooks/",  # a media server has its own secret address
    "api/v1/staff/",
    "api/v1/admin/",
    "api/v1/downloads/",  # by a ticket, whoever comes
    "api/v1/posts/<uuid:id>/pin",  # what staff do with posts
    "api/v1/posts/<uuid:id>/lock",
)
# The one below them that is a plain read.
OPEN = {("GET", "api/v1/auth/me")}


def _views() -> list[tuple[str, str, type[View]]]:
    """(method, route, view) of every operation that stands on the base view."""
    from django.urls import get_resolver

    return [
        (method, route, pattern.callback.cls)
        for route, pattern in _patterns(get_resolver())
        if issubclass(getattr(pattern.callback, "cls", object), View)
        for method in view_methods(pattern.callback)
    ]


VIEWS = _views()


def _is_interactive(method: str, route: str) -> bool:
    return route.startswith(INTERACTIVE) and (method, route) not in OPEN


def test_routes_of_security_name_no_scope() -> None:
    guarded = [(method, route, view) for method, route, view in VIEWS if _is_interactive(method, route)]
    assert len(guarded) > 10
    named = [f"{method} {route}" for method, route, view in guarded if view.scope_of(method) is not None]
    assert not named, f"keys must not reach: {named}"


def test_no_other_route_was_forgotten() -> None:
    """A view names its scope, or its route is one of those where keys have no business."""
    silent = [f"{m} {route}" for m, route, view in VIEWS if not _is_interactive(m, route) and not view.scope_of(m)]
    assert not silent, f"name a scope (View.scopes) or add the route to INTERACTIVE: {silent}"


def test_scopes_are_known() -> None:
    unknown = [f"{m} {route}" for m, route, view in VIEWS if view.scope_of(m) not in (None, *Scope.values)]
    assert not unknown


def test_what_only_some_roles_may_takes_no_key() -> None:
    """A key carries its person's role but never staff rights."""
    for method, route, view in VIEWS:
        access = view.access.get(method) if isinstance(view.access, dict) else view.access
        if access not in (Public, SignedIn):
            assert view.scope_of(method) is None, f"{method} {route}"


def _row_view(row: Row, world: World) -> type[View] | None:
    view = getattr(resolve(row.url(world).partition("?")[0]).func, "cls", None)
    return view if view is not None and issubclass(view, View) else None


_GUARDED = [row for row in all_rows() if row.route.startswith("api/") and _is_interactive(row.method, row.route)]


@pytest.mark.either
@pytest.mark.parametrize("row", _GUARDED, ids=lambda row: f"{row.method} {row.route}{row.query}")
@pytest.mark.parametrize("actor", ["owner", "superadmin"])
def test_a_key_is_refused_and_nothing_changes(world: World, row: Row, actor: str) -> None:
    if _row_view(row, world) is None:
        pytest.skip("not on the base view: it knows no keys")
    made = api_key_create(user=world.users[actor], name="all of it", scopes=Scope.values)
    body = json.dumps(row.body(world)).encode() if row.body else b""
    before = table_contents(sorted(connection.introspection.table_names()))
    with CaptureQueriesContext(connection) as captured:
        answer = Client().generic(
            row.method, row.url(world), body, content_type="application/json", headers={"X-API-Key": made.token}
        )
    assert (answer.status_code, answer.json()["error"]) == (403, "interactive_session_required")
    assert set(tables_written(captured.captured_queries, frozenset())) <= {ApiKey._meta.db_table}
    ApiKey.objects.update(last_used_at=None)
    assert table_contents(sorted(connection.introspection.table_names())) == before


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.USER, Role.SUPERADMIN])
def test_a_key_cannot_make_a_key(client: Client, role: Role) -> None:
    user = User.objects.create_user("keyholder", "keyholder@example.org", "a passphrase 77", role=role)
    made = api_key_create(user=user, name="x", scopes=Scope.values)
    body: dict[str, Any] = {"name": "another", "scopes": Scope.values}
    answer = client.post(
        "/api/v1/developer/keys", body, content_type="application/json", headers={"X-API-Key": made.token}
    )
    assert (answer.status_code, answer.json()["error"]) == (403, "interactive_session_required")
    assert list(ApiKey.objects.values_list("pk", flat=True)) == [made.key.pk]


@pytest.mark.django_db
def test_a_key_opens_no_page_and_no_admin(client: Client) -> None:
    user = User.objects.create_user("keyholder", "keyholder@example.org", "a passphrase 77", role=Role.SUPERADMIN)
    headers = {"X-API-Key": api_key_create(user=user, name="x", scopes=Scope.values).token}
    for path in ("/settings", "/settings/security", "/admin/"):
        assert client.get(path, headers=headers).status_code == 302
