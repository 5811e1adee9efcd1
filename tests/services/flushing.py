"""How the database is emptied after a test that committed what it wrote."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth.management import _get_all_permissions  # type: ignore[attr-defined]
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import sql


def rows_flush(style: Any, connection: Any, reset_sequences: bool = True, allow_cascade: bool = False) -> list[str]:
    """In place of Django's `sql_flush`: statements that delete every row, none for a table without rows.

    Django truncates all tables, of which PostgreSQL makes every file anew: a quarter of a second for each test. Types and
    permissions stay where they are those that follow from the models, which Django would delete and write again.
    """
    if reset_sequences or allow_cascade:
        return sql.sql_flush(style, connection, reset_sequences, allow_cascade)
    quoted = connection.ops.quote_name
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    kept = {Permission._meta.db_table, ContentType._meta.db_table}
    with connection.cursor() as cursor:
        counts = [f"(SELECT count(*) FROM {quoted(table)})" for table in sorted(kept)]
        cursor.execute(f"SELECT {', '.join(counts)}")
        if cursor.fetchone() != _as_migrated():
            kept = set()
        asked = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quoted(name)})" for name in tables if name not in kept]
        cursor.execute(" UNION ALL ".join(asked))
        return [f"DELETE FROM {quoted(name)}" for (name,) in cursor.fetchall()]


@cache
def _as_migrated() -> tuple[int, int]:
    """How many permissions and types there are for the models, in the order of the tables' names."""
    models = [model for config in apps.get_app_configs() for model in config.get_models()]
    return sum(len(_get_all_permissions(model._meta)) for model in models), len(models)


__all__ = ["rows_flush"]
