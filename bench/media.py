"""`make bench-media`: how fast episodes are fetched, joined, sent, read by their names, found on disk and looked into.

`python -m bench.media [--quick] [--only fetch,remux]`. Each part is a program of its own (`python -m bench.media_fetch`, …), run one
after the other; ratios are of the same run. At the end stands a table of all goals (docs/benchmarks.md). What a part needs
and does not find (yt-dlp: YT_DLP names it; the catalogue and file names: HIROBA_DATA; ffmpeg) is said and left out. A missed
goal does not change the exit code.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.goals import Goal, goals_read, table
from bench.imports import catalogue_import
from bench.modules import module_run
from bench.real_data import data_folder
from bench.report import say
from tests.services.databases import FILE, tables_put


@dataclass(frozen=True, slots=True)
class Part:
    """`quick` and `whole` are its options; `needs` says why it cannot be run, "" when it can."""

    name: str
    module: str
    title: str
    quick: tuple[str, ...]
    whole: tuple[str, ...]
    needs: Callable[[], str]


def _ffmpeg() -> str:
    return "" if shutil.which("ffmpeg") else "ffmpeg is not on PATH"


def _data() -> str:
    return "" if data_folder() else "HIROBA_DATA names no folder"


def _nothing() -> str:
    return ""


PARTS = (
    Part("fetch", "bench.media_fetch", "A stream of 200 segments, 50 ms away",
         ("--megabytes", "160", "--rounds", "2"), ("--megabytes", "470", "--rounds", "3"), _ffmpeg),
    Part("remux", "bench.media_remux", "Joining a stream into a file",
         ("--megabytes", "150", "--rounds", "3"), ("--megabytes", "400", "--rounds", "5"), _ffmpeg),
    Part("serving", "bench.file_serving", "Sending a file",
         ("--megabytes", "200", "--rounds", "4"), ("--megabytes", "500", "--rounds", "7"), _nothing),
    Part("names", "bench.file_names", "Reading names of files", (), (), _data),
    Part("probes", "bench.media_probes", "Looking into files", ("--files", "100"), ("--files", "300"), _ffmpeg),
    Part("scan", "bench.library_scan", "Scanning a library", ("10000",), ("50000",), _data),
)  # fmt: skip


def main() -> int:
    """Run the parts, then say of every goal whether it was met."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--quick", action="store_true", help="smaller files, fewer rounds: two to three minutes")
    reader.add_argument("--only", default="", help=f"of {', '.join(part.name for part in PARTS)}")
    given = reader.parse_args()
    chosen = given.only.split(",") if given.only else [part.name for part in PARTS]
    if unknown := set(chosen) - {part.name for part in PARTS}:
        reader.error(f"there is no {', '.join(sorted(unknown))}")
    began, goals = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="hiroba-bench-media-") as folder:
        for part in PARTS:
            if part.name in chosen:
                goals += _run(part, Path(folder), is_quick=given.quick)
    _tell(goals, time.monotonic() - began)
    return 0


def _run(part: Part, folder: Path, *, is_quick: bool) -> list[Goal]:
    say(f"\n## {part.title}")
    if why := part.needs():
        say(f"left out: {why}")
        return []
    options, kept, began = part.quick if is_quick else part.whole, folder / f"{part.name}.json", time.monotonic()
    data = _catalogue(folder, is_quick=is_quick) if part.name == "scan" else folder / part.name
    if data is None:
        return []
    data.mkdir(exist_ok=True)
    try:
        printed = module_run(part.module, data, "", *options, goals=kept)
    except RuntimeError as error:
        say(f"failed: {error}")
        return [Goal(part.title, None, 0, "", why="it failed")]
    goals = goals_read(kept) if kept.exists() else []
    told = {goal.line() for goal in goals}
    say("\n".join(line for line in printed.splitlines() if line not in told))
    say(f"({time.monotonic() - began:.0f} s)")
    return goals


def _catalogue(folder: Path, *, is_quick: bool) -> Path | None:
    """A data folder with the real catalogue: that of DATA_DIR, else imported now; a quick run does not wait for that."""
    given = os.environ.get("DATA_DIR", "")
    if given and (Path(given) / FILE).is_file() and not os.environ.get("DATABASE_URL"):
        return Path(given)
    source = data_folder()
    if is_quick or source is None:
        say("left out: DATA_DIR names no folder with the catalogue in SQLite")
        return None
    data = folder / "catalogue"
    data.mkdir()
    tables_put(data / FILE)
    say(f"the catalogue was imported in {catalogue_import(source, data=data).seconds:.0f} s")
    return data


def _tell(goals: list[Goal], seconds: float) -> None:
    rows = []
    for goal in goals:
        measured = f"{goal.measured:.3g}{goal.unit}" if goal.measured is not None else f"not measured: {goal.why}"
        sign = "≥" if goal.is_floor else "<"
        verdict = "met" if goal.is_met else "" if goal.measured is None else "missed"
        rows.append([goal.name, f"{sign} {goal.bound:g}{goal.unit}", measured, verdict])
    say("\n" + table(["goal", "wanted", "measured", ""], rows))
    met = sum(goal.is_met for goal in goals)
    say(f"\n{met} of {len(goals)} goals met in {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
