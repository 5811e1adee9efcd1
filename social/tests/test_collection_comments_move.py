"""The migration that makes threads of what was said under collections, there and back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.tests.factories import UserFactory
from lists.tests.collections import collection_of
from social.access import get_collection_target
from social.models import Comment, Thread
from social.selectors.comment_trees import CommentSort, thread_page
from social.tests.comments import said

BEFORE = [("social", "0004_feed_lines"), ("lists", "0009_tag_key_once")]


def migrated(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    return executor.migrate(targets).apps


@pytest.mark.django_db(transaction=True)
def test_comments_of_collections_become_a_thread_and_back() -> None:
    author, reader = UserFactory.create_batch(2)
    shelf, silent = collection_of(author), collection_of(author)
    said(reader, get_collection_target(reader, shelf.pk), "written since")
    latest = [
        node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] in ("social", "lists")
    ]
    now = timezone.now()
    try:
        old = migrated(BEFORE).get_model("lists", "CollectionComment").objects
        assert [row.body for row in old.all()] == ["written since"]
        kept = old.create(collection_id=shelf.pk, author_id=reader.pk, body="**first**")
        gone = old.create(
            collection_id=shelf.pk, author_id=reader.pk, body="x", deleted_at=now, deleted_by_id=author.pk
        )
        nobody = old.create(collection_id=shelf.pk, author_id=None, body="of nobody")
        old.filter(pk=kept.pk).update(created_at=now - timedelta(days=9))
    finally:
        migrated(latest)
    thread = Thread.objects.get()
    assert (thread.kind, thread.collection_id, thread.comment_count) == ("collection", shelf.pk, 3)
    assert set(Comment.objects.values_list("pk", flat=True)) >= {kept.pk, gone.pk, nobody.pk}
    first = Comment.objects.get(pk=kept.pk)
    assert (first.author_id, first.created_at, first.html) == (reader.pk, now - timedelta(days=9), "")
    assert Comment.objects.get(pk=gone.pk).deleted_by_id == author.pk
    page = thread_page(author, get_collection_target(author, shelf.pk), sort=CommentSort.NEW)
    assert len(page.nodes) == 3
    assert any("<strong>first</strong>" in node.comment.html for node in page.nodes)
    assert thread_page(author, get_collection_target(author, silent.pk)).count == 0
