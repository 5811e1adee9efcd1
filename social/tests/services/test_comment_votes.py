"""Votes on comments: one a person, idempotent, taken back, told once; counters hold under many at once."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.errors import NotFound, ValidationFailed
from social.access import Target
from social.errors import CommentDeleted, WithOneself
from social.models import Block, Comment, CommentVote, Notification
from social.services.comment_ranks import best_rank, controversy_rank
from social.services.comment_votes import comment_vote_remove, comment_vote_set
from social.services.comments import comment_delete
from social.tests.comments import said, target_of
from tests.races import at_once


@pytest.fixture
def author(db: None) -> User:
    return UserFactory.create()


@pytest.fixture
def target(author: User) -> Target:
    return target_of(author, AnimeFactory.create())


def state(comment: Comment) -> tuple[int, int, int]:
    found = Comment.objects.get(pk=comment.pk)
    up = CommentVote.objects.filter(comment=comment, value=1).count()
    down = CommentVote.objects.filter(comment=comment, value=-1).count()
    assert (found.up_votes, found.down_votes, found.score) == (up, down, up - down)
    assert found.best == pytest.approx(best_rank(up, down))
    assert found.controversy == pytest.approx(controversy_rank(up, down))
    return up, down, up - down


def test_a_vote_is_one_changes_sides_and_is_taken_back(author: User, target: Target) -> None:
    comment, one, other = said(author, target), *UserFactory.create_batch(2)
    for value, expected in ((1, (1, 0, 1)), (1, (1, 0, 1)), (-1, (0, 1, -1)), (-1, (0, 1, -1)), (1, (1, 0, 1))):
        found = comment_vote_set(actor=one, comment_id=comment.pk, value=value)
        assert state(comment) == expected == (found.up_votes, found.down_votes, found.score)
    comment_vote_set(actor=other, comment_id=comment.pk, value=-1)
    assert state(comment) == (1, 1, 0)
    for _ in range(2):
        comment_vote_remove(actor=one, comment_id=comment.pk)
        assert state(comment) == (0, 1, -1)


@pytest.mark.parametrize("value", [0, 2, -2, True, "1", None, 1.5])
def test_odd_values_are_refused(author: User, target: Target, value: int) -> None:
    comment = said(author, target)
    with pytest.raises(ValidationFailed):
        comment_vote_set(actor=UserFactory.create(), comment_id=comment.pk, value=value)
    assert state(comment) == (0, 0, 0)


def test_not_on_ones_own_on_deleted_ones_or_across_a_block(author: User, target: Target) -> None:
    reader = UserFactory.create()
    comment, gone = said(author, target), said(author, target)
    with pytest.raises(WithOneself):
        comment_vote_set(actor=author, comment_id=comment.pk, value=1)
    comment_vote_set(actor=reader, comment_id=gone.pk, value=1)
    comment_delete(actor=author, comment_id=gone.pk)
    for act in (
        lambda: comment_vote_set(actor=reader, comment_id=gone.pk, value=-1),
        lambda: comment_vote_remove(actor=reader, comment_id=gone.pk),
    ):
        with pytest.raises(CommentDeleted):
            act()
    Block.objects.create(blocker=author, blocked=reader)
    with pytest.raises(NotFound):
        comment_vote_set(actor=reader, comment_id=comment.pk, value=1)
    assert state(comment) == (0, 0, 0)


def test_the_author_is_told_once_by_each(author: User, target: Target) -> None:
    comment, one, other = said(author, target, "wise ||words||"), *UserFactory.create_batch(2)
    comment_vote_set(actor=one, comment_id=comment.pk, value=-1)
    assert not Notification.objects.exists()
    for _ in range(3):
        comment_vote_set(actor=one, comment_id=comment.pk, value=1)
        comment_vote_remove(actor=one, comment_id=comment.pk)
    comment_vote_set(actor=other, comment_id=comment.pk, value=1)
    row = Notification.objects.get(user=author)
    assert (row.kind, row.count, row.actor_count) == ("upvote", 2, 2)
    assert "words" not in row.context["excerpt"]


@pytest.mark.django_db(transaction=True)
def test_fifty_votes_at_once_are_all_counted(author: User, target: Target) -> None:
    comment = said(author, target)
    people = UserFactory.create_batch(10)

    def changing(user: User, turn: int) -> None:
        if turn == 4:
            comment_vote_remove(actor=user, comment_id=comment.pk)
        else:
            comment_vote_set(actor=user, comment_id=comment.pk, value=1 if turn % 2 else -1)

    calls = [lambda u=user, t=turn: changing(u, t) for user in people for turn in range(5)]
    assert at_once(calls) == {"done": 50}
    up, down, _ = state(comment)
    assert up + down <= 10


@pytest.mark.django_db(transaction=True)
def test_answers_and_deletions_at_once_keep_the_counts(author: User, target: Target) -> None:
    top = said(author, target)
    rows = [said(author, target, str(n), to=top) for n in range(6)]
    calls = [lambda r=row: comment_delete(actor=author, comment_id=r.pk) for row in rows]
    calls += [lambda n=n: said(author, target, f"new {n}", to=top) for n in range(6)]
    calls += [lambda: said(author, target, "once", to=top, nonce="same") for _ in range(4)]
    assert at_once(calls) == {"done": 16}
    top.refresh_from_db()
    live = Comment.objects.filter(deleted_at=None)
    assert top.reply_count == live.filter(parent=top).count() == 7
    assert top.thread.__class__.objects.get().comment_count == live.count() == 8
