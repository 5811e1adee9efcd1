"""Requests a second with `wrk`: rounds in alternating order, medians, ratios; bodies are compared before anything is measured."""

import os
import re
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.servers import Server

CONNECTIONS = 32
ROTATE = Path(__file__).parent / "rotate.lua"
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked for. `paths` are taken in turn; `drf_paths` where that peer has no such address (OFFSET for keys)."""

    name: str
    paths: tuple[str, ...]
    drf_paths: tuple[str, ...] = ()

    def of(self, server: Server) -> tuple[str, ...]:
        return self.drf_paths if self.drf_paths and server.name == "drf" else self.paths


@dataclass(frozen=True, slots=True)
class Round:
    """One run of wrk: requests a second, 99th percentile in milliseconds, CPU microseconds of the server a request."""

    rate: float
    p99: float
    cpu: float


Figures = dict[tuple[str, str], list[Round]]


def endpoints_of(server: Server, *, records: int) -> list[Endpoint]:
    """The addresses, made from what the catalogue holds: the first page, a deep page, one record, many records."""
    depth = 650
    count = orjson.loads(server.get("/api/v1/anime?page_size=1")[1])["count"]
    depth = min(depth, max(1, count // 40))
    deep = f"/api/v1/anime?page_size=20&page={depth}"
    before = (
        orjson.loads(server.get(f"/api/v1/anime?page_size=20&page={depth - 1}")[1])["results"][-1]
        if depth > 1
        else None
    )
    cursor = _cursor(before) if before else ""
    ids = [
        card["id"]
        for page in range(1, records // 100 + 1)
        for card in orjson.loads(server.get(f"/api/v1/anime?page_size=100&page={page}")[1])["results"]
    ]
    return [
        Endpoint("list, 20 cards", ("/api/v1/anime?page_size=20",)),
        Endpoint(f"list, page {depth}", (f"/api/v1/anime?page_size=20&cursor={cursor}",), (deep,)),
        Endpoint("one record", (f"/api/v1/anime/{ids[0]}",)),
        Endpoint(f"{len(ids)} records in turn", tuple(f"/api/v1/anime/{anime_id}" for anime_id in ids)),
    ]


def _cursor(card: dict) -> str:
    import base64

    return "n." + base64.urlsafe_b64encode(orjson.dumps([card["popularity"], card["id"]])).rstrip(b"=").decode()


def bodies_compare(hiroba: Server, peer: Server, endpoints: Sequence[Endpoint]) -> None:
    """Raise `AssertionError` unless both answer every address with the same bytes."""
    for endpoint in endpoints:
        for path in endpoint.paths[:50]:
            ours, theirs = hiroba.get(path), peer.get(path)
            assert ours == theirs, f"{peer.name} answers {path} differently: {ours[1][:300]!r} {theirs[1][:300]!r}"


def order_compare(hiroba: Server, peer: Server) -> None:
    """Raise `AssertionError` unless the peer's first page holds the same anime in the same order."""
    path = "/api/v1/anime?page_size=20"
    ours, theirs = orjson.loads(hiroba.get(path)[1]), orjson.loads(peer.get(path)[1])
    assert ours["count"] == theirs["count"]
    assert [card["id"] for card in ours["results"]] == [card["id"] for card in theirs["results"]]


def wrk(server: Server, paths: Sequence[str], seconds: float, folder: Path) -> Round:
    """One run. Raises `AssertionError` when any answer was no success."""
    listed = folder / "paths"
    listed.write_text("\n".join(paths), encoding="ascii")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--latency"]
    if len(paths) > 1:
        command += ["-s", str(ROTATE)]
    before = server.cpu()
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{server.port}{paths[0]}"],
        env={**os.environ, "BENCH_PATHS": str(listed)},
        capture_output=True,
        text=True,
        check=True,
    )
    text = done.stdout
    assert "Non-2xx" not in text, f"{server.name} refused: {text}"
    requests = int(re.search(r"(\d+) requests in", text)[1])
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", text).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    return Round(rate, float(number) * _UNITS[unit], (server.cpu() - before) / max(requests, 1) * 1e6)


def rounds_run(
    servers: Sequence[Server], endpoints: Sequence[Endpoint], *, rounds: int, seconds: float, folder: Path
) -> Figures:
    """Every endpoint of every server in every round; the order of the servers turns round from one round to the next."""
    figures: Figures = {}
    for endpoint in endpoints:
        for server in servers:
            wrk(server, endpoint.of(server), 1, folder)
        for number in range(rounds):
            for server in servers if number % 2 == 0 else reversed(servers):
                result = wrk(server, endpoint.of(server), seconds, folder)
                figures.setdefault((server.name, endpoint.name), []).append(result)
    return figures


def median(rounds: Sequence[Round], field: str = "rate") -> float:
    """The median of one figure over the rounds."""
    return statistics.median(getattr(item, field) for item in rounds)
