"""Notices go with what they are about, and say what it says now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.models import RealtimeEvent
from lists.tests.collections import collection_of
from social.access import Target, get_collection_target, get_post_target
from social.models import CommentMention, Notification
from social.notification_words import words_of
from social.services.comment_votes import comment_vote_set
from social.services.comments import CommentDraft, comment_delete, comment_edit
from social.services.notifications import unread_count
from social.services.post_reactions import reaction_set
from social.services.posts import post_delete, post_edit, post_restore
from social.tests.comments import said, target_of
from social.tests.posts import post_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return UserFactory.create(username="author_x")


@pytest.fixture
def reader() -> User:
    return UserFactory.create(username="reader_x")


@pytest.fixture
def target(author: User) -> Target:
    return target_of(author, AnimeFactory.create(episode_count=12))


def last_count(user: User) -> object:
    return RealtimeEvent.objects.filter(user=user, type="notification.read").order_by("-pk").first()


class TestDeletedComments:
    def test_a_mention_an_answer_and_votes_go(self, author: User, reader: User, target: Target) -> None:
        top = said(author, target, "top")
        answer = said(reader, target, "answer", to=top)
        said(reader, target, f"@{author.username}")
        comment_vote_set(actor=author, comment_id=answer.pk, value=1)
        assert unread_count(author.pk) == 2
        comment_delete(actor=reader, comment_id=answer.pk)
        assert list(Notification.objects.values_list("user", "kind")) == [(author.pk, "mention")]
        event = last_count(author)
        assert event is not None
        assert event.payload == {"unread": 1}  # type: ignore[attr-defined]

    def test_a_group_goes_on_with_the_others(self, author: User, reader: User, target: Target) -> None:
        third, top = UserFactory.create(), said(author, target, "top")
        first = said(reader, target, "kind words", to=top)
        last = said(third, target, "rude words", to=top)
        comment_delete(actor=third, comment_id=last.pk)
        row = Notification.objects.get(user=author)
        assert (row.actor_count, row.count, row.url) == (1, 1, f"/comments/{first.pk}")
        assert row.context["excerpt"] == "kind words"
        assert [one.user_id for one in row.actors.all()] == [reader.pk]
        comment_delete(actor=reader, comment_id=first.pk)
        assert not Notification.objects.exists()

    def test_one_of_two_by_the_same_person(self, author: User, reader: User) -> None:
        under = get_collection_target(author, collection_of(author).pk)
        first, last = said(reader, under, "one"), said(reader, under, "two")
        comment_delete(actor=author, comment_id=first.pk)
        row = Notification.objects.get(user=author)
        assert (row.actor_count, row.count, row.url, row.context["excerpt"]) == (1, 1, f"/comments/{last.pk}", "two")
        comment_delete(actor=reader, comment_id=last.pk)
        assert not Notification.objects.exists()

    def test_what_was_read_stays_and_holds_no_later_one(self, author: User, reader: User, target: Target) -> None:
        top = said(author, target, "top")
        said(reader, target, "before", to=top)
        Notification.objects.update(read_at=timezone.now())
        later = said(reader, target, "after", to=top)
        assert Notification.objects.count() == 2
        comment_delete(actor=reader, comment_id=later.pk)
        assert Notification.objects.get().context["excerpt"] == "before"

    def test_nothing_of_others_goes(self, author: User, reader: User, target: Target) -> None:
        first = said(reader, target, f"@{author.username} old")
        first.created_at = timezone.now() - timedelta(days=2)
        first.save()
        Notification.objects.update(created_at=timezone.now() - timedelta(days=2))
        other = said(UserFactory.create(), target, "unrelated")
        comment_delete(actor=UserFactory.create(role="moderator"), comment_id=other.pk)
        assert Notification.objects.get(user=author).count == 1


class TestEditedComments:
    def test_whom_it_names_no_more_is_told_no_more(self, author: User, reader: User, target: Target) -> None:
        comment = said(author, target, f"secret @{reader.username}")
        comment_edit(actor=author, comment_id=comment.pk, draft=CommentDraft(body="nothing"))
        assert not Notification.objects.exists()
        assert not CommentMention.objects.exists()

    def test_what_was_told_says_what_it_says_now(self, author: User, reader: User, target: Target) -> None:
        top = said(reader, target, "top")
        other = UserFactory.create()
        comment = said(author, target, f"first @{other.username}", to=top)
        Notification.objects.filter(user=other).update(read_at=timezone.now())
        comment_edit(actor=author, comment_id=comment.pk, draft=CommentDraft(body="second", is_spoiler=True))
        row = Notification.objects.get(user=reader)
        assert (row.context["excerpt"], row.is_spoiler) == ("second", True)
        assert Notification.objects.get(user=other).context["excerpt"] == ""


class TestPosts:
    def test_editing_follows(self, author: User, reader: User) -> None:
        other = UserFactory.create(username="other_x")
        post = post_of(author, title="Old title", body=f"old words @{reader.username} @{other.username}")
        post_edit(actor=author, post_id=post.pk, title="New title", body=f"new words @{other.username}")
        row = Notification.objects.get()
        assert (row.user_id, row.count, row.context["about"]) == (other.pk, 1, "New title")
        assert row.context["excerpt"].startswith("new words")
        Notification.objects.update(read_at=timezone.now())
        post_edit(actor=author, post_id=post.pk, body="nobody")
        assert Notification.objects.get().context == {"about": "…", "excerpt": ""}

    def test_deleting_takes_what_was_told_of_it(self, author: User, reader: User) -> None:
        other = UserFactory.create(username="other_x")
        post = post_of(author, body=f"@{reader.username}")
        reaction_set(actor=reader, post_id=post.pk, kind="like")
        under = get_post_target(reader, post.pk)
        top = said(reader, under, f"@{other.username}")
        said(other, under, "an answer", to=top)
        comment_vote_set(actor=other, comment_id=top.pk, value=1)
        kinds = {"mention", "reaction", "comment", "reply", "upvote"}
        assert set(Notification.objects.values_list("kind", flat=True)) == kinds
        elsewhere = said(reader, target_of(reader, AnimeFactory.create()))
        kept = said(other, target_of(reader, elsewhere.thread.anime), to=elsewhere)
        post_delete(actor=author, post_id=post.pk)
        assert Notification.objects.get().url == f"/comments/{kept.pk}"
        post_restore(actor=UserFactory.create(role="moderator"), post_id=post.pk)
        assert Notification.objects.count() == 1

    def test_what_was_read_of_a_deleted_one_has_no_words(self, author: User, reader: User) -> None:
        post = post_of(author, title="Secret title", body=f"secret words @{reader.username}")
        Notification.objects.update(read_at=timezone.now())
        post_delete(actor=author, post_id=post.pk)
        assert Notification.objects.get().context == {"about": "…", "excerpt": ""}


@pytest.mark.parametrize("who", ["chiyo", "chiyo and bruno", "chiyo and 12 others"])
def test_new_friends_read_right_for_one_and_for_several(who: str) -> None:
    assert words_of("friend_accepted", {}, who=who).text == f"You are friends with {who} now."
