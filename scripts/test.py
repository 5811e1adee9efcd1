"""`make test`: the whole suite on SQLite and memory, then again on private PostgreSQL and Redis where installed.

Ends with what was skipped and why, and one line with the sums of both rounds. Extra arguments go to pytest.
`--fast` runs the first round only, without the browser. `REQUIRE_SERVICES=1` makes a missing service a failure.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.services import instances  # noqa: E402

REQUIRE_SERVICES = os.environ.get("REQUIRE_SERVICES") == "1"


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


def run_round(sums: Sums, title: str, marks: str, extra: list[str], environment: dict[str, str]) -> None:
    """One pytest run of the whole suite with this environment."""
    sys.stdout.write(f"\n===== {title} =====\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="hiroba-report-") as folder:
        report = Path(folder) / "report.json"
        clean = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        command = [sys.executable, "-m", "pytest", "-q", "-m", marks]
        if not any(argument.startswith("-n") for argument in extra):
            # In the order of collection: what needs the database runs before the browser, whose event loop shuts it out.
            command += ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadgroup", "--no-loadscope-reorder"]
        code = subprocess.call(  # noqa: S603
            command + extra, cwd=ROOT, env={**clean, **environment, "HIROBA_TEST_REPORT": str(report)}
        )
        sums.add(title, report, code)


def second_round(sums: Sums, extra: list[str]) -> None:
    """Everything but the browser and what is marked `once` again, on what is installed of PostgreSQL and Redis."""
    found = {"postgres": instances.postgres_folder() is not None, "redis": instances.redis_binary() is not None}
    for name in [name for name, is_found in found.items() if not is_found]:
        sums.skipped.append(f"the round on {name}: its binaries are neither on PATH nor in Debian's folders")
        if REQUIRE_SERVICES:
            sums.counts["failed"] += 1
            sums.code = 1
    if not any(found.values()):
        return
    with contextlib.ExitStack() as stack:
        environment, names = {}, []
        if found["postgres"]:
            environment["DATABASE_URL"] = stack.enter_context(instances.postgres()).url
            names.append("PostgreSQL")
        if found["redis"]:
            environment["REDIS_URL"] = stack.enter_context(instances.redis()).url
            names.append("Redis")
        absent = [name for name, is_found in found.items() if not is_found]
        run_round(
            sums,
            " + ".join(names),
            " and ".join(f"not {name}" for name in ["browser", "once", *absent]),
            extra,
            environment,
        )


def main() -> int:
    extra = sys.argv[1:]
    fast = "--fast" in extra
    extra = [argument for argument in extra if argument != "--fast"]
    started, sums = time.monotonic(), Sums()
    marks = "not postgres and not redis" + (" and not browser" if fast else "")
    run_round(sums, "SQLite + memory", marks, extra, {})
    if not fast:
        second_round(sums, extra)
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
