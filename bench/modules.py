"""Running a measuring module as a process of its own, in a folder and a database."""

import os
import subprocess
import sys
from pathlib import Path

from bench.goals import FILE
from tests.services.processes import ROOT, environment

_HANDED_ON = ("YT_DLP", "BENCH_TEMP")


def module_run(module: str, folder: Path | None, database: str, *options: str, goals: Path | None = None) -> str:
    """What `python -m <module>` printed; `goals` is where it shall leave its goals.

    Raises RuntimeError with the end of its errors when it failed.
    """
    values = {"LOG_LEVEL": "WARNING", "HIROBA_DATA": os.environ.get("HIROBA_DATA", "")}
    values |= {"DATA_DIR": str(folder)} if folder else {}
    values |= {FILE: str(goals)} if goals else {}
    values |= {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", module, *options],
        cwd=ROOT,
        env=environment(**values, **({"DATABASE_URL": database} if database else {})),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout
