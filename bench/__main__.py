"""Run everything, or what `--only` names, on private instances that are gone afterwards."""

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import phases
from bench.accounts import accounts
from bench.goals import Goal
from bench.imports import records_folder
from bench.lists import lists
from bench.providers import providers
from bench.report import say
from bench.social import social
from tests.services.instances import postgres, postgres_folder

PARTS = ("imports", "throughput", "latencies", "accounts", "lists", "social", "providers")


def main() -> int:
    """Exit code 0 when it could measure, whatever the figures are; 2 when something to measure with is missing."""
    options = _options()
    missing = [name for name, found in (("PostgreSQL", postgres_folder()), ("wrk", shutil.which("wrk"))) if not found]
    if missing:
        sys.stderr.write(f"make bench needs {' and '.join(missing)}: install Debian's packages postgresql and wrk.\n")
        return 2
    plan, began = phases.QUICK if options.quick else phases.FULL, time.monotonic()
    _introduce()
    with tempfile.TemporaryDirectory(prefix="hiroba-bench-") as folder, postgres() as database:
        goals = _run(options, plan, Path(folder), database.url)
    say("\nGoals")
    for goal in goals:
        say(goal.line())
    met = sum(goal.is_met for goal in goals)
    say(f"\n{met} of {len(goals)} goals met; {time.monotonic() - began:.0f} s; {_load()}")
    return 0


def _run(options: argparse.Namespace, plan: phases.Plan, data: Path, database: str) -> list[Goal]:
    source = records_folder()
    say(f"Catalogue: {source or 'the demo data, since HIROBA_DATA names no folder with jikan/'}\n")
    goals = phases.imports(source, data=data, database=database)
    if "throughput" in options.only:
        say()
        goals += phases.throughput(plan, data=data, database=database)
    if "latencies" in options.only:
        goals += phases.latencies(plan, data=data, database=database)
    if "accounts" in options.only:
        goals += accounts(plan.people_seconds, data=data, database=database)
    if "lists" in options.only:
        goals += lists(data=data, database=database)
    if "social" in options.only:
        goals += social(data=data, database=database)
    if "providers" in options.only and source:
        goals += providers(data=data, database=database)
    return goals


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description="Measure Hiroba beside its peers.")
    parser.add_argument("--quick", action="store_true", help="rounds of 2 seconds instead of 4")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="the imports always run: they fill the databases"
    )
    return parser.parse_args()


def _introduce() -> None:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    today = datetime.now(UTC).date().isoformat()
    say(f"{today}, {os.cpu_count()} cores ({model}), Python {platform.python_version()}, {_load()}")


def _load() -> str:
    """The load says how far figures can be trusted: above the number of cores others were at work."""
    return "load average " + ", ".join(f"{value:.1f}" for value in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main())
