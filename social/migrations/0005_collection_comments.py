"""Comments of collections move from `lists` into threads, with their ids; their HTML is made when they are first read.

May be run again: what is there already stays as it is.
"""

from typing import Any

from django.db import migrations, models

from core.ids import uuid7

CHUNK = 500


def move(apps: Any, schema_editor: Any = None) -> None:
    """Give every collection that was talked about a thread, and that its comments."""
    old, threads = apps.get_model("lists", "CollectionComment"), apps.get_model("social", "Thread").objects
    for collection_id in list(old.objects.order_by().values_list("collection", flat=True).distinct()):
        rows = old.objects.filter(collection=collection_id)
        live = rows.filter(deleted_at=None)
        thread, _made = threads.get_or_create(kind="collection", collection_id=collection_id, defaults={"id": uuid7()})
        _comments_copy(apps, thread, rows)
        latest = live.aggregate(latest=models.Max("created_at"))["latest"]
        threads.filter(pk=thread.pk).update(comment_count=live.count(), last_comment_at=latest)


def _comments_copy(apps: Any, thread: Any, rows: Any) -> None:
    comment = apps.get_model("social", "Comment")
    for chunk in _chunks(rows):
        comment.objects.bulk_create(
            [
                comment(
                    id=row.pk,
                    thread=thread,
                    author_id=row.author_id,
                    body=row.body,
                    html="",
                    html_version=0,
                    created_at=row.created_at,
                    deleted_at=row.deleted_at,
                    deleted_by_id=row.deleted_by_id,
                )
                for row in chunk
            ],
            ignore_conflicts=True,
        )


def move_back(apps: Any, schema_editor: Any = None) -> None:
    """What is said under collections as it was kept before: without its tree, as far as it is not longer than was allowed."""
    old, comments = apps.get_model("lists", "CollectionComment"), apps.get_model("social", "Comment").objects
    rows = comments.filter(thread__kind="collection").select_related("thread")
    for chunk in _chunks(rows):
        made = [
            old(
                id=row.pk,
                collection_id=row.thread.collection_id,
                author_id=row.author_id,
                body=row.body[:2_000],
                created_at=row.created_at,
                deleted_at=row.deleted_at,
                deleted_by_id=row.deleted_by_id,
            )
            for row in chunk
        ]
        old.objects.bulk_create(made, ignore_conflicts=True)
        for row, kept in zip(chunk, made, strict=True):
            old.objects.filter(pk=kept.pk).update(created_at=row.created_at)
    apps.get_model("social", "Thread").objects.filter(kind="collection").delete()


def _chunks(rows: Any) -> Any:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        yield list(rows.filter(pk__in=keys[start : start + CHUNK]).order_by("pk"))


class Migration(migrations.Migration):
    dependencies = [("social", "0004_feed_lines"), ("lists", "0009_tag_key_once")]

    operations = [migrations.RunPython(move, move_back, elidable=False)]
