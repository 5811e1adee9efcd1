"""How long an import takes and how much memory at its highest: the command itself, measured from outside."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.real_data import data_folder
from tests.services.processes import ROOT, environment

RECORDS = "jikan/anime_full.jsonl.gz"
EPISODES = "jikan/episodes.jsonl.gz"
NAMES = (("animeapi", "ids/animeapi.tsv.gz"), ("anidb-titles", "ids/anidb-titles.dat.gz"))
"""Formats and files that add ids and names to the records, in the order in which they build on each other."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """`seconds` by the clock, `cpu` seconds of the command itself, `peak` resident bytes, and what the command says it did."""

    seconds: float
    cpu: float
    peak: int
    said: dict

    @property
    def writes(self) -> int:
        """Rows that were made or changed."""
        return sum(self.said[f"{noun}{verb}"] for noun in ("", "episodes_") for verb in ("created", "changed"))


def records_folder() -> Path | None:
    """The folder of the real data; None when there are no records in it."""
    folder = data_folder()
    return folder if folder and (folder / RECORDS).exists() else None


def manage(*arguments: str, data: Path, database: str = "") -> tuple[str, float, float, int]:
    """Standard output, seconds, CPU seconds and peak resident bytes of a `manage.py` command. Raises RuntimeError on failure."""
    values = {"DATA_DIR": str(data), "LOG_LEVEL": "WARNING", **({"DATABASE_URL": database} if database else {})}
    data.mkdir(parents=True, exist_ok=True)
    with (data / "command.log").open("wb") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(**values),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    text = (data / "command.log").read_text(encoding="utf-8", errors="replace")
    if process.returncode != 0:
        raise RuntimeError(f"manage.py {' '.join(arguments)} ended with {process.returncode}:\n{text[-3000:]}")
    return text, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def catalogue_import(source: Path, *, data: Path, database: str = "") -> ImportRun:
    """Import the whole of `source` once."""
    arguments = ["import_catalog", "--format", "jikan", str(source / RECORDS), "--episodes", str(source / EPISODES)]
    text, seconds, cpu, peak = manage(*arguments, data=data, database=database)
    said = next(line for line in reversed(text.replace("\r", "\n").splitlines()) if line.startswith("{"))
    return ImportRun(seconds, cpu, peak, orjson.loads(said))


def names_import(source: Path, *, data: Path, database: str = "") -> None:
    """Add the ids and names of `NAMES` to a catalogue that has the records."""
    for form, path in NAMES:
        manage("import_catalog", "--format", form, str(source / path), data=data, database=database)


def folder_prepare(*, data: Path, database: str = "") -> None:
    """Tables and collected static files: what `manage.py prepare` makes, without demo data."""
    manage("migrate", "-v0", data=data, database=database)
    manage("collectstatic", "--noinput", "-v0", data=data, database=database)
