"""Goals of the issues and whether they were met, said plainly."""

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from bench.report import say

FILE = "BENCH_GOALS"
"""Names the file in which a measuring module that runs as a process leaves its goals for the one that started it."""


@dataclass(frozen=True, slots=True)
class Goal:
    """`measured` must be at least (`is_floor`) or below `bound`. `measured` None: it could not be measured, `why` says so."""

    name: str
    measured: float | None
    bound: float
    unit: str
    is_floor: bool = False
    why: str = ""

    @property
    def is_met(self) -> bool:
        if self.measured is None:
            return False
        return self.measured >= self.bound if self.is_floor else self.measured < self.bound

    def line(self) -> str:
        """PASS, MISS or ---- with the figure, the bound and the distance."""
        sign = "≥" if self.is_floor else "<"
        wanted = f"goal {sign} {self.bound:g}{self.unit}"
        if self.measured is None:
            return f"----  {self.name}: not measured ({self.why}); {wanted}"
        distance = abs(self.measured - self.bound) / self.bound * 100
        verdict, word = ("PASS", "clear of it by") if self.is_met else ("MISS", "missed by")
        return f"{verdict}  {self.name}: {self.measured:.3g}{self.unit} ({wanted}, {word} {distance:.0f} %)"


def goals_tell(goals: Iterable[Goal]) -> None:
    """Print the lines of goals; leave them in the file that `FILE` names, if it does."""
    told = list(goals)
    for goal in told:
        say(goal.line())
    if path := os.environ.get(FILE):
        Path(path).write_bytes(orjson.dumps([asdict(goal) for goal in told]))


def goals_read(path: Path) -> list[Goal]:
    """The goals that a module left."""
    return [Goal(**one) for one in orjson.loads(path.read_bytes())]


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table whose columns line up."""
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]

    def line(cells: list[str]) -> str:
        padded = [
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = "|" + "|".join("-" * (w + 2) if i == 0 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|"
    return "\n".join([line(heads), rule, *(line(row) for row in rows)])
