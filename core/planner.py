"""Keeps the database's statistics current after bulk writes, so that it picks the right indexes.

Without them SQLite reads the whole catalogue for a page of it (40 ms instead of 1 ms, measured on 27,088 anime), and PostgreSQL
joins a list of 3,000 one by one where it saw its tables empty last (613 ms instead of 70).
"""

from django.db import connection
from django.db.models import Model


def statistics_refresh(*models: type[Model]) -> None:
    """ANALYZE the tables of `models`, one by one; without any the whole database: about a second after a full import on SQLite.

    SQLite holds its one write lock meanwhile: outside the caller's transaction, and only what was filled. PostgreSQL samples.
    """
    quoted = [connection.ops.quote_name(model._meta.db_table) for model in models] or [""]
    with connection.cursor() as cursor:
        for table in quoted:
            cursor.execute(f"ANALYZE {table}")
