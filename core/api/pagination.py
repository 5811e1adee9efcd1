"""Pages: by number for lists that people leaf through, by key for feeds and deep walks."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from core.errors import MalformedRequest, ValidationFailed

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_PAGE = 1_000_000
_NO_KEY = (ValueError, TypeError, OverflowError, ValidationError, DataError)
"""What fields and databases say to a value that no row can have: the year 0, what is no UUID."""


def whole_number(params: QueryDict, name: str, default: int, *, lowest: int = 1, highest: int) -> int:
    """A whole number of the query string; 422 `validation_failed` when it is none or out of bounds."""
    raw = params.get(name)
    if raw is None or raw == "":
        return default
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9 or not lowest <= int(raw) <= highest:
        raise ValidationFailed({name: [f"A whole number from {lowest} to {highest}."]})
    return int(raw)


@dataclass(frozen=True, slots=True)
class PageQuery:
    """`?page=&page_size=`; `page_size` ≤ 100."""

    page: int
    size: int

    @classmethod
    def of(cls, params: QueryDict, default_size: int = DEFAULT_PAGE_SIZE) -> "PageQuery":
        return cls(
            page=whole_number(params, "page", 1, highest=MAX_PAGE),
            size=whole_number(params, "page_size", default_size, highest=MAX_PAGE_SIZE),
        )

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


def page_address(path: str, params: QueryDict, **changes: Any) -> str:
    """`path` with the query string changed; a value of None takes a parameter away."""
    pairs: list[tuple[str, str]] = []
    for name, values in params.lists():
        if name not in changes:
            pairs.extend((name, value) for value in values)
        elif (value := changes.pop(name)) is not None:
            pairs.append((name, str(value)))
    pairs.extend((name, str(value)) for name, value in changes.items() if value is not None)
    return f"{path}?{urlencode(pairs)}" if pairs else path


def page_envelope(
    path: str, params: QueryDict, query: PageQuery, *, count: int, results: Sequence[Any]
) -> dict[str, Any]:
    """`{count, next, previous, results}` with addresses relative to the host."""
    return {
        "count": count,
        "next": page_address(path, params, page=query.page + 1) if query.offset + query.size < count else None,
        "previous": page_address(path, params, page=query.page - 1) if query.page > 1 else None,
        "results": results,
    }


def cursor_encode(values: Sequence[Any]) -> str:
    """An opaque cursor for the key of a row."""
    return base64.urlsafe_b64encode(orjson.dumps(list(values), default=str)).rstrip(b"=").decode()


def cursor_decode(cursor: str, length: int) -> list[Any]:
    """The key in a cursor; 400 `malformed_request` when it is not one of ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        values = orjson.loads(raw)
    except (ValueError, binascii.Error, UnicodeEncodeError) as error:
        raise MalformedRequest("The cursor is not one that this server gave.") from error
    if not isinstance(values, list) or len(values) != length or any(isinstance(v, (list, dict)) for v in values):
        raise MalformedRequest("The cursor is not one that this server gave.")
    return values


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """One page of a keyset walk: `rows` in order, cursors or None at the ends."""

    rows: list[Any]
    next: str | None
    previous: str | None


def keyset_page(queryset: QuerySet, *, fields: Sequence[str], cursor: str | None, size: int) -> KeysetPage:
    """Rows after `cursor` in the order of `fields` ("-created_at", "-id"); the last field must be unique, none nullable.

    Going back is the same walk with the order turned round, so a page never skips or repeats a row that stayed.
    """
    backwards = bool(cursor and cursor.startswith("p."))
    names = [field.lstrip("-") for field in fields]
    order = [_reversed(f) for f in fields] if backwards else list(fields)
    queryset = queryset.order_by(*order)
    if cursor:
        values = cursor_decode(cursor.partition(".")[2], len(fields))
        try:
            queryset = queryset.filter(_after(order, values))
        except _NO_KEY as error:
            raise MalformedRequest("The cursor is not one that this server gave.") from error
    try:
        rows = list(queryset[: size + 1])
    except _NO_KEY as error:
        raise MalformedRequest("The cursor is not one that this server gave.") from error
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, bool(cursor))

    def key(row: Any) -> str:
        return cursor_encode([row[n] if isinstance(row, dict) else getattr(row, n) for n in names])

    return KeysetPage(
        rows=rows,
        next="n." + key(rows[-1]) if rows and has_next else None,
        previous="p." + key(rows[0]) if rows and has_previous else None,
    )


def _reversed(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows strictly after `values` in `order`: a >= x and ((a > x) or (a = x and b > y) or …).

    The first term repeats what follows, in the one form that lets an index begin at the key instead of at its start.
    """
    first, end = (order[0][1:], "lte") if order[0].startswith("-") else (order[0], "gte")
    bound = Q(**{f"{first}__{end}": values[0]})
    condition, equal = Q(), Q()
    for field, value in zip(order, values, strict=True):
        name, comparison = (field[1:], "lt") if field.startswith("-") else (field, "gt")
        condition |= equal & Q(**{f"{name}__{comparison}": value})
        equal &= Q(**{name: value})
    return bound & condition
