"""The committed number of queries of every endpoint: `with assert_queries("accounts/GET auth/me"): …`.

The part before the first "/" names the app whose `tests/query_counts.json` holds the number. A new key, or a number
that changed on purpose, is written by `UPDATE_QUERY_COUNTS=1 .venv/bin/pytest <the test>`; the diff of the file is what a
reviewer looks at. Not counted are transaction control (BEGIN, SAVEPOINT, …), which differs between databases and tests, and
what a process asks once and remembers (content types), which depends on the tests that ran before.
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
_REMEMBERED = 'FROM "django_content_type"'


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
    asked = (query["sql"] for query in captured.captured_queries)
    queries = [sql for sql in asked if not sql.startswith(_CONTROL) and _REMEMBERED not in sql]
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
