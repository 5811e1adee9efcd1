"""The list of anime by key: a page at any depth costs the same, from one statement that is compiled once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.exceptions import ValidationError as InvalidValue
from django.db import DatabaseError, connection, models
from django.utils.translation import gettext_lazy as _

from catalog.filters import AnimeFilters
from catalog.filters.sorts import RELEVANCE
from catalog.models import Anime
from core.api.pagination import cursor_decode, cursor_encode
from core.errors import MalformedRequest, ValidationFailed
from core.sql import compiled, rows_as_bytes

_BACK, _ON = "p.", "n."


@dataclass(frozen=True, slots=True)
class CardWalk:
    """Cards as JSON in order, with the cursors of the pages around them."""

    cards: list[bytes]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL of a page but for its LIMIT; `key` is the field that is ordered by, for values on their way in and out."""

    sql: str
    params: tuple[Any, ...]
    key: models.Field


def anime_walk(filters: AnimeFilters, cursor: str, size: int) -> CardWalk:
    """One page by key: equally quick at any depth, and no row is skipped or repeated by changes before it.

    `cursor` "" begins. Raises `MalformedRequest` (400) for a cursor of another order, `ValidationFailed` for `relevance`.
    """
    if filters.sort == RELEVANCE:
        raise ValidationFailed({"cursor": [_("“relevance” has pages by number only.")]})
    backwards, has_cursor = cursor.startswith(_BACK), bool(cursor)
    # A search's ids and a person's own rows change without the filters changing: only the others are worth keeping.
    build = _compile if filters.q or filters.is_personal else _compiled
    try:
        statement = build(filters, backwards, has_cursor)
    except EmptyResultSet:
        return CardWalk([], None, None)
    bounds = _bounds(statement.key, cursor) if has_cursor else ()
    try:
        rows = rows_as_bytes(f"{statement.sql} LIMIT {size + 1}", (*statement.params, *bounds))
    except (DatabaseError, OverflowError, ValueError) as error:
        if not has_cursor:
            raise
        raise MalformedRequest("The cursor is not one that this server gave.") from error
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, has_cursor)
    read = _reader(statement.key)

    def key(row: tuple[Any, ...]) -> str:
        return cursor_encode([read(row[0]), int(row[1])])

    return CardWalk(
        [row[2] for row in rows],
        _ON + key(rows[-1]) if rows and has_next else None,
        _BACK + key(rows[0]) if rows and has_previous else None,
    )


@lru_cache(maxsize=512)
def _compiled(filters: AnimeFilters, backwards: bool, has_cursor: bool) -> _Statement:
    return _compile(filters, backwards, has_cursor)


def _compile(filters: AnimeFilters, backwards: bool, has_cursor: bool) -> _Statement:
    """The first bound repeats what follows in the one form that lets an index begin at the key instead of at its start."""
    queryset = filters.keyed(Anime.objects.all()).order_by()
    inner, params = compiled(queryset)
    is_descending = filters.is_descending is not backwards
    order, beyond = ("DESC", "<") if is_descending else ("ASC", ">")
    after = (
        f"WHERE k.sort_key {beyond}= %s AND (k.sort_key {beyond} %s OR (k.sort_key = %s AND k.id {beyond} %s)) "
        if has_cursor
        else ""
    )
    sql = (
        f"SELECT k.sort_key, k.id, d.card FROM ({inner}) AS k "  # noqa: S608
        f"JOIN catalog_animedocument d ON d.anime_id = k.id {after}ORDER BY k.sort_key {order}, k.id {order}"
    )
    return _Statement(sql, params, queryset.query.annotations["sort_key"].output_field)


def _bounds(key: models.Field, cursor: str) -> tuple[Any, ...]:
    """The parameters of a cursor's WHERE."""
    value, last = cursor_decode(cursor.partition(".")[2], 2)
    try:
        if value is None:
            raise ValueError("no key")
        bound = key.get_db_prep_value(value, connection)
        if key.get_internal_type() == "DateTimeField":
            bound = str(bound)
        return (bound, bound, bound, int(last))
    except (ValueError, TypeError, InvalidValue) as error:
        raise MalformedRequest("The cursor is not one that this server gave.") from error


def _reader(key: models.Field) -> Callable[[bytes], Any]:
    """What makes of a key column's text the value that a cursor carries."""
    if isinstance(key, models.IntegerField):
        return int
    if isinstance(key, models.FloatField):
        return float
    if isinstance(key, models.DateTimeField):
        # SQLite keeps moments in UTC without saying so.
        zone = "" if connection.vendor == "postgresql" else "+00:00"
        return lambda text: text.decode() + zone
    return lambda text: text.decode()
