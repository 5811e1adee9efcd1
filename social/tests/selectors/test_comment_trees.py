"""Threads as somebody reads them."""

import pytest

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from social.selectors.comment_trees import CommentSort, comment_trail, replies_page, thread_page
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
