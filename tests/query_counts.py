"""The committed number of queries of every endpoint: `with assert_queries("accounts/GET auth/me"): …`.

The part before the first "/" names the app whose `tests/query_counts.json` holds the number. A new key, or a number
that changed on purpose, is written by `UPDATE_QUERY_COUNTS=1 .venv/bin/pytest <the test>`; the diff of the file is what a
reviewer looks at. Transaction control (BEGIN, SAVEPOINT, …) is not counted: it differs between databases and tests.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROOT = Path(__file__).resolve().parent.parent
_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ", "PRAGMA")


def baseline_path(key: str) -> Path:
    """The file of the app that `key` starts with."""
    return ROOT / key.partition("/")[0] / "tests" / "query_counts.json"


def _baseline(path: Path) -> dict[str, int]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _record(path: Path, key: str, count: int) -> None:
    """Write one number under a lock: several xdist workers may update one file."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = {**_baseline(path), key: count}
        path.write_text(json.dumps(dict(sorted(found.items())), indent=2) + "\n", encoding="utf-8")
    path.with_suffix(".lock").unlink(missing_ok=True)


@contextmanager
def assert_queries(key: str) -> Iterator[CaptureQueriesContext]:
    """Fails when the block makes another number of queries than the baseline says; more and fewer alike."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    queries = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(_CONTROL)]
    path = baseline_path(key)
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        _record(path, key, len(queries))
        return
    expected = _baseline(path).get(key)
    listing = "\n".join(f"{n}. {sql[:300]}" for n, sql in enumerate(queries, 1))
    assert expected is not None, (
        f"{key} has no baseline yet ({len(queries)} queries now): UPDATE_QUERY_COUNTS=1\n{listing}"
    )
    assert len(queries) == expected, f"{key}: {len(queries)} queries, the baseline says {expected}\n{listing}"
