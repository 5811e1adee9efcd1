"""Databases that were migrated once, for all the processes that need one with its tables and without rows."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from core.serve.first_start import static_fingerprint
from tests.services.processes import ROOT, environment

FILE = "hiroba.sqlite3"
KEPT = ROOT / ".pytest_cache" / "migrated"
_MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, skip_checks=True)
"""
_COLLECT = """
import django
django.setup()
from core.serve.first_start import collect_static
collect_static(print)
"""


def migrated_put(data: Path) -> Path:
    """`data` with an SQLite database of empty tables and the static files in it; made once a version of them, whichever
    process needs it first: a dozen tests start one on an empty folder, where both take fifteen seconds.
    """
    data.mkdir(parents=True, exist_ok=True)
    tables_put(data / FILE)
    # What is collected goes into `static` of the data folder, which is also how the kept folder is called.
    with _kept("static", _static_version(), lambda folder: _run(_COLLECT, DATA_DIR=str(folder.parent))) as made:
        shutil.copytree(made, data / "static")
    return data


def tables_put(file: Path) -> Path:
    """`file` as an SQLite database of all tables as the migrations leave them; they run once for all who ask.

    Whoever takes it runs `migrate` on it, as every start does: that finds nothing to do, or says what is wrong.
    """
    with _kept("tables", _tables_version(), lambda folder: _run(_MIGRATE, DATA_DIR=str(folder))) as made:
        shutil.copyfile(made / FILE, file)
    return file


@contextlib.contextmanager
def postgres_migrating(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that migrates the empty database at `url`, of which PostgreSQL then makes copies (`TEST_TEMPLATE`)."""
    with tempfile.TemporaryDirectory(prefix="hiroba-tables-") as folder:
        command = [sys.executable, "-c", _MIGRATE]
        process = subprocess.Popen(command, cwd=ROOT, env=_values(DATA_DIR=folder, DATABASE_URL=url))
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _kept(kind: str, version: str, fill: Callable[[Path], None]) -> Iterator[Path]:
    """The kept folder `kind` of this version, held while it is read; `fill` makes what is in it, if nobody did before."""
    KEPT.mkdir(parents=True, exist_ok=True)
    made = KEPT / f"{kind}-{version}"
    with (KEPT / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in KEPT.glob(f"{kind}-*"):
                shutil.rmtree(old)
            with tempfile.TemporaryDirectory(dir=KEPT) as folder:
                new = Path(folder) / kind
                new.mkdir()
                fill(new)
                new.rename(made)
        yield made


def _run(code: str, **values: str) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=_values(**values), check=True, timeout=180)


def _values(**values: str) -> dict[str, str]:
    return environment(DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=str(ROOT), **values)


def _tables_version() -> str:
    """What the tables follow from: the migrations here, the versions of the libraries that bring their own."""
    found = hashlib.sha256((ROOT / "requirements.txt").read_bytes() + os.fsencode(sys.version))
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _static_version() -> str:
    return hashlib.sha256((ROOT / "requirements.txt").read_bytes() + static_fingerprint().encode()).hexdigest()[:16]


__all__ = ["migrated_put", "postgres_migrating", "tables_put"]
