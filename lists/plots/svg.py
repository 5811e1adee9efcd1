"""Elements of SVG as safe text: every attribute and every text is escaped here, once."""

from dataclasses import dataclass
from functools import cache
from itertools import count

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing and the same numbers as a table, for those who cannot or would rather not read a drawing."""

    svg: SafeString
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def element(name: str, *inside: str, **attributes: object) -> SafeString:
    """`<name attributes>inside</name>`. An underscore before a word that Python keeps is dropped, the others are dashes;
    texts in `inside` that are not safe are escaped, and attributes that are None are left out.

    Joined by hand: a calendar has a thousand elements, and `format_html` would take half of the page's time for them.
    """
    shown = [
        f' {_spelt(key)}="{_number(value) if isinstance(value, int | float) else conditional_escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    ]
    return mark_safe(f"<{name}{''.join(shown)}>{joined(inside)}</{name}>")  # noqa: S308 — escaped above


def joined(parts: "tuple[str, ...] | list[str]") -> SafeString:
    """Parts one after the other, each escaped unless it is safe."""
    return mark_safe("".join(map(conditional_escape, parts)))  # noqa: S308 — each part is escaped


def drawing(width: int, height: int, title: str, description: str, inside: list[str], *, kind: str) -> SafeString:
    """The picture itself: named by a title and a description, `kind` is its class."""
    number = next(_numbers)
    head = (
        element("title", title, id=f"plot-{number}-title"),
        element("desc", description, id=f"plot-{number}-desc"),
    )
    return format_html(
        '<svg class="plot-{}" viewBox="0 0 {} {}" role="img" aria-labelledby="plot-{}-title plot-{}-desc">{}{}</svg>',
        kind,
        width,
        height,
        number,
        number,
        joined(head),
        joined(inside),
    )


def tip(text: str) -> SafeString:
    """What a pointer that rests on the element is told."""
    return element("title", text)


def shortened(text: str, most: int) -> str:
    """A label that fits: at most `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


@cache
def _spelt(key: str) -> str:
    return key.strip("_").replace("_", "-")


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}".rstrip("0").rstrip(".")
