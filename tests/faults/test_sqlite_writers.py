"""Eight processes write to one SQLite database at once: no "locked" error, no lost update, p99 under 2 seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from tests.services.databases import migrated_put
from tests.services.processes import ROOT, environment

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("processes"), pytest.mark.timeout(240)]
WRITERS = 8
ROUNDS = 100


def test_eight_writers_wait_for_each_other(tmp_path: Path) -> None:
    given = environment(DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=str(ROOT))
    migrated_put(tmp_path)
    with closing(connect(tmp_path / "hiroba.sqlite3")) as connection, connection:
        connection.execute("INSERT INTO django_session VALUES ('counter', '0', '2099-01-01')")
    script, found = str(Path(__file__).with_name("sqlite_writer.py")), tmp_path / "found"
    found.mkdir()
    subprocess.run(
        [sys.executable, script, str(found), str(WRITERS), str(ROUNDS)], cwd=ROOT, env=given, check=True, timeout=200
    )
    results = [json.loads(file.read_text(encoding="utf-8")) for file in found.iterdir()]
    assert len(results) == WRITERS
    times = sorted(seconds for result in results for seconds in result["times"])
    assert [error for result in results for error in result["errors"]] == []
    assert len(times) == WRITERS * ROUNDS
    assert times[int(len(times) * 0.99)] < 2.0
    with closing(connect(tmp_path / "hiroba.sqlite3")) as connection:
        assert connection.execute(
            "SELECT session_data FROM django_session WHERE session_key = 'counter'"
        ).fetchone() == (str(WRITERS * ROUNDS),)
        assert connection.execute("SELECT count(*) FROM django_session").fetchone() == (WRITERS * ROUNDS + 1,)
