"""Elements of SVG as safe text: every attribute and every text is escaped here, once."""

from dataclasses import dataclass
from itertools import count

from django.utils.html import conditional_escape, format_html, format_html_join
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
    """
    shown = format_html_join(
        "",
        ' {}="{}"',
        ((key.strip("_").replace("_", "-"), _short(value)) for key, value in attributes.items() if value is not None),
    )
    tag = mark_safe(name)  # noqa: S308 — names are written in this package
    return format_html("<{}{}>{}</{}>", tag, shown, joined(inside), tag)


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


def _short(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
