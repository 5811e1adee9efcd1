"""Columns side by side: scores, years, months."""

from collections.abc import Sequence
from dataclasses import dataclass

from lists.plots.svg import Plot, drawing, element, tip

WIDTH, HEIGHT, FOOT, HEAD = 400, 170, 22, 16


@dataclass(frozen=True, slots=True)
class Column:
    """`label` stands below, `value` decides the height and stands above; `note` is told by the tooltip."""

    label: str
    value: int
    note: str
    is_marked: bool = False


def columns_plot(
    title: str, description: str, columns: Sequence[Column], *, heads: tuple[str, str], labels_every: int = 1
) -> Plot:
    """Columns as high as their values, the highest as high as the picture. Every `labels_every`th label is written."""
    step = WIDTH / max(1, len(columns))
    width = min(step * 0.74, 44)
    highest = max((column.value for column in columns), default=0) or 1
    room = HEIGHT - FOOT - HEAD
    inside: list[str] = [element("line", _class="plot-base", x1=0, x2=WIDTH, y1=HEIGHT - FOOT, y2=HEIGHT - FOOT)]
    for place, column in enumerate(columns):
        middle = place * step + step / 2
        height = max(room * column.value / highest, 2.0 if column.value else 0.0)
        top = HEIGHT - FOOT - height
        look = "plot-bar is-marked" if column.is_marked else "plot-bar"
        parts: list[str] = [
            tip(column.note),
            element("rect", _class="plot-hit", x=place * step, y=0, width=step, height=HEIGHT - FOOT),
            element(
                "rect", _class=look, x=middle - width / 2, y=top, width=width, height=height, rx=min(3.0, width / 3)
            ),
        ]
        if place % labels_every == 0:
            parts.append(element("text", column.label, x=middle, y=HEIGHT - 6))
        if column.value and step >= 22:
            parts.append(element("text", str(column.value), _class="plot-count", x=middle, y=top - 4))
        inside.append(element("g", *parts))
    svg = drawing(WIDTH, HEIGHT, title, description, inside, kind="columns")
    return Plot(svg, heads, tuple((column.label, str(column.value)) for column in columns))
