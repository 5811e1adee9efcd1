"""Which tables a call wrote to, and what is in a table."""

import re

from django.db import connection

_WRITE = re.compile(
    r'^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+"?([\w.]+)"?', re.IGNORECASE
)
# Written by merely coming by: the site's session of a visitor.
BOOKKEEPING = frozenset({"django_session"})


def tables_written(queries: list[dict[str, str]], may_write: frozenset[str]) -> list[str]:
    """Tables that the captured queries insert into, update or delete from, without the permitted ones."""
    found = {match[1] for query in queries if (match := _WRITE.match(query["sql"]))}
    return sorted(found - BOOKKEEPING - may_write)


def table_contents(tables: list[str]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of these tables, in an order that does not depend on the database."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found
