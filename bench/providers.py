"""Providers: how fast pages are read, titles matched, covers hashed and anime enriched, and how well.

Matching is measured on a catalogue that has its names, as an operator who switches providers on is told to bring them.
"""

import tempfile
from pathlib import Path

from bench.goals import Goal, goals_read
from bench.imports import names_import, records_folder
from bench.modules import module_run
from bench.report import say

MODULES = (
    ("bench.providers_parsing", ()),
    ("bench.covers", ()),
    ("bench.matching", ()),
    ("bench.enrichment_refresh", ("--count", "1000")),
)


def providers(*, data: Path, database: str) -> list[Goal]:
    """Each module as a process of its own, on PostgreSQL; what they print, and their goals."""
    found: list[Goal] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (module, options) in enumerate(MODULES):
            left = Path(folder) / f"{number}.json"
            if module == "bench.matching" and (source := records_folder()):
                names_import(source, data=data / "postgres", database=database)
            say(module_run(module, data / "postgres", database, *options, goals=left))
            found += goals_read(left)
    return found
