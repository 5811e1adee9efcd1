"""Tables as far as somebody would write them: each row is filled up to the width of the first, so that ten thousand characters
could make a megabyte of cells. What would have more of them stays text.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table

CELLS = 1_000
_DIVIDER = re.compile(r"[-:|\s]+")


def table_rule_bound(md: MarkdownIt) -> None:
    """Hold `md`'s tables to `CELLS` cells."""
    md.block.ruler.at("table", _bounded, {"alt": ["paragraph", "reference"]})


def _bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if (
        start + 1 >= end
        or start < state.env.get("no_table_before", 0)
        or not _DIVIDER.fullmatch(_line(state, start + 1))
    ):
        return False
    width, last = _line(state, start).count("|") + 1, start
    while last < end and not state.isEmpty(last):
        last += 1
        if (last - start) * width > CELLS:
            state.env["no_table_before"] = last
            return False
    return table(state, start, end, silent)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
