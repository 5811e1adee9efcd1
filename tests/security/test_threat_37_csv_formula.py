"""Threat 37: what a person typed never runs as a formula in a spreadsheet."""

import datetime as dt

import pytest

from core.csv_cells import cell_escape, row_escape


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil","x")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\ufeff=1",
        "\u00a0@x",
        "＝1",
    ],
)
def test_formulas_are_quoted(text: str) -> None:
    assert cell_escape(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["Naruto", "Re:Zero -Starting Life-", "K-On!", "1=1", "", -5, 0, 7.5, None, True, dt.date(2026, 1, 1)]
)
def test_everything_else_stays(value: object) -> None:
    assert cell_escape(value) == value


def test_a_row() -> None:
    assert row_escape(["=x", -1, "ok"]) == ["'=x", -1, "ok"]
