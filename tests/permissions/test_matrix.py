"""Every route × method has a row, and every row holds for every actor; a refused call changes nothing."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from tests.permissions.routes import all_routes
from tests.permissions.rows import ACTORS, REFUSED, Row
from tests.permissions.snapshots import table_contents, tables_written
from tests.permissions.world import all_rows

ROWS = all_rows()
CASES = [
    pytest.param(row, actor, id=f"{row.method} {row.route}{row.query} [{actor}]") for row in ROWS for actor in ACTORS
]


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


@pytest.mark.parametrize(("row", "actor"), CASES)
def test_row_holds(caller: Callable[[Row, str], Callable[[], HttpResponse]], row: Row, actor: str) -> None:
    send = caller(row, actor)
    savepoint = transaction.savepoint()
    with CaptureQueriesContext(connection) as captured:
        response = send()
    expected = row.statuses()[actor]
    assert response.status_code == expected, response.content[:500].decode("utf-8", "replace")
    if expected not in REFUSED:
        return
    tables = tables_written(captured.captured_queries, row.may_write)
    if tables:  # it wrote something: look at the very rows, before and after
        transaction.savepoint_rollback(savepoint)
        before = table_contents(tables)
        send()
        assert table_contents(tables) == before, f"a refused call changed {tables}"
