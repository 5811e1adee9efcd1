"""Writing many lines of an import, and the facts of many entries, in a few statements."""

from collections.abc import Sequence

from lists.models import ListEntry, ListImportRow

CHUNK = 500
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
    """Write extras and times of held entries as they are in these objects: their states are `states_store`'s."""
    ListEntry.objects.bulk_update(entries, ["extras", "created_at", "updated_at"], batch_size=CHUNK)
