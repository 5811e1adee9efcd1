"""`kill -9` of the worker that applies an import: another one goes on, and every line is applied once."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lists.tests.importing.mal_files import mal_file
from tests.services.databases import migrated_put
from tests.services.processes import ROOT

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.xdist_group("processes"), pytest.mark.timeout(400)]

LINES = 1_600
_SETUP = "import sys, io, django; django.setup()\n"
PREPARE = """
from accounts.models import User
from core.jobs.services import job_run
from lists.services import imports
user = User.objects.create(username="mika", email="mika@example.org")
found = imports.import_start(user=user, file=open(sys.argv[1], "rb"), file_name="list.xml")
job_run(job_id=found.job_id)
found.refresh_from_db()
print(imports.import_apply(list_import=found, rule="theirs").job_id)
"""
WORK = """
from core.jobs.services import job_run
from core.models import Job
Job.objects.update(lease_until="2020-01-01T00:00:00Z")  # the dead worker's lease ran out
print(job_run(job_id=sys.argv[1]).state)
"""


def start(data: Path, code: str, *arguments: str) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    env |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", _SETUP + code, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err[-3000:]
    return out.strip().splitlines()[-1] if out.strip() else ""


def number(data: Path, query: str) -> int:
    with contextlib.closing(sqlite3.connect(data / "hiroba.sqlite3", timeout=10)) as connection:
        return int(connection.execute(query).fetchone()[0])


APPLIED = "SELECT count(*) FROM lists_listimportrow WHERE state = 'applied'"


def test_an_import_goes_on_after_its_worker_was_killed(tmp_path: Path) -> None:
    data, path = migrated_put(tmp_path / "data"), tmp_path / "list.xml"
    lines = [{"id": 900_000 + n, "title": f"Title {n}", "status": "Watching", "episodes": 1} for n in range(LINES)]
    path.write_bytes(mal_file(lines))
    job = said(start(data, PREPARE, str(path)))

    worker = start(data, WORK, job)
    until = time.monotonic() + 120
    while not 0 < number(data, APPLIED) < LINES:
        assert worker.poll() is None, "it was done before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    half = number(data, APPLIED)
    assert 0 < half < LINES
    # What is told of a line and what became of the list are one transaction.
    assert number(data, "SELECT count(*) FROM lists_listentry") == half

    assert said(start(data, WORK, job)) == "done"
    assert number(data, APPLIED) == LINES
    assert number(data, "SELECT count(*) FROM lists_listentry") == LINES
    assert number(data, "SELECT count(*) FROM lists_listactivity") == LINES
    assert number(data, "SELECT count(*) FROM catalog_anime") == LINES
    assert number(data, "SELECT count(*) FROM lists_listimport WHERE state = 'applied'") == 1
