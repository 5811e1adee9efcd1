"""Many rows in one statement: what an import of half a million rows needs and the ORM's instances are too slow for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models

Row = Sequence[Any]
_PARAMETERS = 30_000
"""Below the limits of SQLite (32,766) and PostgreSQL (65,535)."""


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[Any]:
    return [model._meta.get_field(name) for name in fields]


def _adapter(columns: list[Any]) -> Callable[[Row], Row]:
    """Turns Python values into what the driver takes; most columns need nothing."""
    special = [(place, prepare) for place, column in enumerate(columns) if (prepare := _preparation(column))]
    if not special:
        return lambda row: row

    def adapt(row: Row) -> Row:
        adapted = list(row)
        for place, prepare in special:
            if adapted[place] is not None:
                adapted[place] = prepare(adapted[place])
        return adapted

    return adapt


def _preparation(column: models.Field) -> Callable[[Any], Any] | None:
    operations = connection.ops
    if isinstance(column, models.DateTimeField):
        return operations.adapt_datetimefield_value
    if isinstance(column, models.DateField):
        return operations.adapt_datefield_value
    if isinstance(column, models.JSONField):
        return lambda value: operations.adapt_json_value(value, column.encoder)
    return None


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def rows_insert(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Row], *, ignore_conflicts: bool = False
) -> int:
    """Insert `rows`, tuples in the order of `fields` (attribute names; `…_id` for foreign keys); returns how many were given.

    Defaults are not filled in: every column without a database default must be among `fields`. A row that breaks a
    uniqueness is left out with `ignore_conflicts`, else it raises IntegrityError.
    """
    columns = _columns(model, fields)
    adapt = _adapter(columns)
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(column.column) for column in columns)
    if connection.vendor == "postgresql" and not ignore_conflicts:
        return _rows_copy(f"COPY {table} ({names}) FROM STDIN", map(adapt, rows))
    head = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608 - names of our own models
    place = f"({', '.join(['%s'] * len(columns))})"
    tail = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    count = 0
    with connection.cursor() as cursor:
        for chunk in _chunks(rows, min(1000, _PARAMETERS // len(columns))):
            values = [value for row in chunk for value in adapt(row)]
            cursor.execute(head + ", ".join([place] * len(chunk)) + tail, values)
            count += len(chunk)
    return count


def _rows_copy(statement: str, rows: Iterable[Row]) -> int:
    """PostgreSQL's own way of taking many rows: a third of the time of INSERT. Django leaves errors of COPY as the driver's."""
    count = 0
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def rows_update(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> int:
    """Set `fields` of the rows named by the primary key, which stands last in each tuple; returns how many."""
    columns = _columns(model, fields)
    adapt = _adapter(columns)
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(column.column)} = %s" for column in columns)
    key = quote(str(model._meta.pk.column))
    statement = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608 - names of our own models
    values = [[*adapt(row[:-1]), row[-1]] for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)
    return len(values)


def rows_delete(model: type[models.Model], keys: Iterable[int]) -> int:
    """Delete by primary key without loading; only for rows that nothing refers to. Returns how many."""
    count = 0
    for chunk in _chunks([(key,) for key in keys], 1000):
        count += model._base_manager.filter(pk__in=[row[0] for row in chunk])._raw_delete("default")
    return count
