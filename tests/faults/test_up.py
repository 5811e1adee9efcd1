"""`manage.py up`: the first and the second start, an orderly stop, and one line for everything it cannot start with."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.services.instances import free_port
from tests.services.processes import ROOT, Running, environment, get, up

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("processes"), pytest.mark.timeout(240)]
SERVING = "Hiroba is at http://127.0.0.1:"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A DATA_DIR after its first start without demo data, and what that start said."""
    data = tmp_path_factory.mktemp("up") / "data"
    with up(data, free_port(), is_empty=True, DEMO_DATA="false") as process:
        process.wait_for(SERVING, 120)
        process.stop()
        return data, process.text()


def refused(**values: str) -> str:
    """The one line with which a start is refused."""
    done = subprocess.run(
        [sys.executable, "manage.py", "up"], cwd=ROOT, env=environment(**values), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("hiroba: ")
    return done.stderr


def test_the_first_start_prints_a_superadmin_once(prepared: tuple[Path, str]) -> None:
    data, said = prepared
    assert len(re.findall(r"Superadmin: admin   password: \S{16} ", said)) == 1
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_second_start_reuses_everything_and_is_quick(prepared: tuple[Path, str]) -> None:
    data, _ = prepared
    port = free_port()
    started = time.monotonic()
    with up(data, port, DEMO_DATA="false") as process:
        process.wait_for(SERVING)
        assert get(port, "/health")[0] == 200
        # 4 s on an idle machine; the test run itself keeps this one busy.
        assert time.monotonic() - started < 8
        assert "Superadmin" not in process.text()
        assert "Collecting" not in process.text()
        process.stop()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_within_five_seconds_with_open_connections(prepared: tuple[Path, str], how: signal.Signals) -> None:
    data, _ = prepared
    port = free_port()
    with up(data, port, DEMO_DATA="false") as process:
        process.wait_for(SERVING)
        idle = http.client.HTTPConnection("127.0.0.1", port)
        idle.request("GET", "/health")
        idle.getresponse().read()
        half = socket.create_connection(("127.0.0.1", port))
        half.sendall(b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        code, seconds = process.stop(how)
        assert code == 0
        assert seconds < 5
        assert "Traceback" not in process.text()
        half.close()


def test_it_stops_within_five_seconds_while_a_task_runs(prepared: tuple[Path, str], tmp_path: Path) -> None:
    data, _ = prepared
    with up(data, free_port(), DEMO_DATA="false", PYTHONPATH=str(busy_site(tmp_path))) as process:
        process.wait_for("a task that hangs has begun")
        code, seconds = process.stop(signal.SIGINT)
        assert code == 0
        assert seconds < 5


def busy_site(folder: Path) -> Path:
    """A folder for PYTHONPATH whose sitecustomize sends a task that takes a minute."""
    (folder / "sitecustomize.py").write_text(
        "import sys, threading, time\n"
        "def hang():\n"
        "    while 'config.celery' not in sys.modules or 'django_celery_beat.schedulers' not in sys.modules:\n"
        "        time.sleep(0.1)\n"
        "    from config.celery import app\n"
        "    @app.task(name='hang')\n"
        "    def task():\n"
        "        sys.stderr.write('a task that hangs has begun\\n')\n"
        "        time.sleep(60)\n"
        "    time.sleep(1)\n"
        "    task.apply_async(queue='default')\n"
        "threading.Thread(target=hang, daemon=True).start()\n"
    )
    return folder


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused(DATA_DIR=str(tmp_path), PORT=str(port))
    assert f"port {port} on 127.0.0.1 is in use" in line


def test_a_port_that_is_none(tmp_path: Path) -> None:
    assert "PORT must be a number" in refused(DATA_DIR=str(tmp_path), PORT="eighty")


def test_a_host_of_another_machine(tmp_path: Path) -> None:
    assert "192.0.2.7" in refused(DATA_DIR=str(tmp_path), PORT=str(free_port()), HOST="192.0.2.7")


def test_a_data_dir_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "cannot be written to" in refused(DATA_DIR=str(tmp_path / "file" / "data"), PORT=str(free_port()))


def test_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    url = f"postgres://hiroba:hidden-word@127.0.0.1:{free_port()}/hiroba"
    line = refused(DATA_DIR=str(tmp_path), PORT=str(free_port()), DATABASE_URL=url)
    assert "the database hiroba at 127.0.0.1" in line
    assert "hidden-word" not in line


def test_a_database_address_of_no_kind(tmp_path: Path) -> None:
    assert "DATABASE_URL must start with" in refused(DATA_DIR=str(tmp_path), DATABASE_URL="mysql://x/y")


def test_a_database_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "hiroba.sqlite3").write_bytes(b"this is no database" * 100)
    assert "cannot be reached" in refused(DATA_DIR=str(tmp_path), PORT=str(free_port()))


def test_a_redis_that_cannot_be_reached(tmp_path: Path) -> None:
    url = f"redis://:hidden-word@127.0.0.1:{free_port()}/0"
    line = refused(DATA_DIR=str(tmp_path), PORT=str(free_port()), REDIS_URL=url)
    assert "Redis at 127.0.0.1" in line
    assert "hidden-word" not in line


def test_a_second_up_on_the_same_data_dir(prepared: tuple[Path, str]) -> None:
    data, _ = prepared
    with up(data, free_port(), DEMO_DATA="false") as process:
        process.wait_for(SERVING)
        line = refused(DATA_DIR=str(data), PORT=str(free_port()))
        assert f"in use by another `manage.py up` (process {process.process.pid})" in line
        assert_still_serving(process)
        process.stop()


def assert_still_serving(process: Running) -> None:
    assert process.process.poll() is None


def test_a_python_that_is_too_old(tmp_path: Path) -> None:
    """`make run` looks for one itself; nothing else may be on PATH then."""
    old = tmp_path / "bin"
    old.mkdir()
    for name in ("python3", "python"):
        (old / name).write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
        (old / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "scripts/setup.sh", str(tmp_path / "venv"), "requirements.txt"],
        cwd=ROOT, env={"PATH": str(old)}, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == (
        "hiroba: Python 3.11 or newer is needed, found Python 3.9.2; "
        "set PYTHON=/path/to/python3.11 if it lives elsewhere\n"
    )
