"""Links to the pages of a list."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page's number and address; `href` is "" for the gap between far-away pages."""

    number: int
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is among `last` pages. `previous` and `next` are "" at the ends."""

    current: int
    last: int
    links: tuple[PageLink, ...]
    previous: str
    next: str


def page_number(params: QueryDict) -> int:
    """`?page=`, 1 for anything that is not a page's number."""
    raw = params.get("page", "")
    return max(1, int(raw)) if raw.isascii() and raw.isdigit() and len(raw) <= 6 else 1


def pages_of(*, current: int, count: int, size: int, href: Callable[[int], str]) -> Pages:
    """The first, the last and the pages around `current`; `href` gives the address of a page."""
    last = max(1, -(-count // size))
    shown = sorted({1, last, *range(max(1, current - 2), min(last, current + 2) + 1)})
    links: list[PageLink] = []
    for number in shown:
        if links and number - links[-1].number > 1:
            links.append(PageLink(number - 1, ""))
        links.append(PageLink(number, href(number), is_current=number == current))
    return Pages(
        current=current,
        last=last,
        links=tuple(links),
        previous=href(current - 1) if 1 < current <= last else "",
        next=href(current + 1) if current < last else "",
    )
