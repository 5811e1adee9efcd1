"""The part of `make bench` about lists: heartbeats, long lists, imports; and recommendations against most-popular."""

import os
import subprocess
import sys
from pathlib import Path

import orjson

from bench.goals import Goal, table
from bench.report import say
from tests.services.processes import ROOT, environment


def lists(*, data: Path, database: str) -> list[Goal]:
    """On both databases, inside the process; recommendations in a database of their own."""
    rows: list[list[str]] = []
    goals: list[Goal] = []
    for where, folder, url in (("PostgreSQL", "postgres", database), ("SQLite", "sqlite", "")):
        found = orjson.loads(_run("bench.keeper", data / folder, url).splitlines()[-1])
        for name in ("heartbeat", "list_page", "list_api", "statistics"):
            rows.append([f"{name}: {where}", *(f"{found[name][share]:.1f} ms" for share in ("p50", "p95"))])
        goals += [
            Goal(f"heartbeat p95, {where}", found["heartbeat"]["p95"], 5, " ms"),
            Goal(f"heartbeat, queries, {where}", found["heartbeat_queries"], 3, ""),
            Goal(f"my list with {found['entries']:,} entries p95, {where}", found["list_page"]["p95"], 150, " ms"),
            Goal(f"statistics of {found['entries']:,} entries p95, {where}", found["statistics"]["p95"], 250, " ms"),
            Goal(f"import of 5,000 progress rows, {where}", found["progress_import"], 2, " s"),
            *(
                Goal(f"import of a list of {found['list_import']['lines']:,}, {what}, {where}", seconds, 10, " s")
                for what, seconds in found["list_import"].items()
                if what in ("new", "same", "changed")
            ),
        ]
    say("\n" + table(["lists", "p50", "p95"], rows))
    return goals + _recommendations()


def _recommendations() -> list[Goal]:
    from bench import recommendations

    said = _run("bench.recommendations", None, "", "--json")
    goal = orjson.loads(said.splitlines()[-1])
    say("\n" + "\n".join(said.splitlines()[:-1]))
    return [Goal(recommendations.NAME, goal["measured"], recommendations.FACTOR, " ×", is_floor=True, why=goal["why"])]


def _run(module: str, folder: Path | None, database: str, *options: str) -> str:
    values = {"LOG_LEVEL": "WARNING", **({"DATA_DIR": str(folder)} if folder else {})}
    values |= {name: os.environ[name] for name in ("HIROBA_DATA",) if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", module, *options],
        cwd=ROOT,
        env=environment(**values, **({"DATABASE_URL": database} if database else {})),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout
