"""Keeps the database's statistics current after bulk writes, so that it picks the right indexes.

Without them SQLite reads the whole catalogue for a page of it (40 ms instead of 1 ms, measured on 27,088 anime).
"""

from django.db import connection


def statistics_refresh() -> None:
    """ANALYZE the whole database: about a second after a full import on SQLite; PostgreSQL samples."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
