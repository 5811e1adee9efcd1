"""People are found by the ids that were asked for, however many there are beside them."""

import pytest
from django.db import connection

from accounts.models import User
from accounts.selectors.users import people_visible
from accounts.tests.factories import UserFactory


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL plans by its statistics, and has none of a test's rows"
)
def test_a_batch_reads_only_whom_it_asks_for() -> None:
    """Without statistics SQLite prefers `= NULL` on an index to two hundred ids, and would read everybody."""
    UserFactory.create_batch(3)
    ids = list(User.objects.values_list("pk", flat=True)) * 70
    plan = people_visible(None).filter(pk__in=ids[:200]).explain()
    assert "sqlite_autoindex_accounts_user" in plan, plan
    assert "deletion" not in plan, plan
