"""Plots are well-formed, say what they show, and stay inert whatever names they are given."""

import datetime
import re

import pytest
from defusedxml import ElementTree

from lists.plots.bars import Bar, bars_plot
from lists.plots.columns import Column, columns_plot
from lists.plots.heat import busy_level, heat_level, heat_plot
from lists.plots.ring import Share, ring_plot
from lists.plots.svg import Plot, shortened

HOSTILE = "</title><script>alert(1)</script>\"'&]]>"
DAY = datetime.date(2026, 3, 10)


def drawn(kind: str, name: str) -> Plot:
    if kind == "columns":
        return columns_plot(name, name, [Column(name, 3, name), Column("b", 0, "b")], heads=(name, name))
    if kind == "bars":
        return bars_plot(name, name, [Bar(name, 3, name, name, (name, "3"))], heads=(name, "n"), drawn=5)
    if kind == "ring":
        return ring_plot(
            name,
            name,
            [Share(name, 3, "watching", name), Share("b", 0, "planned", "b")],
            middle=name,
            heads=(name, "n"),
        )
    return heat_plot(
        name,
        name,
        {DAY: 3},
        first=DAY - datetime.timedelta(days=364),
        last=DAY,
        note=lambda day, n: name,
        heads=(name, "n"),
    )


@pytest.mark.parametrize("kind", ["columns", "bars", "ring", "heat"])
class TestEveryPlot:
    def test_is_named_and_well_formed(self, kind: str) -> None:
        plot = drawn(kind, "Scores")
        tree = ElementTree.fromstring(plot.svg)
        assert tree.get("role") == "img"
        title, description = tree.get("aria-labelledby").split()
        assert tree.find(f"title[@id='{title}']").text == "Scores"
        assert tree.find(f"desc[@id='{description}']").text == "Scores"
        assert plot.rows

    def test_names_are_only_text(self, kind: str) -> None:
        plot = drawn(kind, HOSTILE)
        tree = ElementTree.fromstring(plot.svg)
        assert tree.find("title").text == HOSTILE
        assert not [node for node in tree.iter() if "script" in node.tag]
        assert "<script" not in plot.svg

    def test_ids_are_not_shared(self, kind: str) -> None:
        ids = re.findall(r'id="([^"]+)"', drawn(kind, "a").svg + drawn(kind, "b").svg)
        assert len(ids) == len(set(ids)) == 4


def test_columns_are_in_proportion() -> None:
    plot = columns_plot("t", "d", [Column("a", 10, ""), Column("b", 5, ""), Column("c", 0, "")], heads=("x", "y"))
    heights = [
        float(rect.get("height"))
        for rect in ElementTree.fromstring(plot.svg).iter("rect")
        if rect.get("class") == "plot-bar"
    ]
    assert heights[0] == pytest.approx(2 * heights[1])
    assert heights[2] == 0
    assert plot.rows == (("a", "10"), ("b", "5"), ("c", "0"))


def test_arcs_fill_the_ring() -> None:
    plot = ring_plot(
        "t", "d", [Share("a", 3, "watching", ""), Share("b", 1, "planned", "")], middle="4", heads=("x", "y")
    )
    arcs = [c for c in ElementTree.fromstring(plot.svg).iter("circle") if c.get("class") != "plot-rail"]
    turns = [float(re.match(r"rotate\((-?[\d.]+)", arc.get("transform"))[1]) for arc in arcs]
    assert turns == [-90, 180]


def test_only_the_first_bars_are_drawn_and_all_are_told() -> None:
    bars = [Bar(str(n), n, str(n), "", (str(n),)) for n in range(30, 0, -1)]
    plot = bars_plot("t", "d", bars, heads=("x",), drawn=10)
    assert plot.svg.count("plot-rail") == 10
    assert len(plot.rows) == 30


def test_a_heat_map_has_a_square_a_day() -> None:
    svg = drawn("heat", "t").svg
    assert svg.count("<rect") == 365
    assert svg.count('class="heat-4"') == 1


def test_one_binge_does_not_pale_the_rest() -> None:
    assert busy_level([1] * 10 + [2] * 85 + [80] * 5) == 2
    assert [heat_level(n, 4) for n in (0, 1, 2, 3, 4, 99)] == [0, 1, 2, 3, 4, 4]
    assert busy_level([]) == 1


def test_long_names_are_shortened() -> None:
    assert shortened("x" * 50, 10) == "x" * 9 + "…"
    assert shortened("short", 10) == "short"
