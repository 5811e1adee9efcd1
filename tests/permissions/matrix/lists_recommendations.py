"""Rows of recommendations."""

from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

ROWS = [
    Row("GET", "api/v1/users/me/recommendations", SIGNED_IN),
    Row("GET", "list/recommendations", SIGNED_IN_PAGE),
]
