"""Rows of the core: probes, the schema and its pages, what a visitor prefers."""

from tests.permissions.rows import EVERYONE, NOBODY, Row

ROWS = [
    Row("GET", "health", EVERYONE),
    Row("GET", "health/detailed", EVERYONE),
    Row("GET", "ready", EVERYONE),
    Row("GET", "metrics", EVERYONE),
    Row("GET", "api/v1/schema", EVERYONE),
    Row("GET", "api/v1/docs", EVERYONE),
    Row("GET", "api/v1/docs/errors", EVERYONE),
    Row("GET", "media/<path:name>", NOBODY, path="/media/images/poster/ab/abcd-300.webp"),
    Row(
        "POST",
        "preferences/<slug:name>",
        "302 302 302 302 302 302 302",
        path="/preferences/theme",
        body=lambda w: {"value": "dark"},
    ),
]
