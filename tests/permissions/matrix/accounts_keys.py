"""Rows of API keys: the API and the page of settings."""

from typing import Any

from accounts.models import ApiKey
from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

_SIGNED_IN_201 = "401 201 201 201 201 201 201"
_OWNERS_ALONE = "401 204 404 404 404 404 404"
_ALL_302 = "302 302 302 302 302 302 302"
_NEW = {"name": "Tracker", "scopes": ["catalog:read"]}


def setup(world: Any) -> None:
    world.api_key = ApiKey.objects.create(
        user=world.owner, name="Owner's", prefix="hk_matrix00", key_hash="0" * 64, scopes=["lists:read"]
    )


ROWS = [
    Row("GET", "api/v1/developer/keys", SIGNED_IN),
    Row("POST", "api/v1/developer/keys", _SIGNED_IN_201, body=lambda w: _NEW),
    Row(
        "DELETE",
        "api/v1/developer/keys/<uuid:id>",
        _OWNERS_ALONE,
        path=lambda w: f"/api/v1/developer/keys/{w.api_key.pk}",
    ),
    Row("GET", "settings/api-keys", SIGNED_IN_PAGE),
    Row("POST", "settings/api-keys", "302 200 200 200 200 200 200", body=lambda w: _NEW),
    Row(
        "GET",
        "settings/api-keys/<uuid:id>/revoke",
        _ALL_302,
        path=lambda w: f"/settings/api-keys/{w.api_key.pk}/revoke",
    ),
    Row(
        "POST",
        "settings/api-keys/<uuid:id>/revoke",
        "302 302 404 404 404 404 404",
        path=lambda w: f"/settings/api-keys/{w.api_key.pk}/revoke",
    ),
]
