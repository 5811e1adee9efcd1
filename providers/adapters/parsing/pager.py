"""Whether a list goes on: the links to its other pages."""

from providers.adapters.parsing.documents import Element, select, text_of

_NEXT = select("div.pagination a.next, div.hpage a.r, div.pagination a[rel=next]")
_CURRENT = select("div.pagination .current")
_NUMBERS = select("div.pagination a")


def pager_has_next(tree: Element) -> bool:
    """A link to the next page, or a number beyond the current one."""
    if _NEXT(tree):
        return True
    current = max((_number(text_of(found)) for found in _CURRENT(tree)), default=0)
    return bool(current) and any(_number(text_of(link)) > current for link in _NUMBERS(tree))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
