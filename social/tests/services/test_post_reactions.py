"""Reactions to posts: one a person, counters right whoever comes at once, its author told once."""

from datetime import timedelta

import pytest

from accounts.models import Role, User
from accounts.services.mutes import user_mute
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.errors import NotFound, ValidationFailed
from social.models import Block, Notification, Post, PostReaction
from social.services.post_reactions import reaction_remove, reaction_set
from social.services.posts import post_delete, post_lock
from social.tests.posts import post_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return UserFactory.create()


def counted(post: Post) -> tuple[dict[str, int], int, int]:
    post.refresh_from_db()
    return post.reactions, post.like_count, post.score


def test_another_reaction_takes_the_place_of_the_first(reader: User) -> None:
    post, other = post_of(), UserFactory.create()
    assert reaction_set(actor=reader, post_id=post.pk).reactions == {"like": 1}
    reaction_set(actor=reader, post_id=post.pk)
    reaction_set(actor=other, post_id=post.pk, kind="wow")
    assert counted(post) == ({"like": 1, "wow": 1}, 1, 2)
    reaction_set(actor=reader, post_id=post.pk, kind="wow")
    assert counted(post) == ({"wow": 2}, 0, 2)
    reaction_remove(actor=reader, post_id=post.pk)
    reaction_remove(actor=reader, post_id=post.pk)
    assert counted(post) == ({"wow": 1}, 0, 1)
    assert PostReaction.objects.count() == 1


@pytest.mark.parametrize("kind", ["", "angry", "LIKE", "\x00", "like "])
def test_only_the_five_kinds_count(reader: User, kind: str) -> None:
    post = post_of()
    with pytest.raises(ValidationFailed):
        reaction_set(actor=reader, post_id=post.pk, kind=kind)
    assert counted(post) == ({}, 0, 0)


def test_what_cannot_be_seen_is_not_reacted_to(reader: User) -> None:
    gone, blocked, adult = post_of(), post_of(), post_of()
    post_delete(actor=gone.author, post_id=gone.pk)
    Block.objects.create(blocker=blocked.author, blocked=reader)
    Post.objects.filter(pk=adult.pk).update(anime=AnimeFactory.create(is_adult=True))
    for post in (gone, blocked, adult):
        for call in (reaction_set, reaction_remove):
            with pytest.raises(NotFound):
                call(actor=reader, post_id=post.pk)
    assert not PostReaction.objects.exists()


def test_muted_people_react_also_to_what_is_closed(reader: User) -> None:
    staff, post = UserFactory.create(role=Role.MODERATOR), post_of()
    user_mute(actor=staff, user=reader, duration=timedelta(hours=1))
    post_lock(actor=staff, post_id=post.pk)
    reaction_set(actor=reader, post_id=post.pk)
    assert counted(post)[2] == 1


def test_the_author_is_told_of_many_in_one_row_and_never_by_themselves(reader: User) -> None:
    author = UserFactory.create()
    post = post_of(author, title="Look")
    reaction_set(actor=author, post_id=post.pk)
    assert not Notification.objects.exists()
    for person in (reader, *UserFactory.create_batch(2)):
        reaction_set(actor=person, post_id=post.pk)
    reaction_set(actor=reader, post_id=post.pk, kind="sad")
    row = Notification.objects.get()
    assert (row.user_id, row.kind, row.count, row.actor_count) == (author.pk, "reaction", 3, 3)
    assert row.context["about"] == "Look"
    assert row.url == f"/community/posts/{post.pk}"


@pytest.mark.django_db(transaction=True)
def test_counters_are_right_after_twenty_at_once() -> None:
    post = post_of()
    people = UserFactory.create_batch(20)
    kinds = ["like", "love"] * 10
    ends = at_once(
        [
            lambda person=person, kind=kind: reaction_set(actor=person, post_id=post.pk, kind=kind)
            for person, kind in zip(people, kinds, strict=True)
        ]
    )
    assert ends == {"done": 20}
    assert counted(post) == ({"like": 10, "love": 10}, 10, 20)
    assert Notification.objects.get().actor_count == 20


@pytest.mark.django_db(transaction=True)
def test_one_person_at_once_counts_once() -> None:
    post, reader = post_of(), UserFactory.create()
    kinds = ["like", "love", "wow", "sad"] * 2
    calls = [lambda kind=kind: reaction_set(actor=reader, post_id=post.pk, kind=kind) for kind in kinds]
    calls += [lambda: reaction_remove(actor=reader, post_id=post.pk)] * 4
    assert at_once(calls) == {"done": 12}
    rows = list(PostReaction.objects.values_list("kind", flat=True))
    assert len(rows) <= 1
    reactions, likes, score = counted(post)
    assert reactions == dict.fromkeys(rows, 1)
    assert (likes, score) == (rows.count("like"), len(rows))
