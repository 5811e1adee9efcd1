"""`python -m bench.import_neighbour [LINES] [UNKNOWN]`: what a big import costs the person next door on SQLite.

Starts `manage.py up` (web, worker and beat in one process) on a new SQLite database with the demo catalogue, has one person
bring a MyAnimeList file of LINES entries, of which the catalogue does not know UNKNOWN, through the API, and take it back;
meanwhile another person counts an episode ("+1") every 100 ms through HTTP. Prints one JSON object: for `idle` (before),
`read`, `apply` and `undo` how many seconds that took, and p50, p99 and the longest of those presses in milliseconds, each
counted from when it was due (nobody presses more than once ahead). `refused` are some that were not answered with 200.
"""

import http.client
import itertools
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson

from bench.list_import import ROOT, mal_list
from tests.services.instances import free_port
from tests.services.processes import environment, up

LINES, UNKNOWN = 5_000, 1_000
EVERY = 0.1
IDLE_SECONDS = 10.0
PATIENCE = 300
"""Seconds until a step that does not end is given up."""
IMPORTS = "/api/v1/anime-list/imports"
BOUNDARY = "bench-boundary"
PREPARE = """
import sys, orjson, django
django.setup()
from accounts.models import User
from accounts.services.sessions import session_start
from bench.list_import import _known
from catalog.models import Anime
people = [User.objects.create(username=name, email=f"{name}@example.org") for name in ("bringer", "neighbour")]
open_ended = Anime.objects.public().filter(episode_count=None, is_adult=False).order_by("pk")
print(orjson.dumps({
    "tokens": [session_start(user=user, device="bench", address="127.0.0.1").access_token for user in people],
    "known": _known(int(sys.argv[1])),
    "anime": list(open_ended.values_list("pk", flat=True)[:1000]),
}).decode())
"""
"""Run with how many anime of the catalogue the file names: makes both people and tells their tokens as JSON."""


class Neighbour(threading.Thread):
    """Presses "+1" every 100 ms; `step` names what goes on meanwhile, `waits` are milliseconds by it."""

    def __init__(self, port: int, token: str, anime: list[int]) -> None:
        super().__init__(daemon=True)
        self.step = "idle"
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.refused: list[str] = []
        self._port, self._token = port, token
        self._paths = itertools.cycle(f"/api/v1/anime-list/{key}/episode" for key in anime)
        self._over = threading.Event()

    def run(self) -> None:
        due = time.monotonic()
        while not self._over.is_set():
            step = self.step
            status, body = asked(self._port, "POST", next(self._paths), self._token, b"{}")
            self.waits[step].append(1000 * (time.monotonic() - due))
            if status != 200:
                self.refused.append(f"{step}: {status} {body[:200]!r}")
            due = max(due + EVERY, time.monotonic() - EVERY)
            time.sleep(max(0.0, due - time.monotonic()))

    def stop(self) -> None:
        self._over.set()
        self.join(30)


def asked(
    port: int, method: str, path: str, token: str, body: bytes = b"", kind: str = "application/json"
) -> tuple[int, bytes]:
    """Status and body of a call of the API."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {"Authorization": f"Bearer {token}", "Content-Type": kind})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def measured(lines: int, unknown: int) -> dict[str, Any]:
    """The figures that the module's docstring names."""
    with tempfile.TemporaryDirectory() as folder:
        data, port = Path(folder) / "data", free_port()
        with up(data, port, LOG_LEVEL="WARNING") as server:
            server.wait_for("Hiroba is at", PATIENCE)
            given = environment(DATA_DIR=str(data), DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=str(ROOT))
            command = [sys.executable, "-c", PREPARE, str(lines - unknown)]
            made = subprocess.run(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, check=True)
            known = orjson.loads(made.stdout.splitlines()[-1])
            return pressed(port, known, unknown)


def pressed(port: int, known: dict[str, Any], unknown: int, *, idle: float = IDLE_SECONDS) -> dict[str, Any]:
    """The figures against a running server, of which PREPARE told what is `known`."""
    bringer, pressing = known["tokens"]
    strange = [(str(9_000_000 + n), f"A title nobody knows {n}", 12) for n in range(unknown)]
    rows = [tuple(row) for row in known["known"]]
    for n, row in enumerate(strange):  # strewn among the others, as in life
        rows.insert(n * len(rows) // max(1, unknown), row)
    neighbour = Neighbour(port, pressing, known["anime"])
    neighbour.start()
    seconds = {"idle": idle}
    time.sleep(idle)
    try:
        neighbour.step = "read"
        began = time.monotonic()
        address = _uploaded(port, bringer, mal_list(rows))
        counts = _until(port, bringer, address, "previewed")["counts"]
        seconds["read"] = time.monotonic() - began
        for step, state, body in (("apply", "applied", b'{"rule": "theirs"}'), ("undo", "undone", b"")):
            neighbour.step, began = step, time.monotonic()
            asked(port, "POST", f"{address}/{step}", bringer, body)
            _until(port, bringer, address, state)
            seconds[step] = time.monotonic() - began
    finally:
        neighbour.stop()
    figures = {step: _figures(seconds[step], waits) for step, waits in neighbour.waits.items()}
    return {"lines": counts["total"], "unknown": counts["unknown"], **figures, "refused": neighbour.refused[:5]}


def _uploaded(port: int, token: str, data: bytes) -> str:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="list.xml"\r\n\r\n'.encode()
    body = head + data + f"\r\n--{BOUNDARY}--\r\n".encode()
    status, answer = asked(port, "POST", IMPORTS, token, body, f"multipart/form-data; boundary={BOUNDARY}")
    if status != 202:
        raise RuntimeError(f"{status}: {answer[:300]!r}")
    return f"{IMPORTS}/{orjson.loads(answer)['id']}"


def _until(port: int, token: str, address: str, state: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found: dict[str, Any] = orjson.loads(asked(port, "GET", address, token)[1])
        if found["state"] == state:
            return found
        if found["state"] == "failed" or found["is_stopped"]:
            break
        time.sleep(0.5)
    raise RuntimeError(f"it did not come to be {state}: {found}")


def _figures(seconds: float, waits: list[float]) -> dict[str, float]:
    ordered = sorted(waits)
    at = {share: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.99)}
    return {
        "seconds": round(seconds, 1),
        "presses": len(waits),
        "p50": round(at[0.5], 1),
        "p99": round(at[0.99], 1),
        "longest": round(ordered[-1], 1),
    }


if __name__ == "__main__":
    asked_for = [int(word) for word in sys.argv[1:3]]
    sys.stdout.write(orjson.dumps(measured(*asked_for, *(LINES, UNKNOWN)[len(asked_for) :])).decode() + "\n")
