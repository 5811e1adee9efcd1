"""Rows of people and profiles: the API of users, profile pages, onboarding, the profile's settings."""

from typing import Any

from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_204, SIGNED_IN_PAGE, Row

_REFUSED_422 = "401 422 422 422 422 422 422"


def setup(world: Any) -> None:
    """Beside the six actors: somebody suspended."""
    from accounts.models import User

    world.hidden = User(username="hidden_x", email="hidden@example.org", is_active=False)
    world.hidden.save(force_insert=True)


_API = [
    Row("GET", "api/v1/users/search", EVERYONE, query="?q=owner"),
    Row("GET", "api/v1/users/batch", EVERYONE, query="?ids=nonsense"),
    Row("GET", "api/v1/users/<str:username>", EVERYONE, path="/api/v1/users/OWNER_x"),
    Row("GET", "api/v1/users/<str:username>", "404 404 404 404 200 200 200", path="/api/v1/users/hidden_x", query="?"),
    Row("PATCH", "api/v1/users/me", SIGNED_IN, body=lambda w: {"display_name": "Somebody", "role": "superadmin"}),
    Row("PATCH", "api/v1/users/me", _REFUSED_422, query="?refused", body=lambda w: {"username": "not a name"}),
    Row("POST", "api/v1/users/me/complete-setup", SIGNED_IN, body=lambda w: {"title_language": "native"}),
    Row("PUT", "api/v1/users/me/avatar", _REFUSED_422, body=lambda w: {}),
    Row("DELETE", "api/v1/users/me/avatar", SIGNED_IN_204),
]

_ALL_302 = "302 302 302 302 302 302 302"
_CIRCLES = {
    "profile_visibility": "friends",
    "activity_visibility": "nobody",
    "online_status_visibility": "nobody",
}

_PAGES = [
    Row("GET", "welcome", SIGNED_IN_PAGE),
    Row("POST", "welcome", _ALL_302, body=lambda w: {"skip": "1"}),
    Row("GET", "users/<str:username>", EVERYONE, path="/users/owner_x"),
    Row("GET", "users/<str:username>", "404 404 404 404 200 200 200", path="/users/hidden_x", query="?"),
    Row("GET", "settings/player", SIGNED_IN_PAGE),
    Row("POST", "settings/player", _ALL_302, body=lambda w: {"default_language": "en"}),
    Row("GET", "settings/privacy", SIGNED_IN_PAGE),
    Row("POST", "settings/privacy", _ALL_302, body=lambda w: _CIRCLES),
]

ROWS = [*_API, *_PAGES]
