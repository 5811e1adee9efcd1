"""Every route × method has a row, and every row holds for every actor; a refused call changes nothing."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from tests.permissions.routes import all_routes
from tests.permissions.rows import ACTORS, REFUSED, Row
from tests.permissions.snapshots import table_contents, tables_written
from tests.permissions.world import all_rows

Caller = Callable[[Row, str], Callable[[], HttpResponse]]

ROWS = all_rows()
CASES = [pytest.param(row, id=f"{row.method} {row.route}{row.query}") for row in ROWS]


def test_every_route_and_method_has_a_row() -> None:
    present = {(row.method, row.route) for row in ROWS}
    missing = [
        f"{method} {route}"
        for route, methods in all_routes().items()
        for method in methods
        if (method, route) not in present
    ]
    assert not missing, f"{len(missing)} without a row (see tests/permissions/rows.py):\n" + "\n".join(sorted(missing))


def test_every_row_has_a_route() -> None:
    routes = all_routes()
    unknown = [f"{row.method} {row.route}" for row in ROWS if row.method not in routes.get(row.route, ())]
    assert not unknown, f"rows for what is not there: {unknown}"


@pytest.mark.either
@pytest.mark.parametrize("row", CASES)
def test_row_holds(caller: Caller, row: Row) -> None:
    """One world a row; what an actor did is rolled back before the next one comes."""
    wrong = []
    for actor in ACTORS:
        savepoint = transaction.savepoint()
        wrong += _wrong(caller, row, actor)
        transaction.savepoint_rollback(savepoint)
        cache.clear()
    assert not wrong, "\n".join(wrong)


def _wrong(caller: Caller, row: Row, actor: str) -> list[str]:
    """What is not as the row says when `actor` calls."""
    send = caller(row, actor)
    savepoint = transaction.savepoint()
    with CaptureQueriesContext(connection) as captured:
        response = send()
    expected = row.statuses()[actor]
    if response.status_code != expected:
        text = b"" if response.streaming else response.content[:300]
        return [f"{actor}: {response.status_code} instead of {expected} {text.decode('utf-8', 'replace')}"]
    if expected not in REFUSED:
        return []
    tables = tables_written(captured.captured_queries, row.may_write)
    if not tables:
        return []
    transaction.savepoint_rollback(savepoint)  # it wrote something: look at the very rows, before and after
    before = table_contents(tables)
    send()
    return [] if table_contents(tables) == before else [f"{actor}: a refused call changed {tables}"]
