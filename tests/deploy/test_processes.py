"""The commands of compose.yaml, run without Docker against a private PostgreSQL and Redis."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploy.test_compose import OURS
from tests.services import instances
from tests.services.processes import BIN, ROOT, Running, environment, get, running

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.xdist_group("processes"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of compose.yaml with addresses of this machine, prepared once."""
    with instances.postgres() as postgres, instances.redis() as redis:
        data = tmp_path_factory.mktemp("distributed")
        given = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "DATA_DIR": str(data),
            "SECRET_KEY": base64.b64encode(os.urandom(48)).decode(),
            "PUBLIC_URL": "https://anime.example",
            "ALLOWED_HOSTS": "anime.example,localhost",
            "TRUSTED_PROXIES": "127.0.0.1",
            "DEMO_DATA": "false",
        }
        prepared = subprocess.run(
            command("prepare"),
            cwd=ROOT,
            env=environment(**given),
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert prepared.returncode == 0, prepared.stderr[-3000:]
        assert "Superadmin: admin" in prepared.stdout
        assert (data / "static" / "staticfiles.json").is_file()
        yield given


def command(name: str, *, port: int | None = None) -> list[str]:
    """A service's command with its program from this environment, on this machine's address and a free port."""
    words = list(OURS[name]["command"])
    words[0] = sys.executable if words[0] == "python" else str(BIN / words[0])
    if port is not None:
        words[words.index("--port") + 1] = str(port)
        words[words.index("0.0.0.0")] = "127.0.0.1"
    return words


def eventually(condition: Callable[[], object], seconds: float = 40, process: Running | None = None) -> None:
    """Wait until `condition()` is true; errors of a process that is not up yet count as false."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.1)
    raise AssertionError(f"it did not happen in time: {process.text()[-2000:] if process else ''}")


def test_web_answers_health_and_a_page(values: dict[str, str], tmp_path: Path) -> None:
    port = instances.free_port()
    with running(command("web", port=port), tmp_path, **values) as web:
        eventually(lambda: get(port, "/health", Host="localhost")[0] == 200)
        status, body = get(port, "/", **{"Host": "anime.example", "X-Forwarded-Proto": "https"})
        assert status == 200, web.text()[-2000:]
        assert b"<html" in body
        checked = subprocess.run(
            [sys.executable, "deploy/healthcheck.py", str(port)], cwd=ROOT, env=environment(), timeout=30, check=False
        )
        assert checked.returncode == 0
        code, seconds = web.stop()
        assert code == 0
        assert seconds < 10


def test_the_sign_in_process_checks_passwords(values: dict[str, str], tmp_path: Path) -> None:
    port = instances.free_port()
    seen_by_the_proxy = {"Host": "anime.example", "X-Forwarded-Proto": "https", "Content-Type": "application/json"}
    with running(command("sign-in", port=port), tmp_path, **values) as process:
        eventually(lambda: get(port, "/health", Host="localhost")[0] == 200)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        body = json.dumps({"identifier": "nobody", "password": "no such password"})
        connection.request("POST", "/api/v1/auth/login", body, seen_by_the_proxy)
        response = connection.getresponse()
        assert response.status == 401, process.text()[-2000:]
        assert json.loads(response.read())["error"] == "invalid_credentials"
        connection.close()
        code, seconds = process.stop()
        assert code == 0
        assert seconds < 10


def in_django(script: str, values: dict[str, str]) -> str:
    """Run a few lines in a process of their own with Django set up; what they wrote."""
    done = subprocess.run(
        [sys.executable, "-c", "import django, sys; django.setup(); from config.celery import app\n" + script],
        cwd=ROOT,
        env=environment(**values, DJANGO_SETTINGS_MODULE="config.settings"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def sweeps(values: dict[str, str]) -> int:
    """How many `jobs_sweep` tasks the workers that answer have done."""
    script = (
        "stats = (app.control.inspect(timeout=2).stats() or {}).values()\n"
        "sys.stdout.write(str(sum(worker['total'].get('core.tasks.jobs_sweep', 0) for worker in stats)))"
    )
    return int(in_django(script, values))


def test_a_worker_takes_a_task_that_another_process_sent(values: dict[str, str], tmp_path: Path) -> None:
    with running(command("worker-default"), tmp_path, **values) as worker:
        in_django("app.send_task('core.tasks.jobs_sweep', queue='default')", values)
        eventually(lambda: sweeps(values) >= 1, 60, worker)
        assert "Traceback" not in worker.text()
        assert worker.stop()[0] == 0


def test_the_embedded_process_works_on_postgres_and_redis_too(values: dict[str, str], tmp_path: Path) -> None:
    port = instances.free_port()
    given = {**values, "DATA_DIR": str(tmp_path / "data"), "PORT": str(port), "DEMO_DATA": "false"}
    with running([sys.executable, "manage.py", "up"], tmp_path, **given) as process:
        process.wait_for("Hiroba is at", 120)
        assert get(port, "/ready", Host="localhost")[0] == 200
        in_django("app.send_task('core.tasks.jobs_sweep', queue='default')", values)
        eventually(lambda: sweeps(values) >= 1, 60, process)
        code, seconds = process.stop()
        assert code == 0
        assert seconds < 5


@pytest.mark.parametrize("name", ["worker-providers", "worker-media"])
def test_the_other_workers_answer_their_health_check(name: str, values: dict[str, str], tmp_path: Path) -> None:
    test = OURS[name]["healthcheck"]["test"][1:]
    with running(command(name), tmp_path, **values) as worker:

        def healthy() -> bool:
            asked = [str(BIN / test[0]), *test[1:]]
            done = subprocess.run(
                asked, cwd=ROOT, env=environment(**values), capture_output=True, timeout=60, check=False
            )
            return done.returncode == 0

        eventually(healthy, 60)
        assert worker.stop()[0] == 0


def test_beat_sends_its_first_task(values: dict[str, str], tmp_path: Path) -> None:
    import redis

    with redis.Redis.from_url(values["REDIS_URL"]) as client, running(command("beat"), tmp_path, **values) as beat:
        client.delete("default")
        eventually(lambda: client.llen("default") > 0, 100, beat)
        assert beat.stop()[0] == 0


def test_beat_stops_while_it_waits_for_the_database(values: dict[str, str], tmp_path: Path) -> None:
    """The signal arrives in the midst of a query, and what beat has yet to save needs the same connection."""
    import psycopg
    import redis

    with (
        redis.Redis.from_url(values["REDIS_URL"]) as client,
        psycopg.connect(values["DATABASE_URL"]) as database,
        running(command("beat"), tmp_path, **values) as beat,
    ):
        client.delete("default")
        eventually(lambda: client.llen("default") > 0, 100, beat)
        database.execute("LOCK TABLE django_celery_beat_periodictasks")
        eventually(lambda: waiting_queries(values) > 0, 30, beat)
        code, seconds = beat.stop()
        assert code == 0, beat.text()[-2000:]
        assert seconds < 5


def waiting_queries(values: dict[str, str]) -> int:
    """How many connections wait for a lock."""
    import psycopg

    with psycopg.connect(values["DATABASE_URL"]) as database:
        row = database.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    return int(row[0]) if row else 0


def test_sockets_accept_a_connection(values: dict[str, str], tmp_path: Path) -> None:
    port = instances.free_port()
    with running(command("sockets", port=port), tmp_path, **values) as sockets:
        eventually(lambda: get(port, "/health", Host="localhost")[0] == 200)
        assert handshake(port, origin="https://anime.example") == b"HTTP/1.1 101"
        assert handshake(port, origin="https://evil.example") == b"HTTP/1.1 403"
        assert sockets.stop()[0] == 0


def handshake(port: int, *, origin: str) -> bytes:
    """The first twelve bytes that a WebSocket handshake gets as its answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(
            b"GET /nowhere HTTP/1.1\r\nHost: anime.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Origin: " + origin.encode() + b"\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        return client.recv(12)
