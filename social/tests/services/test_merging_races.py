"""A merge of two anime at the moment in which many write about them: nobody waits crosswise, and nothing said is lost."""

from collections.abc import Callable

import pytest

from accounts.tests.factories import UserFactory
from catalog.services.merging import anime_merge
from catalog.tests.factories import AnimeFactory
from social.access import get_anime_target
from social.models import Comment, CommentVote, Thread
from social.services.comment_votes import comment_vote_set
from social.services.comments import CommentDraft, comment_delete, comment_publish
from social.tests.comments import said, target_of
from tests.races import DONE, at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PEOPLE = 7


@pytest.mark.parametrize("seen_before", [True, False])
def test_writing_voting_and_deleting_while_two_anime_become_one(*, seen_before: bool) -> None:
    author, *people = UserFactory.create_batch(PEOPLE + 1)
    keep, duplicate = AnimeFactory.create_batch(2, episode_count=12)
    targets = [
        get_anime_target(person, duplicate.pk, 1 if seen_before else number) for number, person in enumerate(people)
    ]
    tops = [said(author, target_of(author, duplicate, 1), f"top {number}") for number in range(3)]
    said(author, target_of(author, keep, 1), "of the one that stays")

    def writing(number: int) -> Callable[[], object]:
        parent_id = tops[number % len(tops)].pk if seen_before else None
        draft = CommentDraft(body=f"words {number}")
        return lambda: comment_publish(actor=people[number], target=targets[number], draft=draft, parent_id=parent_id)

    def voting(number: int) -> Callable[[], object]:
        return lambda: comment_vote_set(actor=people[number], comment_id=tops[number % len(tops)].pk, value=1)

    calls = [call(number) for number in range(PEOPLE) for call in (writing, voting)]
    calls.insert(PEOPLE // 2, lambda: anime_merge(actor=None, keep=keep, duplicate=duplicate))
    calls.append(lambda: comment_delete(actor=author, comment_id=tops[0].pk))
    ends = at_once(calls)
    assert set(ends) <= {DONE, "not_found", "comment_deleted"}
    keep.refresh_from_db()
    duplicate.refresh_from_db()
    assert duplicate.merged_into_id == keep.pk
    assert not Thread.objects.filter(anime=duplicate).exists()
    assert not Comment.objects.filter(anime=duplicate).exists()
    for thread in Thread.objects.all():
        assert thread.comment_count == Comment.objects.live().filter(thread=thread).count()
    written = Comment.objects.filter(author__in=people).count()
    assert written == ends[DONE] - 1 - Comment.objects.exclude(deleted_at=None).count() - CommentVote.objects.count()
