"""Threads as somebody reads them."""

import random
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.errors import NotFound, ValidationFailed
from lists.services.entries import entry_set
from social.models import Block, Comment, Thread
from social.selectors.comment_trees import CommentSort, comment_trail, replies_page, sort_read, thread_page
from social.services.comment_votes import comment_vote_set
from social.services.comments import comment_delete
from social.tests.comments import said, target_of

pytestmark = pytest.mark.django_db


def test_a_page_has_the_first_answers_and_says_what_it_leaves_out() -> None:
    author, reader = UserFactory.create_batch(2)
    target = target_of(author, AnimeFactory.create())
    top = said(author, target, "top")
    answers = [said(reader, target, f"answer {n}", to=top) for n in range(5)]
    below = [said(author, target, f"below {n}", to=answers[0]) for n in range(3)]
    said(reader, target, "deep", to=below[0])
    page = thread_page(reader, target, sort=CommentSort.OLD)
    (node,) = page.nodes
    assert (page.count, page.next_cursor) == (10, "")
    assert [reply.comment.body for reply in node.replies] == ["answer 0", "answer 1", "answer 2"]
    assert node.hidden_reply_count == 2
    rest = replies_page(reader, top.pk, sort=CommentSort.OLD, cursor=node.replies_cursor)
    assert [reply.comment.body for reply in rest.nodes] == ["answer 3", "answer 4"]
    first = node.replies[0]
    assert [reply.comment.body for reply in first.replies] == ["below 0", "below 1"]
    assert (first.hidden_reply_count, first.replies[0].hidden_reply_count) == (1, 1)
    deep = replies_page(reader, below[0].pk, sort=CommentSort.OLD, cursor=first.replies[0].replies_cursor)
    assert [reply.comment.body for reply in deep.nodes] == ["deep"]
    comment_delete(actor=author, comment_id=below[0].pk)
    found, above, own = comment_trail(reader, deep.nodes[0].comment.pk)
    assert found == target
    assert [(one.comment.body, one.is_gone) for one in above] == [("top", False), ("answer 0", False), ("", True)]
    assert own.comment.body == "deep"


def walked(viewer, target, sort: CommentSort, *, limit: int) -> list:
    """Every node of a thread in the viewer's eyes, through all cursors."""
    found, cursor = [], ""
    while True:
        page = thread_page(viewer, target, sort=sort, cursor=cursor, limit=limit)
        for node in page.nodes:
            found.extend(below(viewer, node, sort, limit=limit))
        cursor = page.next_cursor
        if not cursor:
            return found


def below(viewer, node, sort: CommentSort, *, limit: int) -> list:
    found = [node]
    for reply in node.replies:
        found.extend(below(viewer, reply, sort, limit=limit))
    cursor = node.replies_cursor
    while cursor:
        page = replies_page(viewer, node.comment.pk, sort=sort, cursor=cursor, limit=limit)
        for reply in page.nodes:
            found.extend(below(viewer, reply, sort, limit=limit))
        cursor = page.next_cursor
    return found


@pytest.mark.parametrize("seed", range(6))
def test_any_tree_is_paged_through_completely_each_once(seed: int) -> None:
    """Random trees of comments, votes, deletions, blocks and suspensions, in every sort and two sizes of pages."""
    rng = random.Random(seed)
    viewer, blocked, suspended, *people = UserFactory.create_batch(6)
    target = target_of(viewer, AnimeFactory.create())
    rows: list[Comment] = []
    for number in range(60):
        parent = rng.choice(rows) if rows and rng.random() < 0.75 else None
        author = rng.choice([viewer, blocked, suspended, *people])
        rows.append(said(author, target, str(number), to=parent))
    for row in rng.sample(rows, 25):
        if row.author_id != people[0].pk:
            comment_vote_set(actor=people[0], comment_id=row.pk, value=rng.choice([1, -1]))
    for row in rng.sample(rows, 20):
        comment_delete(actor=row.author, comment_id=row.pk)
    Block.objects.create(blocker=viewer, blocked=blocked)
    User.objects.filter(pk=suspended.pk).update(is_active=False)

    current = {row.pk: row for row in Comment.objects.all()}
    readable = {
        row.pk for row in current.values() if row.deleted_at is None and row.author_id not in (blocked.pk, suspended.pk)
    }
    needed = set(readable)
    for pk in readable:  # everything above what is read holds its place
        while (pk := current[pk].parent_id) is not None:
            needed.add(pk)
    for sort in CommentSort:
        for limit in (3, 50):
            nodes = walked(viewer, target, sort, limit=limit)
            ids = [node.comment.pk for node in nodes]
            assert len(ids) == len(set(ids))
            assert needed <= set(ids)
            assert {node.comment.pk for node in nodes if not node.is_gone} == readable
            for node in nodes:
                if node.is_gone:
                    assert (node.comment.body, node.comment.html, node.author) == ("", "", None)
    assert Thread.objects.get().comment_count == sum(row.deleted_at is None for row in current.values())


def test_the_order_of_each_sort() -> None:
    author, reader, other = UserFactory.create_batch(3)
    target = target_of(author, AnimeFactory.create())
    rows = [said(author, target, str(n)) for n in range(4)]
    for voter, row, value in ((reader, 0, 1), (other, 0, 1), (reader, 1, 1), (other, 1, -1), (reader, 2, -1)):
        comment_vote_set(actor=voter, comment_id=rows[row].pk, value=value)

    def order(sort: CommentSort) -> str:
        return "".join(node.comment.body for node in thread_page(reader, target, sort=sort).nodes)

    assert order(CommentSort.BEST) == "0132"
    assert order(CommentSort.NEW) == "3210"
    assert order(CommentSort.OLD) == "0123"
    assert order(CommentSort.CONTROVERSIAL) == "1320"
    assert [node.my_vote for node in thread_page(reader, target, sort=CommentSort.OLD).nodes] == [1, 1, -1, 0]
    assert thread_page(AnonymousUser(), target).nodes[0].my_vote == 0


@pytest.mark.parametrize("cursor", ["x", "p.x", "bm9wZQ", "WyJuZXciXQ", "\x00", "é", "W10", "WyJiZXN0Iix0cnVlLCJ4Il0"])
def test_bad_cursors_are_refused(cursor: str) -> None:
    author = UserFactory.create()
    target = target_of(author, AnimeFactory.create())
    with pytest.raises(ValidationFailed):
        thread_page(author, target, cursor=cursor)
    comment = said(author, target)
    with pytest.raises(ValidationFailed):
        thread_page(author, target, cursor=cursor)
    with pytest.raises(ValidationFailed):
        replies_page(author, comment.pk, cursor=cursor)
    with pytest.raises(ValidationFailed):
        sort_read("loudest")


def test_what_gives_episodes_away_is_covered_by_ones_own_progress() -> None:
    author, reader = UserFactory.create_batch(2)
    anime = AnimeFactory.create(episode_count=12)
    target = target_of(author, anime)
    said(author, target, "plain")
    said(author, target, "of 3", spoils_episode=3)
    said(author, target, "spoiler", is_spoiler=True)

    def covered(viewer) -> list[bool]:
        return [node.is_covered for node in thread_page(viewer, target, sort=CommentSort.OLD).nodes]

    assert covered(reader) == [False, True, True]
    entry_set(user=reader, anime_id=anime.pk, status="watching", episodes_watched=3)
    assert covered(reader) == [False, False, True]
    assert covered(author) == [False, False, False]
    assert covered(AnonymousUser()) == [False, True, True]


def test_what_one_may_do_with_each() -> None:
    author, reader = UserFactory.create_batch(2)
    target = target_of(author, AnimeFactory.create())
    said(author, target)

    def rights(viewer) -> tuple[bool, bool]:
        (node,) = thread_page(viewer, target).nodes
        return node.can_edit, node.can_delete

    assert rights(author) == (True, True)
    assert rights(reader) == rights(AnonymousUser()) == (False, False)
    assert rights(UserFactory.create(role="moderator")) == (False, True)
    Thread.objects.update(is_locked=True)
    assert rights(author) == (False, True)
    Thread.objects.update(is_locked=False)
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert rights(author) == (False, True)


def test_six_queries_however_many_there_are() -> None:
    author, reader, other = UserFactory.create_batch(3)
    anime = AnimeFactory.create(episode_count=12)
    target = target_of(author, anime, 2)
    Block.objects.create(blocker=other, blocked=reader)
    counts = []
    for _ in range(2):
        for _ in range(5):
            top = said(author, target)
            comment_vote_set(actor=reader, comment_id=top.pk, value=1)
            for _ in range(4):
                said(other, target, to=said(author, target, to=top))
        with CaptureQueriesContext(connection) as queries:
            thread_page(reader, target)
        counts.append(len(queries))
    assert counts == [6, 6]


def test_a_trail_of_thirty_levels_and_of_what_is_not_there() -> None:
    author, reader = UserFactory.create_batch(2)
    target = target_of(author, AnimeFactory.create())
    comment = said(author, target)
    for _ in range(30):
        comment = said(author, target, to=comment)
    with CaptureQueriesContext(connection) as queries:
        _target, above, node = comment_trail(reader, comment.pk)
    assert ([one.comment.depth for one in above], node.comment.depth) == (list(range(30)), 30)
    assert len(queries) <= 8
    comment_delete(actor=author, comment_id=comment.pk)
    with pytest.raises(NotFound):
        comment_trail(reader, comment.pk)
    with pytest.raises(NotFound):
        comment_trail(reader, uuid.uuid4())
