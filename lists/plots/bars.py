"""Horizontal bars under their names: genres, studios, formats."""

from collections.abc import Sequence
from dataclasses import dataclass

from lists.plots.svg import Plot, drawing, element, shortened, tip

WIDTH, LINE, THICKNESS = 400, 34, 8
NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """`name` stands above the bar, `value` decides its length, `figure` stands at its right; `cells` are its table row."""

    name: str
    value: float
    figure: str
    note: str
    cells: tuple[str, ...]


def bars_plot(title: str, description: str, bars: Sequence[Bar], *, heads: tuple[str, ...], drawn: int) -> Plot:
    """The first `drawn` bars as long as their values, the longest as wide as the picture; the table has all of them."""
    rows = tuple(bar.cells for bar in bars)
    bars = bars[:drawn]
    longest = max((bar.value for bar in bars), default=0) or 1
    inside: list[str] = []
    for place, bar in enumerate(bars):
        top = place * LINE
        length = max(WIDTH * bar.value / longest, 3.0)
        inside.append(
            element(
                "g",
                tip(bar.note),
                element("rect", _class="plot-hit", x=0, y=top, width=WIDTH, height=LINE),
                element("text", shortened(bar.name, NAME_LENGTH), _class="plot-name", x=0, y=top + 14),
                element("text", bar.figure, _class="plot-figure", x=WIDTH, y=top + 14),
                element("rect", _class="plot-rail", x=0, y=top + 20, width=WIDTH, height=THICKNESS, rx=2),
                element("rect", _class="plot-bar", x=0, y=top + 20, width=length, height=THICKNESS, rx=2),
            )
        )
    svg = drawing(WIDTH, max(LINE, len(bars) * LINE), title, description, inside, kind="bars")
    return Plot(svg, heads, rows)
