"""A ring of shares with a figure in its middle: the statuses of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import tau

from lists.plots.svg import Plot, drawing, element, tip

SIZE, RADIUS, THICKNESS = 200, 78, 26
GAP = 2.0


@dataclass(frozen=True, slots=True)
class Share:
    """One arc; `look` is the last part of its class (the status), `note` its tooltip."""

    name: str
    value: int
    look: str
    note: str


def ring_plot(title: str, description: str, shares: Sequence[Share], *, middle: str, heads: tuple[str, str]) -> Plot:
    """Arcs clockwise from the top, in proportion; `middle` is written inside."""
    total = sum(share.value for share in shares) or 1
    around = tau * RADIUS
    inside: list[str] = [element("circle", _class="plot-rail", cx=100, cy=100, r=RADIUS, stroke_width=THICKNESS)]
    begin = 0.0
    for share in shares:
        if not share.value:
            continue
        length = around * share.value / total
        drawn = max(length - (GAP if share.value < total else 0), 1.0)
        arc = element(
            "circle",
            tip(share.note),
            _class=f"plot-arc is-{share.look}",
            cx=100,
            cy=100,
            r=RADIUS,
            stroke_width=THICKNESS,
            stroke_dasharray=f"{drawn:.2f} {around - drawn:.2f}",
            transform=f"rotate({begin / around * 360 - 90:.2f} 100 100)",
        )
        inside.append(arc)
        begin += length
    inside.append(element("text", middle, _class="plot-middle", x=100, y=110))
    svg = drawing(SIZE, SIZE, title, description, inside, kind="ring")
    return Plot(svg, heads, tuple((share.name, str(share.value)) for share in shares))
