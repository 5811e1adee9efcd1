"""Bodies put together from stored JSON, without decoding them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict

from core.api.pagination import PageQuery, page_address
from core.api.renderers import json_bytes


def array_body(items: Iterable[bytes]) -> bytes:
    """A bare array."""
    return b"[%s]" % b",".join(items)


def envelope_body(head: Mapping[str, Any], items: Iterable[bytes]) -> bytes:
    """`head` (not empty) with `results`."""
    return b'%s,"results":[%s]}' % (json_bytes(head)[:-1], b",".join(items))


def page_head(path: str, params: QueryDict, query: PageQuery, count: int) -> dict[str, Any]:
    """`{count, next, previous}` of a numbered page."""
    return {
        "count": count,
        "next": page_address(path, params, page=query.page + 1) if query.offset + query.size < count else None,
        "previous": page_address(path, params, page=query.page - 1) if query.page > 1 else None,
    }


def extended(card: bytes, **extras: Any) -> bytes:
    """A card with members added at its end."""
    return b"%s,%s" % (card[:-1], json_bytes(extras)[1:])


def page_body(path: str, params: QueryDict, query: PageQuery, *, count: int, items: Sequence[bytes]) -> bytes:
    """A numbered page."""
    return envelope_body(page_head(path, params, query, count), items)
