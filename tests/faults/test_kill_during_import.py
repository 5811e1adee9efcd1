"""`kill -9` of `manage.py up` while it imports the demo catalogue: nothing is lost and the next start goes on."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.faults.test_up import SERVING
from tests.services.instances import free_port
from tests.services.processes import Running, get, up

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.xdist_group("processes"), pytest.mark.timeout(600)]

# What an import writes; runs and change counters differ between one start and four.
TABLES = ("anime", "episode", "animetitle", "externalid", "relation", "animegenre", "animestudio", "animedocument")


def counts(data: Path) -> dict[str, int]:
    """Rows of every catalogue table that exists; empty while the database is being made."""
    with contextlib.suppress(sqlite3.OperationalError):
        connection = sqlite3.connect(f"file:{data / 'hiroba.sqlite3'}?mode=ro", uri=True, timeout=10)
        with contextlib.closing(connection):
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            wanted = [name for name in names if name.removeprefix("catalog_").replace("_", "") in TABLES]
            return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in wanted}
    return {}


def healthy(data: Path) -> str:
    with contextlib.closing(sqlite3.connect(data / "hiroba.sqlite3")) as connection:
        result: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
        return result


def kill_when(process: Running, data: Path, *, more_than: int) -> int:
    """Kill once more anime than that are stored; how many there were just before."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.process.poll() is None:
        if (stored := counts(data).get("catalog_anime", 0)) > more_than:
            process.process.send_signal(signal.SIGKILL)
            process.process.wait()
            return stored
        time.sleep(0.02)
    raise AssertionError(f"it never came to {more_than} anime:\n{process.text()[-3000:]}")


def test_an_import_goes_on_after_being_killed(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole" / "data", tmp_path / "broken" / "data"
    with up(whole, free_port()) as process:
        process.wait_for(SERVING, 300)
        process.stop()
    expected = counts(whole)
    assert expected["catalog_anime"] > 1_000

    seen = 0
    for share in (0.0, 0.25, 0.6):
        with up(broken, free_port()) as process:
            stored = kill_when(process, broken, more_than=max(seen, int(expected["catalog_anime"] * share)))
        assert SERVING not in process.text()
        assert stored > seen, "what had been stored was lost"
        seen = stored
    assert counts(broken)["catalog_anime"] >= seen

    port = free_port()
    with up(broken, port) as process:
        process.wait_for(SERVING, 300)
        assert get(port, "/health")[0] == 200
        assert process.stop()[0] == 0
    assert counts(broken) == expected
    assert healthy(broken) == "ok"
    assert not (broken / "demo_pending").exists()
