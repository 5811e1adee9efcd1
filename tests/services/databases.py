"""Data folders as a first start leaves them, for processes of tests that are not about that start."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from core.serve.first_start import static_fingerprint
from tests.services.processes import ROOT, environment

FILE = "hiroba.sqlite3"
KEPT = ROOT / ".pytest_cache" / "migrated"
_MAKE = """
import django
django.setup()
from django.core.management import call_command
from core.serve.first_start import collect_static
call_command("migrate", verbosity=0, skip_checks=True)
collect_static(print)
"""


def migrated_put(data: Path) -> Path:
    """`data` with an SQLite database of empty tables and the static files in it; made once a version of them, whichever
    process needs it first: a dozen tests start one on an empty folder, where both take fifteen seconds.
    """
    data.mkdir(parents=True, exist_ok=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    made = KEPT / _version()
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in (path for path in KEPT.iterdir() if path.is_dir()):
                shutil.rmtree(old)
            _make(made)
        shutil.copyfile(made / FILE, data / FILE)
        shutil.copytree(made / "static", data / "static")
    return data


def _make(target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        values = environment(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=str(ROOT))
        subprocess.run([sys.executable, "-c", _MAKE], cwd=ROOT, env=values, check=True, timeout=180)
        kept = Path(folder) / "kept"
        kept.mkdir()
        for name in (FILE, "static"):
            (Path(folder) / name).rename(kept / name)
        kept.rename(target)


def _version() -> str:
    """What they follow from: the migrations and static files here, the versions of the libraries that bring their own."""
    found = hashlib.sha256((ROOT / "requirements.txt").read_bytes() + static_fingerprint().encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


__all__ = ["migrated_put"]
