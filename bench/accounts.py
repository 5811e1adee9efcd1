"""The part of `make bench` about people: sign-in, what a flood of it does to others, the own profile, many profiles, search."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import orjson

from bench import servers
from bench.clients import Call, Looped, logins, looped, looping, reads
from bench.goals import Goal, table
from bench.modules import module_run
from bench.people import PASSWORD
from bench.report import say

PEOPLE = 20_000
BATCH = 200
FLOOD = 16  # clients


def accounts(seconds: float, *, data: Path, database: str) -> list[Goal]:
    """On granian with PostgreSQL, as the proxy of compose.yaml shares the requests out, and on the embedded process."""
    rows: list[list[str]] = []
    goals: list[Goal] = []
    known = _people(data / "postgres", database)
    with ExitStack() as stack:
        web = stack.enter_context(servers.hiroba(data / "postgres", database, cache=True))
        entrance = stack.enter_context(servers.sign_in(data / "postgres", database))
        goals += _measured("granian, PostgreSQL", web, entrance, known, seconds, rows)
    known = _people(data / "sqlite", "")
    with servers.embedded(data / "sqlite") as alone:
        goals += _measured("embedded, SQLite", alone, alone, known, seconds, rows)
    say("\n" + table(["people", "p50", "p95", "p99", "a second", "other answers"], rows))
    return goals


def _people(folder: Path, database: str) -> dict:
    return orjson.loads(module_run("bench.people", folder, database, str(PEOPLE)).splitlines()[-1])


def _measured(
    where: str, web: servers.Server, entrance: servers.Server, known: dict, seconds: float, rows: list[list[str]]
) -> list[Goal]:
    def measure(name: str, server: servers.Server, calls: Iterator[Call], parallel: int) -> Looped:
        looped(server.port, calls, parallel=parallel, seconds=min(1.0, seconds / 4))
        return _row(f"{name}: {where}", looped(server.port, calls, parallel=parallel, seconds=seconds), rows)

    ids, tokens, doors = known["ids"], known["tokens"], logins(known["logins"], PASSWORD)
    pages = [f"/api/v1/anime/{number}" for number in _catalogue(web)]
    batches = [f"/api/v1/users/batch?ids={','.join(ids[at : at + BATCH])}" for at in range(0, 10 * BATCH, BATCH)]
    searches = [f"/api/v1/users/search?q={quote(words)}" for words in known["searches"]]

    measure("sign-in, 1 client", entrance, doors, 1)
    four = measure("sign-in, 4 clients", entrance, doors, 4)
    before = entrance.cpu()
    counted = looped(entrance.port, doors, parallel=2, seconds=seconds)
    cpu = (entrance.cpu() - before) / len(counted.milliseconds) * 1000
    me = measure("auth/me, 4 clients", web, reads(["/api/v1/auth/me"], tokens), 4)
    batch = measure(f"users/batch of {BATCH}, 1 client", web, reads(batches), 1)
    search = measure(f"users/search among {PEOPLE:,}, 1 client", web, reads(searches), 1)
    measure("catalogue, 2 clients", web, reads(pages), 2)
    with looping(entrance.port, doors, parallel=FLOOD) as flood:
        beside = measure(f"catalogue, 2 clients, while {FLOOD} sign in", web, reads(pages), 2)
    _row(f"sign-in, {FLOOD} clients: {where}", flood, rows)
    queries = known["queries"]
    return [
        Goal(f"sign-in p95 at 4 in parallel, {where}", four.percentile(0.95), 350, " ms"),
        Goal(f"CPU of a sign-in beside its bare hash, {where}", cpu / known["hash_ms"], 2.5, " ×"),
        Goal(f"catalogue p95 while {FLOOD} sign in, {where}", beside.percentile(0.95), 60, " ms"),
        Goal(f"auth/me p95, {where}", me.percentile(0.95), 30, " ms"),
        Goal(f"auth/me, queries, {where}", queries["/api/v1/auth/me"], 2, ""),
        Goal(f"CPU of a token check, {where}", known["check_ms"], 2, " ms"),
        Goal(f"users/batch of {BATCH} p95, {where}", batch.percentile(0.95), 30, " ms"),
        Goal(f"users/batch of {BATCH}, queries, {where}", queries["/api/v1/users/batch"], 3, ""),
        Goal(f"users/search among {PEOPLE:,} p95, {where}", search.percentile(0.95), 50, " ms"),
    ]


def _catalogue(server: servers.Server) -> list[int]:
    return [card["id"] for card in orjson.loads(server.get("/api/v1/anime?page_size=100")[1])["results"]]


def _row(name: str, found: Looped, rows: list[list[str]]) -> Looped:
    if not found.milliseconds:
        raise RuntimeError(f"{name}: no request succeeded, {dict(found.statuses)}")
    others = {status: times for status, times in found.statuses.items() if not 200 <= status < 300}
    shown = ", ".join(f"{times} × {status}" for status, times in sorted(others.items())) or "none"
    rows.append(
        [name, *(f"{found.percentile(share):.1f} ms" for share in (0.5, 0.95, 0.99)), f"{found.rate:,.0f}", shown]
    )
    return found
