"""The parts of `make bench`: each measures one thing, prints what it saw, and returns the goals that it decides."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench import servers
from bench.accounting import resident_bytes
from bench.goals import Goal, table
from bench.imports import ImportRun, catalogue_import, folder_prepare, manage
from bench.pace import Paced, paced
from bench.report import say
from bench.throughput import bodies_compare, endpoints_of, median, order_compare, rounds_run, wrk
from tests.services.processes import ROOT, environment

MIB = 1024**2
NAMES = {
    "hiroba-cache": "Hiroba",
    "hiroba-plain": "Hiroba, cache off",
    "fastapi": "FastAPI + asyncpg",
    "drf": "DRF defaults, daphne",
}
PEERS = ("fastapi", "drf")


@dataclass(frozen=True, slots=True)
class Plan:
    """How long everything takes. Seconds are of one run, `records` is how many anime the rotating endpoint asks for."""

    rounds: int
    seconds: float
    pages_seconds: float
    searches: int
    people_seconds: float
    records: int = 1000


FULL = Plan(rounds=3, seconds=4, pages_seconds=15, searches=600, people_seconds=8)
QUICK = Plan(rounds=3, seconds=2, pages_seconds=5, searches=200, people_seconds=4)


def imports(source: Path | None, *, data: Path, database: str) -> list[Goal]:
    """Fill both databases; with the real records twice in a row, and measured."""
    if source is None:
        for folder, url in ((data / "sqlite", ""), (data / "postgres", database)):
            folder_prepare(data=folder, database=url)
            manage("load_demo", data=folder, database=url)
        why = "no records: HIROBA_DATA names no folder with jikan/"
        return [
            Goal("import on SQLite", None, 120, " s", why=why),
            Goal("import on SQLite, memory", None, 500, " MB", why=why),
            Goal("import on PostgreSQL", None, 90, " s", why=why),
        ]
    runs: dict[str, list[ImportRun]] = {}
    for name, url in (("SQLite", ""), ("PostgreSQL", database)):
        folder = data / ("postgres" if url else "sqlite")
        folder_prepare(data=folder, database=url)
        runs[name] = [catalogue_import(source, data=folder, database=url) for _turn in range(2)]
    rows = [
        [name, turn, f"{run.seconds:.0f} s", f"{run.cpu:.0f} s", f"{run.peak / MIB:.0f} MB", str(run.writes)]
        for name, both in runs.items()
        for turn, run in zip(("first", "again"), both, strict=True)
    ]
    say(table(["import", "run", "time", "own CPU", "peak memory", "rows written"], rows))
    again = sum(both[1].writes for both in runs.values())
    return [
        Goal("import on SQLite", runs["SQLite"][0].seconds, 120, " s"),
        Goal("import on SQLite, memory", runs["SQLite"][0].peak / MIB, 500, " MB"),
        Goal("import on PostgreSQL", runs["PostgreSQL"][0].seconds, 90, " s"),
        Goal("rows written by the same import again", again, 1, ""),
    ]


def throughput(plan: Plan, *, data: Path, database: str) -> list[Goal]:
    """`wrk` against Hiroba with and without its response cache and against both peers."""
    with ExitStack() as stack:
        running = [
            stack.enter_context(servers.hiroba(data / "postgres", database, cache=True)),
            stack.enter_context(servers.hiroba(data / "postgres", database, cache=False)),
            stack.enter_context(servers.fastapi(data, database)),
            stack.enter_context(servers.drf(data, database)),
        ]
        endpoints = endpoints_of(running[1], records=plan.records)
        bodies_compare(running[1], running[2], endpoints)
        bodies_compare(running[0], running[2], endpoints)
        order_compare(running[1], running[3])
        say("Hiroba and FastAPI answer every address with the same bytes.\n")
        figures = rounds_run(running, endpoints, rounds=plan.rounds, seconds=plan.seconds, folder=data)
        empties = {server.name: wrk(server, ["/empty"], 2, data).rate for server in running if server.name in PEERS}
    rows, goals = [], []
    for endpoint in endpoints:
        rates = {name: median(figures[name, endpoint.name]) for name in NAMES}
        for name, shown in NAMES.items():
            found = figures[name, endpoint.name]
            row = [f"{endpoint.name}: {shown}", f"{rates[name]:,.0f}", f"{median(found, 'p99'):.0f} ms"]
            row += [f"{median(found, 'cpu'):,.0f} µs", *(f"{rates[name] / rates[peer]:.2f}" for peer in PEERS)]
            rows.append(row)
    say(table(["", "requests/s", "p99", "server CPU/request", "÷ FastAPI", "÷ DRF"], rows))
    say("\nEmpty view, for scale: " + ", ".join(f"{NAMES[name]} {rate:,.0f}/s" for name, rate in empties.items()))
    for endpoint in (endpoints[0], endpoints[2]):
        rates = {name: median(figures[name, endpoint.name]) for name in NAMES}
        plain, cached = rates["hiroba-plain"], rates["hiroba-cache"]
        goals += [
            Goal(f"{endpoint.name}, cache off, beside FastAPI", plain / rates["fastapi"], 1.0, " ×", is_floor=True),
            Goal(f"{endpoint.name}, cache on, beside FastAPI", cached / rates["fastapi"], 3.0, " ×", is_floor=True),
            Goal(f"{endpoint.name}, cache off, beside DRF", plain / rates["drf"], 10.0, " ×", is_floor=True),
            Goal(f"{endpoint.name}, cache on, beside DRF", cached / rates["drf"], 10.0, " ×", is_floor=True),
        ]
    return goals


def latencies(plan: Plan, *, data: Path, database: str) -> list[Goal]:
    """The home page at 50 requests a second, and searches at 20, on granian with PostgreSQL and on the embedded process."""
    queries = _queries(plan.searches, data=data, database=database)
    rows: list[list[str]] = []
    with servers.hiroba(data / "postgres", database, cache=False) as granian:
        home = _home(granian, plan, "granian, PostgreSQL, cache off", rows)
        search = _search(granian, queries, "granian, PostgreSQL", rows)
    with servers.embedded(data / "sqlite") as alone:
        goals = [_memory(alone, queries)]
        home_alone = _home(alone, plan, "embedded, SQLite", rows)
        search_alone = _search(alone, queries, "embedded, SQLite", rows)
        after = resident_bytes(alone.pids[0]) / MIB
    say("\n" + table(["constant rate", "p50", "p95", "p99", "failed"], rows))
    say(f"\nThe embedded process after all that: {after:.0f} MB")
    return [
        Goal("home page p95 at 50/s, granian, cache off", home.percentile(0.95), 60, " ms"),
        Goal("home page p95 at 50/s, embedded", home_alone.percentile(0.95), 60, " ms"),
        Goal("title search p95, granian", search.percentile(0.95), 25, " ms"),
        Goal("title search p95, embedded", search_alone.percentile(0.95), 25, " ms"),
        *goals,
    ]


def _home(server: servers.Server, plan: Plan, where: str, rows: list[list[str]]) -> Paced:
    paced(server.port, ["/"], rate=20, seconds=2)
    return _row(f"home page, 50/s: {where}", paced(server.port, ["/"], rate=50, seconds=plan.pages_seconds), rows)


def _search(server: servers.Server, queries: Sequence[str], where: str, rows: list[list[str]]) -> Paced:
    paths = [f"/api/v1/anime/search?q={quote(query)}" for query in queries]
    paced(server.port, ["/api/v1/anime/search?q=warm+up"], rate=10, seconds=1)
    found = paced(server.port, paths, rate=20, seconds=len(paths) / 20)
    return _row(f"title search, 20/s: {where}", found, rows)


def _row(name: str, found: Paced, rows: list[list[str]]) -> Paced:
    if not found.milliseconds:
        raise RuntimeError(f"{name}: no request succeeded, {found.failures[:2]}")
    rows.append([name, *(f"{found.percentile(share):.1f} ms" for share in (0.5, 0.95, 0.99)), str(len(found.failures))])
    return found


def _memory(server: servers.Server, queries: Sequence[str]) -> Goal:
    """Resident memory after a visitor's round: pages, lists, records and searches, a few hundred of each kind."""
    ids = range(1, 201)
    rounds = [f"/api/v1/anime?page_size=100&page={number}" for number in range(1, 51)]
    rounds += [f"/api/v1/anime/{anime_id}" for anime_id in ids]
    rounds += ["/", "/schedule", "/browse"] * 5
    rounds += [f"/api/v1/anime/search?q={quote(query)}" for query in queries[:100]]
    for path in rounds:
        server.get(path)
    return Goal("resident memory of the embedded process", resident_bytes(server.pids[0]) / MIB, 220, " MB")


def _queries(number: int, *, data: Path, database: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.queries", str(number)],
        cwd=ROOT,
        env=environment(DATA_DIR=str(data / "postgres"), DATABASE_URL=database),
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if line]
