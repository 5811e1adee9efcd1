"""kill -9 in the middle of a real import process: the next start goes on and ends with the same rows."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from catalog.tests.importing.records import episode_record, jikan_record, lines_write, related
from tests.services.databases import migrated_put

ANIME, PER_ANIME = 1_500, 4
TABLES = ("anime", "title", "externalid", "episode", "relation", "pendingrelation", "animedocument", "animetag")


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return {**kept, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "x" * 50}


def manage(folder: Path, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", *map(str, arguments), "--skip-checks"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment(folder), stdout=subprocess.PIPE)


def rows(folder: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{folder / 'hiroba.sqlite3'}?mode=ro", uri=True, timeout=20)) as database:
        return database.execute(statement).fetchall()


def counted(folder: Path) -> dict[str, int]:
    return {table: rows(folder, f"SELECT COUNT(*) FROM catalog_{table}")[0][0] for table in TABLES}


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_killed_process_loses_nothing(tmp_path):
    anime = lines_write(
        tmp_path / "a.jsonl.gz",
        *(jikan_record(key, f"Anime {key}", relations=[related("Sequel", key + 1)]) for key in range(1, ANIME + 1)),
    )
    episodes = lines_write(
        tmp_path / "e.jsonl.gz",
        *(episode_record(key, str(number)) for key in range(1, ANIME + 1) for number in range(1, PER_ANIME + 1)),
    )
    arguments = ("import_catalog", "--format", "jikan", anime, "--episodes", episodes)
    killed = migrated_put(tmp_path / "killed")
    kills = 0
    for stage in ("anime", "episodes"):
        process = manage(killed, *arguments)
        deadline = time.monotonic() + 100
        while process.poll() is None and time.monotonic() < deadline:
            found = rows(killed, f"SELECT 1 FROM catalog_importrun WHERE stage = '{stage}' AND position > 0")
            if found:
                process.send_signal(signal.SIGKILL)
                kills += process.wait(20) == -signal.SIGKILL
                break
            time.sleep(0.005)
    assert kills >= 1
    assert rows(killed, "SELECT state FROM catalog_importrun") == [("running",)]

    last = manage(killed, *arguments)
    summary = json.loads(last.communicate(timeout=150)[0])
    assert last.returncode == 0
    assert (summary["created"], summary["skipped"], summary["episodes_created"]) == (ANIME, 0, ANIME * PER_ANIME)
    assert counted(killed) == {
        "anime": ANIME,
        "title": ANIME * 6,
        "externalid": ANIME * 3,
        "episode": ANIME * PER_ANIME,
        "relation": ANIME - 1,
        "pendingrelation": 1,
        "animedocument": ANIME,
        "animetag": ANIME * 2,
    }
    assert rows(killed, "SELECT state FROM catalog_importrun") == [("done",)]
    assert rows(killed, "SELECT COUNT(*) FROM catalog_animedocument WHERE version = 0") == [(0,)]
