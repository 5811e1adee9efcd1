"""Enrichments under faults, with processes that really die: what is left must be what an undisturbed run leaves.

`python -m bench.enrichment_faults --seconds 60` in a `DATA_DIR` (SQLite) that holds the catalogue, which is copied for each
scenario. Two sites and the metadata services are stood in for on this machine; Redis is a private one.
"""

import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

from bench.enrichment import ROOT
from bench.provider_site import ProviderServer, servers_start
from bench.provider_titles import works_read
from bench.real_data import data_folder_needed
from bench.report import say
from tests.services.instances import redis

PLAYER = "player.example.org"
KILLS = 5
STORM_SECONDS = 20
LONGEST = 3600.0
"""Seconds until a run is given up: a job's next attempt may be half an hour away."""
EPISODES = 3
"""So many of each title: the sources of all of them are read in one go, whatever goes wrong."""
QUIET = 10
"""Seconds without work after which all is told, too: the worker looks for news every five."""
FILE = "hiroba.sqlite3"


@dataclass
class Scene:
    """One run: where its database is, its processes, and what was noted of it."""

    options: argparse.Namespace
    data: Path
    redis_url: str
    sites: dict[str, "Site"]
    processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        ports = ["--sites-port", str(self.options.sites_port), "--services-port", str(self.options.services_port)]
        return [sys.executable, "-m", *words, *ports]

    def environment(self) -> dict[str, str]:
        return os.environ | {"DATA_DIR": str(self.data), "REDIS_URL": self.redis_url, "PLAYER_HOSTS": PLAYER}

    def start(self, name: str, command: list[str]) -> None:
        """Start a process, ready when it has printed its first line."""
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        self.processes[name] = process
        if not process.stdout.readline():
            raise RuntimeError(f"{name} did not start")

    def worker_start(self) -> None:
        lease, threads = str(self.options.lease), str(self.options.threads)
        self.start("worker", self.command("bench.enrichment_worker", "work", "--lease", lease, "--threads", threads))

    def services_start(self) -> None:
        port = str(self.options.services_port)
        self.start("services", [sys.executable, "-m", "bench.stand_in", "--port", port])

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.data / FILE, timeout=30) as connection:
            return connection.execute(query).fetchall()

    def states(self) -> Counter[str]:
        return Counter(dict(self.rows("SELECT state, count(*) FROM core_job GROUP BY state")))

    def done_wait(self, share: float) -> None:
        """Until so much of the enrichments was done once."""
        until = time.monotonic() + LONGEST
        query = "SELECT count(*) FROM core_job WHERE kind = 'providers.enrich' AND state = 'done'"
        while self.rows(query)[0][0] < share * self.options.count and time.monotonic() < until:
            time.sleep(0.05)

    def control(self, fault: dict[str, Any] | None = None, *, is_read: bool = False) -> Any:
        """Tell the services to misbehave (None: to behave), or read what they were asked."""
        body = None if is_read else orjson.dumps(fault) if fault else b""
        url = f"http://127.0.0.1:{self.options.services_port}/_stand_in"
        with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=30) as answer:
            return orjson.loads(answer.read())


class Site:
    """One site whose pages are errors while `status` says so, and whose episodes have a page with a player."""

    def __init__(self, server: ProviderServer) -> None:
        self.status = 0
        self.answered: Counter[int] = Counter()
        site = self

        class Handler(server.RequestHandlerClass):  # type: ignore[name-defined]
            def do_GET(self) -> None:  # noqa: N802
                path = self.path.strip("/")
                if site.status:
                    self._send(site.status, b"Sorry", "text/plain")
                elif "-episode-" in path:
                    frame = f'<div id="pembed"><iframe src="https://{PLAYER}/e/{path}"></iframe></div>'
                    self._send(200, f"<html><body>{frame}</body></html>".encode(), "text/html")
                else:
                    super().do_GET()

            def send_response(self, code: int, message: str | None = None) -> None:
                site.answered[code] += 1
                super().send_response(code, message)

        server.RequestHandlerClass = Handler
        server.handle_error = lambda *_request: None  # type: ignore[method-assign]  # who asked was killed


def undisturbed(scene: Scene) -> None:
    """Nothing goes wrong."""


def worker_killed(scene: Scene) -> None:
    """The worker dies five times in the midst of it, and is started again."""
    for kill in range(1, KILLS + 1):
        scene.done_wait(kill / (KILLS + 2))
        scene.notes["amid"] = scene.notes.get("amid", 0) + scene.states()["running"]
        scene.kill("worker")
        scene.worker_start()


def services_down(scene: Scene) -> None:
    """The metadata services refuse connections."""
    scene.done_wait(0.1)
    scene.kill("services")
    time.sleep(scene.options.seconds)
    scene.notes["waiting after it"] = scene.states()["queued"]
    scene.services_start()


def storm(scene: Scene) -> None:
    """Every metadata service answers 429 with `Retry-After`."""
    scene.done_wait(0.1)
    scene.control({"kind": "storm", "retry_after": STORM_SECONDS})
    time.sleep(scene.options.seconds)
    scene.control()
    log = scene.control(is_read=True)
    refused = [at for at, _path, status in log if status == 429]
    gaps = [later - at for at, later in pairwise(refused)]
    scene.notes["429s"] = len(refused)
    scene.notes["sent before Retry-After"] = sum(1.0 < gap < STORM_SECONDS - 1 for gap in gaps)


def sites_broken(scene: Scene) -> None:
    """Both sites answer 500."""
    scene.done_wait(0.1)
    for site in scene.sites.values():
        site.status = 500
    time.sleep(scene.options.seconds)
    for name, site in scene.sites.items():
        site.status = 0
        scene.notes[f"500s of {name}"] = site.answered[500]


SCENARIOS: dict[str, Callable[[Scene], None]] = {
    "killed": worker_killed,
    "down": services_down,
    "storm": storm,
    "broken": sites_broken,
}


@contextmanager
def scene_made(options: argparse.Namespace, folder: Path, redis_url: str, sites: dict[str, Site]) -> Iterator[Scene]:
    """A copy of the catalogue in which the titles have been asked for, the stand-in and a worker running."""
    data = folder / "data"
    shutil.copytree(os.environ["DATA_DIR"], data)
    for site in sites.values():
        site.status, site.answered = 0, Counter()
    scene = Scene(options, data, redis_url, sites)
    try:
        prepare = scene.command("bench.enrichment_worker", "prepare", "--count", str(options.count))
        subprocess.run(prepare, cwd=ROOT, env=scene.environment(), check=True)
        scene.services_start()
        scene.worker_start()
        yield scene
    finally:
        for name in list(scene.processes):
            scene.kill(name)
        shutil.rmtree(data)


def scene_play(scene: Scene, faults: Callable[[Scene], None]) -> dict[str, list[str]]:
    """Let it go wrong, wait until all jobs have ended, and give back what is in the database."""
    began = time.monotonic()
    trouble = threading.Thread(target=faults, args=(scene,))
    trouble.start()
    quiet = 0
    while quiet < QUIET and time.monotonic() - began < LONGEST:
        time.sleep(1)
        states = scene.states()
        is_over = not trouble.is_alive() and not (states["queued"] or states["running"])
        quiet = quiet + 1 if is_over else 0
    trouble.join()
    scene.notes["seconds"] = round(time.monotonic() - began)
    scene.notes["jobs"] = dict(scene.states())
    enriching = "FROM core_job WHERE kind = 'providers.enrich'"
    scene.notes["attempts"] = dict(scene.rows(f"SELECT attempt, count(*) {enriching} GROUP BY 1"))
    scene.notes["failed"] = scene.rows("SELECT kind, error_code FROM core_job WHERE state = 'failed'")[:5]
    told = [sys.executable, "-m", "bench.enrichment_state"]
    said = subprocess.run(told, cwd=ROOT, env=scene.environment(), check=True, stdout=subprocess.PIPE)
    found: dict[str, list[str]] = orjson.loads(said.stdout)
    return found


def compared(found: dict[str, list[str]], expected: dict[str, list[str]]) -> dict[str, Any]:
    """What is there twice, missing or new, table by table; nothing where all is as expected."""
    differs: dict[str, Any] = {}
    for name, lines in expected.items():
        there, wanted = Counter(found[name]), Counter(lines)
        lost, more = wanted - there, there - wanted
        doubled = [line for line, times in there.items() if times > max(1, wanted[line])]
        if lost or more:
            differs[name] = {"lost": len(lost), "more": len(more), "doubled": len(doubled)}
            differs[name]["e.g."] = [line[:300] for line in [*list(lost)[:2], *list(more)[:2]]]
    return differs


def main() -> int:
    """Exit code 1 when a run left anything else than the undisturbed one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=300.0, help="how long a fault lasts")
    parser.add_argument(
        "--lease", type=float, default=20.0, help="seconds after which a dead worker's job is taken over"
    )
    parser.add_argument("--threads", type=int, default=6)
    parser.add_argument("--sites-port", type=int, default=8911)
    parser.add_argument("--services-port", type=int, default=8919)
    parser.add_argument("--only", nargs="*", choices=SCENARIOS, default=list(SCENARIOS))
    options = parser.parse_args()
    works = works_read(data_folder_needed(), options.count)
    for work in works:
        work.record["episodes"] = min(work.episodes, EPISODES)
    servers = servers_start(works, port=options.sites_port)
    sites = {name: Site(server) for name, server in servers.items()}
    expected: dict[str, list[str]] = {}
    bad = 0
    for name in ("undisturbed", *options.only):
        with tempfile.TemporaryDirectory(prefix="hiroba-faults-") as folder, redis() as cache:
            with scene_made(options, Path(folder), cache.url, sites) as scene:
                found = scene_play(scene, SCENARIOS.get(name, undisturbed))
            expected = expected or found
            differs = compared(found, expected)
            bad += bool(differs)
            say(f"{name}: {(SCENARIOS.get(name, undisturbed).__doc__ or '').splitlines()[0]}")
            say(f"  {scene.notes}")
            say(f"  { {table: len(lines) for table, lines in found.items()} }")
            say(f"  {'the same as undisturbed' if not differs else orjson.dumps(differs, option=2).decode()}")
    return int(bool(bad))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main())
