"""Empty SQLite databases with every table, for processes of tests that are not about making them."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.services.processes import ROOT, environment

KEPT = ROOT / ".pytest_cache" / "migrated"
FILE = "hiroba.sqlite3"


def migrated_put(data: Path) -> Path:
    """`data` with such a database in it; made once a version of the migrations, whichever process needs it first.

    All migrations take a process eight seconds, and a dozen tests start one on an empty folder.
    """
    data.mkdir(parents=True, exist_ok=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    made = KEPT / f"{_version()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in KEPT.glob("*.sqlite3"):
                old.unlink()
            _make(made)
        shutil.copyfile(made, data / FILE)
    return data


def _make(target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        values = environment(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings")
        migrate = [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"]
        subprocess.run(migrate, cwd=ROOT, env=values, check=True, timeout=180)
        (Path(folder) / FILE).replace(target)


def _version() -> str:
    """What the tables follow from: the migrations here, the versions of the libraries that bring their own."""
    found = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


__all__ = ["migrated_put"]
