"""`make test`: the whole suite on SQLite and memory, then again on private PostgreSQL and Redis where installed.

The browser's tests run beside both; what is timed runs last, alone. Ends with what was skipped and why, and one line with
the sums of all rounds. Extra arguments go to pytest. `--fast` runs the first round only, without the browser.
`REQUIRE_SERVICES=1` makes a missing service a failure.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.services import instances  # noqa: E402
from tests.services.databases import postgres_migrating  # noqa: E402

REQUIRE_SERVICES = os.environ.get("REQUIRE_SERVICES") == "1"
FIRST = "not postgres and not redis"
"""What runs without a service."""


class Sums:
    """Counts, skip reasons and exit codes over the rounds."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.skipped: list[str] = []
        self.code = 0

    def add(self, title: str, report: Path, code: int) -> None:
        """Take in one round; pytest's code 5 (nothing collected) is no failure when arguments narrowed the round."""
        self.code = self.code or (0 if code == 5 else code)
        if not report.exists():
            self.skipped.append(f"{title}: pytest ended with code {code} before it could report")
            return
        result = json.loads(report.read_text(encoding="utf-8"))
        self.counts.update(result["counts"])
        self.skipped += [f"{title}: {count} × {reason}" for reason, count in sorted(result["skipped"].items())]


class Round:
    """One pytest run over what `marks` choose, begun at once; one that `is_beside` another keeps its words for the end."""

    def __init__(
        self, title: str, marks: str, arguments: list[str], environment: dict[str, str], *, is_beside: bool = False
    ) -> None:
        self.title = title
        self._folder = tempfile.TemporaryDirectory(prefix="hiroba-report-")
        self._report = Path(self._folder.name) / "report.json"
        self._said = (Path(self._folder.name) / "said").open("w+b") if is_beside else None
        if self._said is None:
            self._say_title()
        clean = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "pytest", "-q", "-m", marks, *arguments],
            cwd=ROOT,
            env={**clean, **environment, "HIROBA_TEST_REPORT": str(self._report)},
            stdout=self._said,
            stderr=self._said,
        )

    def end(self, sums: Sums) -> None:
        """Wait for it, say what it kept to itself, and add it up."""
        code = self._process.wait()
        if self._said is not None:
            self._say_title()
            self._said.seek(0)
            sys.stdout.write(self._said.read().decode("utf-8", "replace"))
            self._said.close()
        sums.add(self.title, self._report, code)
        self._folder.cleanup()

    def _say_title(self) -> None:
        sys.stdout.write(f"\n===== {self.title} =====\n")
        sys.stdout.flush()


def on_workers(extra: list[str]) -> list[str]:
    """The arguments that spread a round over workers, unless `extra` says how."""
    if any(argument.startswith("-n") for argument in extra):
        return extra
    return [*extra, "-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadgroup"]


def narrowed(places: Iterable[Path], extra: list[str]) -> list[str]:
    """`places` as arguments for pytest, so that a round of few tests does not read them all, unless `extra` names its own."""
    if any((ROOT / argument.partition("::")[0]).exists() for argument in extra):
        return []
    return sorted(str(place.relative_to(ROOT)) for place in places)


def timed_files() -> Iterator[Path]:
    """The files that hold a test marked `timed`."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    for folder in options["testpaths"]:
        files = (ROOT / folder).rglob("test_*.py")
        yield from (path for path in files if "mark.timed" in path.read_text(encoding="utf-8"))


def browser_round(extra: list[str]) -> Round:
    """The browser's tests, which wait much and share one site: beside the others, from their beginning to its own end."""
    arguments = [*narrowed([ROOT / "tests" / "e2e"], extra), *extra, "-n", "0"]
    return Round("The browser", f"{FIRST} and browser and not timed", arguments, {}, is_beside=True)


def first_round(sums: Sums, extra: list[str], *, is_fast: bool) -> None:
    """Everything that needs no service. What is marked `either` waits for the second round, when that has PostgreSQL."""
    has_second = not is_fast and instances.postgres_folder() is not None
    left_out = " and not either" if has_second else ""
    Round("SQLite + memory", f"{FIRST}{left_out} and not browser and not timed", on_workers(extra), {}).end(sums)


def last_round(sums: Sums, extra: list[str], *, is_fast: bool) -> None:
    """What is timed, with the machine to itself."""
    arguments = [*narrowed(timed_files(), extra), *extra, "-n", "0"]
    Round("What is timed", f"{FIRST} and timed" + (" and not browser" if is_fast else ""), arguments, {}).end(sums)


class Services:
    """What is installed of PostgreSQL and Redis, started at once: the tables are made while the first round runs."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self.found = {
            "postgres": instances.postgres_folder() is not None,
            "redis": instances.redis_binary() is not None,
        }
        self._environment: dict[str, str] = {}
        self._migrating: subprocess.Popen[bytes] | None = None
        if self.found["postgres"]:
            self._environment["DATABASE_URL"] = url = stack.enter_context(instances.postgres()).url
            self._migrating = stack.enter_context(postgres_migrating(url))
        if self.found["redis"]:
            self._environment["REDIS_URL"] = stack.enter_context(instances.redis()).url

    def ready(self) -> dict[str, str]:
        """The environment of a round on them. When migrating failed each worker does it itself, and its tests say what is wrong."""
        if self._migrating is not None and self._migrating.wait() == 0:
            # Each worker's database is then a copy of this one, which nothing else touches.
            self._environment["TEST_TEMPLATE"] = self._environment["DATABASE_URL"].rpartition("/")[2]
        return self._environment


def second_round(services: Services, sums: Sums, extra: list[str]) -> None:
    """Everything but the browser and what is marked `once` or `timed` again, on what is installed of PostgreSQL and Redis."""
    absent = [name for name, is_found in services.found.items() if not is_found]
    for name in absent:
        sums.skipped.append(f"the round on {name}: its binaries are neither on PATH nor in Debian's folders")
        if REQUIRE_SERVICES:
            sums.counts["failed"] += 1
            sums.code = 1
    names = [name for key, name in (("postgres", "PostgreSQL"), ("redis", "Redis")) if services.found[key]]
    if names:
        marks = " and ".join(f"not {name}" for name in ["browser", "once", "timed", *absent])
        Round(" + ".join(names), marks, on_workers(extra), services.ready()).end(sums)


def rounds(sums: Sums, extra: list[str]) -> None:
    """All of them."""
    with contextlib.ExitStack() as stack:
        browser = browser_round(extra)
        services = Services(stack)
        first_round(sums, extra, is_fast=False)
        second_round(services, sums, extra)
        browser.end(sums)
    last_round(sums, extra, is_fast=False)


def main() -> int:
    extra = sys.argv[1:]
    fast = "--fast" in extra
    extra = [argument for argument in extra if argument != "--fast"]
    started, sums = time.monotonic(), Sums()
    if fast:
        first_round(sums, extra, is_fast=True)
        last_round(sums, extra, is_fast=True)
    else:
        rounds(sums, extra)
    counts = sums.counts
    lines = ["", "===== skipped, and why =====", *(sums.skipped or ["nothing"]), ""]
    seconds = time.monotonic() - started
    failed = counts["failed"] + counts["error"]
    lines.append(
        f"{counts['passed']} passed, {failed} failed, {counts['skipped']} skipped in {seconds:.0f}s (all rounds)"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return sums.code


if __name__ == "__main__":
    sys.exit(main())
