"""Rows of sessions: the API and the page of settings."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import SessionKind, UserSession
from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

_OWNERS_ALONE = "401 204 404 404 404 404 404"
_ALL_302 = "302 302 302 302 302 302 302"


def setup(world: Any) -> None:
    world.session = UserSession.objects.create(
        user=world.owner, kind=SessionKind.SITE, expires_at=timezone.now() + timedelta(days=1)
    )


ROWS = [
    Row("GET", "api/v1/auth/sessions", SIGNED_IN),
    Row("DELETE", "api/v1/auth/sessions", SIGNED_IN),
    Row(
        "DELETE",
        "api/v1/auth/sessions/<uuid:session_id>",
        _OWNERS_ALONE,
        path=lambda w: f"/api/v1/auth/sessions/{w.session.pk}",
    ),
    Row("GET", "settings/sessions", SIGNED_IN_PAGE),
    Row("GET", "settings/sessions/revoke", _ALL_302),
    Row("POST", "settings/sessions/revoke", _ALL_302),
    Row(
        "GET",
        "settings/sessions/<uuid:session_id>/revoke",
        _ALL_302,
        path=lambda w: f"/settings/sessions/{w.session.pk}/revoke",
    ),
    Row(
        "POST",
        "settings/sessions/<uuid:session_id>/revoke",
        "302 302 404 404 404 404 404",
        path=lambda w: f"/settings/sessions/{w.session.pk}/revoke",
    ),
]
