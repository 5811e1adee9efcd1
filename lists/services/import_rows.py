"""Writing many lines of an import, and the facts of many entries, in a few statements."""

from collections.abc import Sequence

from django.db import connection

from lists.models import ListEntry, ListImportRow

CHUNK = 500
_FACTS = frozenset({"extras", "created_at", "updated_at"})
_WRITTEN = ("anime", "state", "diff", "reason", "before", "after")


def rows_store(rows: Sequence[ListImportRow]) -> None:
    """Write what became of lines that exist. An upsert by (import, position): a tenth of the time of CASE … WHEN."""
    copies = [
        ListImportRow(
            list_import_id=row.list_import_id,
            position=row.position,
            title=row.title,
            outcome=row.outcome,
            record={},  # never written: the line exists
            **{
                name if name != "anime" else "anime_id": getattr(row, "anime_id" if name == "anime" else name)
                for name in _WRITTEN
            },
        )
        for row in rows
    ]
    ListImportRow.objects.bulk_create(
        copies,
        update_conflicts=True,
        unique_fields=["list_import", "position"],
        update_fields=_WRITTEN,
        batch_size=CHUNK,
    )


def entry_facts_store(entries: Sequence[ListEntry]) -> None:
    """Write extras and times of held entries as they are in these objects: their states are `states_store`'s.

    Without the ORM, which sets these times itself in an upsert and takes a second per 1,000 rows for CASE … WHEN.
    """
    meta, quoted = ListEntry._meta, connection.ops.quote_name
    columns = [field for field in meta.concrete_fields if field.name in _FACTS]
    columns.append(meta.pk)
    *written, key = [f"{quoted(str(field.column))} = %s" for field in columns]
    rows = [
        [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in columns] for entry in entries
    ]
    sql = f"UPDATE {quoted(meta.db_table)} SET {', '.join(written)} WHERE {key}"  # noqa: S608 — names of our columns
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
