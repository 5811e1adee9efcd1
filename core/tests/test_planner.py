"""After a bulk write the planner knows how large tables are."""

import pytest
from django.db import connection

from core.planner import statistics_refresh


@pytest.mark.django_db
def test_statistics_are_collected() -> None:
    from django.contrib.contenttypes.models import ContentType

    statistics_refresh()
    count = ContentType.objects.count()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'django_content_type'")
            assert cursor.fetchone()[0].split()[0] == str(count)
        else:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'django_content_type'")
            assert cursor.fetchone()[0] == count
