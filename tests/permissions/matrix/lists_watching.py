"""Rows of watching: list preferences."""

from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

_PREFERENCES = "api/v1/users/me/list-preferences"
_FORM = "302 302 302 302 302 302 302"

ROWS = [
    Row("GET", _PREFERENCES, SIGNED_IN),
    Row("PATCH", _PREFERENCES, SIGNED_IN, body=lambda w: {"score_format": "point_5"}),
    Row("GET", "settings/list", SIGNED_IN_PAGE),
    Row(
        "POST",
        "settings/list",
        _FORM,
        body=lambda w: {"score_format": "point_5", "list_visibility": "friends", "watched_percent": "90"},
    ),
]
