"""Rows of the export of one's list."""

from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

ROWS = [
    Row("GET", "api/v1/anime-list/export", SIGNED_IN),
    Row("GET", "list/export", SIGNED_IN_PAGE),
    Row("GET", "list/export/<slug:format>", SIGNED_IN_PAGE, path="/list/export/mal"),
]
