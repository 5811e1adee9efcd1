"""Reading rows by SQL on the hot paths: prepared statements on PostgreSQL, Django's cursor everywhere else.

Django's PostgreSQL cursor interpolates parameters on the client, checks the connection's health with a round trip of its
own in every request, and never prepares. A catalogue read is one statement, so those three are most of its cost.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

Rows = list[tuple[Any, ...]]


def rows(sql: str, params: Sequence[Any] = ()) -> Rows:
    """All rows of one reading statement, its parameters as `%s`. Raises `django.db.Error` as the ORM does.

    Query counters and execute wrappers see it: with any of them on, it goes through Django's cursor.
    """
    if connection.vendor == "postgresql" and settings.DB_PREPARE and _is_plain():
        found = _prepared(sql, params)
        if found is not None:
            return found
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def compiled(queryset: QuerySet) -> tuple[str, tuple[Any, ...]]:
    """The SQL and parameters of a queryset; raises `EmptyResultSet` when it cannot match anything."""
    return queryset.query.sql_with_params()


def _is_plain() -> bool:
    return not (connection.queries_logged or connection.execute_wrappers or connection.in_atomic_block)


def _prepared(sql: str, params: Sequence[Any]) -> Rows | None:
    """The rows, or None when the server cannot type the parameters: Django's cursor, which writes them in, then asks."""
    import psycopg

    is_fresh = connection.connection is None
    connection.ensure_connection()
    try:
        return _execute(sql, params)
    except psycopg.OperationalError:
        if is_fresh or not connection.connection.closed:
            raise _django_error() from None
        connection.close()  # the server went away between two requests: a read may simply be asked again
        connection.ensure_connection()
        with connection.wrap_database_errors:
            return _execute(sql, params)
    except (psycopg.ProgrammingError, psycopg.DataError):
        return None
    except psycopg.Error:
        with connection.wrap_database_errors:
            raise


def _django_error() -> Exception:
    from django.db import OperationalError

    connection.close()
    return OperationalError("the database cannot be reached")


def _execute(sql: str, params: Sequence[Any]) -> Rows:
    import psycopg

    raw = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = 1
    with psycopg.Cursor(raw) as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall()
