"""Two anime become one: what was said about either, and about each episode, is one conversation."""

import pytest
from django.db import transaction

from accounts.tests.factories import UserFactory
from catalog.events import AnimeMerged
from catalog.tests.factories import AnimeFactory
from core.events import emit
from social.access import get_anime_target
from social.models import Comment, Thread
from social.selectors.comment_trees import thread_page
from social.tests.comments import said, target_of


@pytest.mark.django_db
def test_conversations_about_the_same_thing_become_one() -> None:
    author = UserFactory.create()
    keep, duplicate = AnimeFactory.create_batch(2, episode_count=12)
    for anime in (keep, duplicate):
        top = said(author, target_of(author, anime), f"of {anime.pk}")
        said(author, target_of(author, anime), "answer", to=top)
    said(author, target_of(author, duplicate, 3), "of the third")
    Thread.objects.filter(anime=duplicate, kind="anime").update(is_locked=True)
    with transaction.atomic():
        emit(AnimeMerged(keep_id=keep.pk, duplicate_id=duplicate.pk))
    assert not Thread.objects.filter(anime=duplicate).exists()
    assert not Comment.objects.filter(anime=duplicate).exists()
    whole = Thread.objects.get(kind="anime")
    assert (whole.anime_id, whole.comment_count, whole.is_locked) == (keep.pk, 4, True)
    assert len(thread_page(author, get_anime_target(author, keep.pk)).nodes) == 2
    assert thread_page(author, get_anime_target(author, keep.pk, 3)).nodes[0].comment.body == "of the third"
