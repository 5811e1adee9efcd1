"""Queries of every request, compiled once: written in the ORM's words, which cost more to say than the database to answer.

Of a signed-in request the ORM spends most time on turning the same few querysets into the same SQL. A `KeptQuery` does that
once a process; values are put in their places afterwards, rows become what the queryset would have made of them.
"""

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, ValuesIterable, ValuesListIterable, get_related_populators

from core.sql import rows_loaded

_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 31_400 + number,  # fits the smallest column
    str: lambda number: f"\ue0fe-kept-{number}",
    uuid.UUID: lambda number: uuid.UUID(int=0x7E57_0000_0000_4000_8000_0000_0000_0000 + number),
    datetime.datetime: lambda number: datetime.datetime(1, 1, 1 + number, tzinfo=datetime.UTC),
}
"""Values that nothing has, by which the places of parameters are found in what the ORM compiled."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`params` with the names of values where `slots` says so; `converters` as the ORM's compiler has them."""

    sql: str
    params: tuple[Any, ...]
    slots: tuple[tuple[int, str], ...]
    converters: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...]
    made: Callable[[Sequence[Any]], Any]


class KeptQuery:
    """`build` makes a queryset of keyword arguments; `types` says of each what it is: int, str, UUID or an aware datetime.

    The queryset yields model instances (`select_related`, annotations and `only` included), `values()` or `values_list()`;
    its shape must not depend on the values, and each value must reach the database as it is (no
    `icontains`) and fit into its column. Nothing is prefetched.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **types: type) -> None:
        self._build = build
        self._types = types
        self._compiled: dict[str, _Compiled] = {}
        self._lock = Lock()

    def rows(self, **values: Any) -> list[Any]:
        """All rows; one query. Raises `django.db.Error` like a queryset."""
        kept = self._compiled.get(connection.vendor) or self._compile()
        params = list(kept.params)
        for place, name in kept.slots:
            params[place] = _adapted(values[name])
        found = []
        for row in rows_loaded(kept.sql, params):
            changed = list(row)
            for place, converters, expression in kept.converters:
                for convert in converters:
                    changed[place] = convert(changed[place], expression, connection)
            found.append(kept.made(changed))
        return found

    def first(self, **values: Any) -> Any:
        """The first row, None when there is none."""
        return next(iter(self.rows(**values)), None)

    def _compile(self) -> _Compiled:
        with self._lock:
            marks = {name: _MARKS[kind](number) for number, (name, kind) in enumerate(self._types.items(), 1)}
            queryset = self._build(**marks)
            compiler = queryset.query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            names = {_adapted(mark): name for name, mark in marks.items()}
            slots = tuple((place, names[value]) for place, value in enumerate(params) if value in names)
            if {name for _place, name in slots} != self._types.keys():
                raise ImproperlyConfigured(f"{self._build!r}: a value does not reach the database as it is")
            columns = [column[0] for column in compiler.select[: compiler.col_count]]
            converters = compiler.get_converters(columns)
            kept = _Compiled(
                sql=sql,
                params=tuple(params),
                slots=slots,
                converters=tuple((place, *found) for place, found in converters.items()),
                made=_maker(queryset, compiler),
            )
            self._compiled[connection.vendor] = kept
        return kept


def _adapted(value: Any) -> Any:
    """A value as the ORM's lookups hand it to the driver."""
    if isinstance(value, uuid.UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _maker(queryset: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """What `queryset` makes of a row: Django's own iterables do the same after compiling anew."""
    kind = queryset._iterable_class
    if kind is ValuesIterable:
        query = queryset.query
        names = query.selected or [*query.extra_select, *query.values_select, *query.annotation_select]
        names = list(names)
        return lambda row: dict(zip(names, row, strict=True))
    if kind is ValuesListIterable:
        return tuple
    if kind is not ModelIterable:
        raise ImproperlyConfigured(f"{queryset!r}: rows of {kind} cannot be kept")
    info, database = compiler.klass_info, connection.alias
    fields = info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    populators = get_related_populators(info, compiler.select, database)  # type: ignore[call-arg]  # stubs of Django 6.1
    annotations = tuple((compiler.annotation_col_map or {}).items())

    def made(row: Sequence[Any]) -> Any:
        found = info["model"].from_db(database, names, row[start:end])
        for populator in populators:
            populator.populate(row, found)
        for name, place in annotations:
            setattr(found, name, row[place])
        return found

    return made
