"""A big import tells the planner of the tables that it filled, and of no others; a small one leaves it alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from lists.services import import_planner
from lists.tests.services.test_imports import applied, brought

pytestmark = pytest.mark.django_db
FILLED = ["lists_listentry", "lists_entrytag", "lists_listactivity", "catalog_rating"]


def analysed(asked: CaptureQueriesContext) -> list[str]:
    return [query["sql"].removeprefix("ANALYZE ").strip('"') for query in asked if query["sql"].startswith("ANALYZE")]


@pytest.mark.parametrize(("lines", "is_told"), [(3, True), (2, False)])
def test_of_what_was_read_and_of_what_was_applied(lines: int, is_told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_planner, "MANY", 3)
    user = UserFactory.create()
    for number in range(1, lines + 1):
        AnimeFactory.create(mal_id=number)
    with CaptureQueriesContext(connection) as asked:
        found = brought(user, [{"id": number, "status": "Completed", "score": 8} for number in range(1, lines + 1)])
    assert analysed(asked) == (["lists_listimportrow"] if is_told else [])
    with CaptureQueriesContext(connection) as asked:
        assert applied(found).state == "applied"
    assert analysed(asked) == (FILLED if is_told else [])
