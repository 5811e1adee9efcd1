"""Rows of people and profiles: the API of users, profile pages, onboarding, the profile's settings."""

from typing import Any

from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_204, Row

_REFUSED_422 = "401 422 422 422 422 422 422"


def setup(world: Any) -> None:
    """`other` is suspended nowhere: the hidden one is a seventh person."""
    from accounts.models import User

    world.hidden = User(username="hidden_x", email="hidden@example.org", is_active=False)
    world.hidden.save(force_insert=True)


_API = [
    Row("GET", "api/v1/users/search", EVERYONE, query="?q=owner"),
    Row("GET", "api/v1/users/batch", EVERYONE, query="?ids=nonsense"),
    Row("GET", "api/v1/users/<str:username>", EVERYONE, path="/api/v1/users/OWNER_x"),
    Row("GET", "api/v1/users/<str:username>", "404 404 404 404 200 200 200", path="/api/v1/users/hidden_x", query="?"),
    Row("PATCH", "api/v1/users/me", SIGNED_IN, body=lambda w: {"display_name": "Somebody", "role": "superadmin"}),
    Row("PATCH", "api/v1/users/me", _REFUSED_422, query="?refused", body=lambda w: {"username": "owner_x "[:-1] + "!"}),
    Row("POST", "api/v1/users/me/complete-setup", SIGNED_IN, body=lambda w: {"title_language": "native"}),
    Row("PUT", "api/v1/users/me/avatar", _REFUSED_422, body=lambda w: {}),
    Row("DELETE", "api/v1/users/me/avatar", SIGNED_IN_204),
]

ROWS = [*_API]
