"""An anime is split at the moment in which many write about its episodes: nobody waits crosswise, and nothing is lost."""

from collections.abc import Callable

import pytest

from accounts.tests.factories import UserFactory
from catalog.services.splitting import EpisodeSpan, SplitDraft, anime_split
from catalog.tests.factories import AnimeFactory, EpisodeFactory
from social.models import Comment, Thread
from social.services.comment_votes import comment_vote_set
from social.services.comments import CommentDraft, comment_publish
from social.tests.comments import said, target_of
from tests.races import DONE, at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_writing_and_voting_while_an_anime_is_split() -> None:
    author, *people = UserFactory.create_batch(6)
    anime = AnimeFactory.create(episode_count=24)
    for number in range(1, 25):
        EpisodeFactory.create(anime=anime, number=number)
    top = said(author, target_of(author, anime, 13), "what an opening")
    targets = [target_of(person, anime, 13) for person in people]
    draft = SplitDraft(fields={"title": "Hoshi no Niwa II"}, episodes=EpisodeSpan(first=13, last=24))

    def writing(place: int) -> Callable[[], object]:
        words = CommentDraft(body=f"words {place}")
        return lambda: comment_publish(actor=people[place], target=targets[place], draft=words, parent_id=top.pk)

    def voting(place: int) -> Callable[[], object]:
        return lambda: comment_vote_set(actor=people[place], comment_id=top.pk, value=1)

    calls = [call(place) for place in range(5) for call in (writing, voting)]
    calls.insert(5, lambda: anime_split(actor=None, anime=anime, draft=draft))
    ends = at_once(calls)
    assert set(ends) <= {DONE, "not_found"}
    assert Comment.objects.exclude(pk=top.pk).count() == ends[DONE] - 1 - 5
    assert set(Comment.objects.values_list("anime_id", flat=True)) == {Thread.objects.get().anime_id} != {anime.pk}
    assert Thread.objects.get().comment_count == Comment.objects.count()
