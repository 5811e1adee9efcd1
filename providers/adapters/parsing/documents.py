"""A page as a tree, and the plain texts in it."""

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree
from lxml.cssselect import CSSSelector

from providers.errors import PageUnreadable

Element: TypeAlias = etree._Element
Select: TypeAlias = Callable[[Element], list[Element]]

MAX_CHARACTERS = 5_000_000
"""A page beyond this is nobody's list of episodes."""

_TEXT_READ = 30_000
"""Characters of an element that are looked at: what nests is read once more by each element around it."""

# Control characters, and the marks that turn the direction of what follows them.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def document(text: str) -> Element:
    """The tree of a page, without scripts, styles and comments. Raises `PageUnreadable` for what holds no element.

    Elements nested deeper than 256 are left out by the parser, so no walk is deep.
    """
    if len(text) > MAX_CHARACTERS:
        raise PageUnreadable(_("The page is too long."))
    # Plain elements: those of `lxml.html` ask Python for their class one by one, a third of the time of a long page.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise PageUnreadable(_("The page holds no HTML.")) from error
    if tree is None:
        raise PageUnreadable(_("The page holds no HTML."))
    etree.strip_elements(tree, "script", "style", "template", with_tail=False)
    return tree


def select(css: str) -> Select:
    """A compiled selector, made once when a module is read."""
    return CSSSelector(css, translator="html")


def marked(tree: Element, *marks: Select, kind: Promise) -> None:
    """Raises `PageUnreadable` for a page that has none of the marks of its kind."""
    if not any(mark(tree) for mark in marks):
        raise PageUnreadable(_("The page has none of the marks of %(kind)s.") % {"kind": kind})


def taken(tree: Element, wanted: Select) -> list[Element]:
    """The wanted elements, taken out of the tree: a long list is not walked again for all that is asked of the rest."""
    found = wanted(tree)
    for element in found:
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    return found


def first(found: Iterable[Element]) -> Element | None:
    return next(iter(found), None)


def text_of(element: Element | None) -> str:
    """The text in an element on one line; "" for none."""
    if element is None:
        return ""
    if not len(element):
        return line_of(element.text)
    if len(element) == 1 and not len(element[0]):  # a link in its cell: most of a long list
        inner = element[0]
        return line_of(f"{element.text or ''}{inner.text or ''}{inner.tail or ''}")
    parts, size = [], 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > _TEXT_READ:
            break
    return line_of("".join(parts))


def line_of(text: str | None) -> str:
    """Plain text on one line, without what cannot be seen."""
    if not text:
        return ""
    line = " ".join(text[:_TEXT_READ].split())
    return line if line.isprintable() else " ".join(_INVISIBLE.sub("", line).split())


def texts_once(texts: Iterable[str], *, longest: int, most: int = 50) -> tuple[str, ...]:
    """Those that say something and are not too long, each once, in order."""
    return tuple(dict.fromkeys(text for text in texts if text and len(text) <= longest))[:most]


def paragraphs_of(elements: Iterable[Element], *, longest: int = 10_000) -> str:
    """The texts of paragraphs, an empty line between them."""
    return "\n\n".join(texts_once(map(text_of, elements), longest=longest))[:longest].rstrip()
