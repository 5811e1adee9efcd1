"""Reading rows as bytes on the hot paths: prepared statements of libpq on PostgreSQL, Django's cursor everywhere else.

A catalogue read is one statement whose columns are stored JSON. Django's PostgreSQL cursor writes parameters into the
text on the client, checks the connection's health with a round trip of its own in every request, never prepares, and
decodes what is about to be encoded again; together that costs several times the statement itself.
"""

import datetime
import itertools
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

Row = tuple[Any, ...]
"""Columns as bytes, or None for NULL."""
Rows = list[Row]
MAX_STATEMENTS = 200
"""Prepared statements that one connection keeps."""

_numbers = itertools.count()


def rows_as_bytes(sql: str, params: Sequence[Any] = ()) -> Rows:
    """All rows of one reading statement (parameters as `%s`), every column as the bytes of its text, NULL as None.

    Raises `django.db.Error` as the ORM does. Query counters and execute wrappers see it, and so does a running
    transaction: with any of them it goes through Django's cursor.
    """
    if connection.vendor == "postgresql" and settings.DB_PREPARE and _is_plain():
        found = _prepared(sql, params)
        if found is not None:
            return found
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [tuple(_as_bytes(value) for value in row) for row in cursor.fetchall()]


def rows_loaded(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one reading statement (parameters as `%s`), each value as Django's cursor gives it; else as `rows_as_bytes`."""
    if connection.vendor == "postgresql" and settings.DB_PREPARE and _is_plain():
        result = _result(sql, params)
        if result is not None:
            from psycopg.adapt import Transformer

            loading = Transformer(connection.connection)
            loading.set_pgresult(result)
            return loading.load_rows(0, result.ntuples, tuple)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def compiled(queryset: QuerySet) -> tuple[str, tuple[Any, ...]]:
    """The SQL and parameters of a queryset; raises `EmptyResultSet` when it cannot match anything."""
    return queryset.query.sql_with_params()


def moment_of(value: bytes) -> float:
    """Epoch seconds of a timestamp column in text form, of either database."""
    moment = datetime.datetime.fromisoformat(value.decode())
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp()


def _is_plain() -> bool:
    return not (connection.queries_logged or connection.execute_wrappers or connection.in_atomic_block)


def _as_bytes(value: Any) -> bytes | None:
    return None if value is None else str(value).encode()


def _prepared(sql: str, params: Sequence[Any]) -> Rows | None:
    result = _result(sql, params)
    if result is None:
        return None
    columns = range(result.nfields)
    get = result.get_value
    return [tuple([get(row, column) for column in columns]) for row in range(result.ntuples)]


def _result(sql: str, params: Sequence[Any]) -> Any:
    """libpq's result, or None when anything is out of the ordinary: Django's cursor then asks again and reports what is wrong."""
    from psycopg.pq import ExecStatus

    values = [_parameter(value) for value in params]
    if None in values:
        return None
    if connection.connection is None:
        connection.ensure_connection()
    raw = connection.connection.pgconn
    name = _statement(connection.connection, raw, sql)
    if name is None:
        return None
    result = raw.exec_prepared(name, values)
    if result.status != ExecStatus.TUPLES_OK:
        if raw.status != 0:  # the server went away between two requests: a read may simply be asked again
            connection.close()
        else:
            connection.connection.__dict__.pop(_HELD, None)
        return None
    # It has just answered: whatever else this request asks need not ask for its health first.
    connection.health_check_done = True  # type: ignore[attr-defined]
    return result


_HELD = "_hiroba_statements"


def _statement(owner: Any, raw: Any, sql: str) -> bytes | None:
    """The name of `sql` prepared on this connection, None when the server refuses it."""
    from psycopg.pq import ExecStatus

    held: dict[str, bytes] = owner.__dict__.setdefault(_HELD, {})
    name = held.get(sql)
    if name is not None:
        return name
    if len(held) >= MAX_STATEMENTS:
        for stale in list(held.values()):
            raw.exec_(b"DEALLOCATE " + stale)
        held.clear()
    name = b"hiroba_%d" % next(_numbers)
    if raw.prepare(name, _numbered(sql)).status != ExecStatus.COMMAND_OK:
        if raw.status != 0:
            connection.close()
        return None
    held[sql] = name
    return name


def _numbered(sql: str) -> bytes:
    """`%s` as `$1`, `$2`, …; `%%` as `%`."""
    numbers = itertools.count(1)
    parts = sql.split("%%")
    return "%".join(_count(part, numbers) for part in parts).encode()


def _count(part: str, numbers: "itertools.count[int]") -> str:
    pieces = part.split("%s")
    return pieces[0] + "".join(f"${next(numbers)}{piece}" for piece in pieces[1:])


def _parameter(value: Any) -> bytes | None:
    """The text form of a parameter; None for a type that only the driver knows how to write."""
    if value is True:
        return b"t"
    if value is False:
        return b"f"
    if isinstance(value, int | float):
        return str(value).encode()
    if isinstance(value, str):
        return None if "\x00" in value else str(value).encode()
    if isinstance(value, uuid.UUID):
        return value.hex.encode()
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat().encode()
    return None
