"""After a bulk write the planner knows how large tables are."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from core.planner import statistics_refresh

pytestmark = pytest.mark.django_db


def rows_known(model: type[Model]) -> int:
    """How many rows the planner believes the table to have."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [model._meta.db_table])
            return int(cursor.fetchone()[0].split()[0])
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def test_statistics_are_collected() -> None:
    statistics_refresh()
    assert rows_known(ContentType) == ContentType.objects.count()


def test_of_some_tables_alone() -> None:
    statistics_refresh()
    ContentType.objects.create(app_label="one", model="more")
    before = Permission.objects.count()
    Permission.objects.create(content_type=ContentType.objects.first(), codename="more", name="More")
    with CaptureQueriesContext(connection) as asked:
        statistics_refresh(ContentType)
    assert [query["sql"] for query in asked] == ['ANALYZE "django_content_type"']
    assert rows_known(ContentType) == ContentType.objects.count()
    assert rows_known(Permission) == before
