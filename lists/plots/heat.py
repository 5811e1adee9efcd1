"""A calendar of squares, a column a week: on which days something happened."""

import datetime
from collections.abc import Callable, Mapping

from django.utils.formats import date_format

from lists.plots.svg import Plot, drawing, element, tip

CELL, GAP, LEFT, TOP = 11, 3, 30, 18
STEP = CELL + GAP
LEVELS = 4


def heat_plot(
    title: str,
    description: str,
    weights: Mapping[datetime.date, int],
    *,
    first: datetime.date,
    last: datetime.date,
    note: Callable[[datetime.date, int], str],
    heads: tuple[str, str],
) -> Plot:
    """Days `first` to `last`, weeks from Monday on; the darker the more, in four steps of the busiest day but outliers."""
    monday = first - datetime.timedelta(days=first.weekday())
    busy = busy_level(list(weights.values()))
    inside: list[str] = []
    weeks = (last - monday).days // 7 + 1
    for row, day in enumerate(range(7)):
        if row % 2 == 0:
            name = date_format(monday + datetime.timedelta(days=day), "D")
            inside.append(element("text", name, _class="plot-day", x=0, y=TOP + row * STEP + 9))
    for week in range(weeks):
        start = monday + datetime.timedelta(days=7 * week)
        x = LEFT + week * STEP
        if start.day <= 7 and (week + 2 < weeks):
            inside.append(element("text", date_format(start, "MONTH_SHORT"), _class="plot-month", x=x, y=11))
        for row in range(7):
            day_shown = start + datetime.timedelta(days=row)
            if first <= day_shown <= last:
                weight = weights.get(day_shown, 0)
                square = element(
                    "rect",
                    tip(note(day_shown, weight)),
                    _class=f"heat-{heat_level(weight, busy)}",
                    x=x,
                    y=TOP + row * STEP,
                    width=CELL,
                    height=CELL,
                    rx=2,
                )
                inside.append(square)
    svg = drawing(LEFT + weeks * STEP, TOP + 7 * STEP, title, description, inside, kind="heat")
    rows = tuple((date_format(day, "DATE_FORMAT"), str(weight)) for day, weight in sorted(weights.items()) if weight)
    return Plot(svg, heads, rows)


def busy_level(weights: list[int]) -> int:
    """What counts as a full day: the 90th percentile of the days on which something happened, so that one binge
    does not pale the rest.
    """
    there = sorted(weight for weight in weights if weight > 0)
    return there[min(len(there) - 1, len(there) * 9 // 10)] if there else 1


def heat_level(weight: int, busy: int) -> int:
    """0 (nothing) to 4 (a full day)."""
    return 0 if weight <= 0 else max(1, min(LEVELS, -(-weight * LEVELS // max(busy, 1))))
