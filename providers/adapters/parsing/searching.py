"""A search in titles that are all at hand, for providers that have none of their own."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from providers.adapters.drafts import Card, CardPage

PER_PAGE = 50


class Titled(Protocol):
    title: str


T = TypeVar("T", bound=Titled)


def cards_found(titles: Iterable[T], card: Callable[[T], Card], *, query: str, page: int) -> CardPage:
    """Fifty cards of those that have every word of the query in their title; pages count from 1."""
    words = query.casefold().split()
    found = [title for title in titles if all(word in title.title.casefold() for word in words)]
    start = (max(1, page) - 1) * PER_PAGE
    return CardPage(tuple(map(card, found[start : start + PER_PAGE])), has_next=len(found) > start + PER_PAGE)
