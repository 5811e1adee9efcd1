"""Writing, answering, editing and deleting comments."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Muted
from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.errors import NotFound, ValidationFailed
from core.events import subscribe
from core.events import subscribers as event_subscribers
from lists.tests.collections import collection_of
from social.access import Target, get_collection_target
from social.errors import CommentDeleted, EditWindowOver, ReplyTooDeep, ThreadLocked
from social.events import CommentPublished
from social.models import Block, Comment, CommentMention, CommentRevision, Notification, Thread
from social.services.comments import CommentDraft, comment_delete, comment_edit, comment_publish, comment_restore
from social.tests.comments import said, target_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return UserFactory.create()


@pytest.fixture
def reader() -> User:
    return UserFactory.create()


@pytest.fixture
def target(author: User) -> Target:
    return target_of(author, AnimeFactory.create(episode_count=12))


def kinds_of(user: User) -> list[str]:
    return sorted(Notification.objects.filter(user=user).values_list("kind", flat=True))


def counts() -> list[int]:
    return list(Comment.objects.order_by("created_at", "id").values_list("reply_count", flat=True))


class TestPublishing:
    def test_the_first_makes_the_thread_and_all_are_counted(self, author: User, reader: User, target: Target) -> None:
        first = said(author, target, "**bold** ||secret||")
        said(reader, target, "answer", to=first)
        thread = Thread.objects.get()
        assert (thread.kind, thread.anime_id, thread.comment_count) == ("anime", target.anime_id, 2)
        assert thread.last_comment_at is not None
        assert counts() == [1, 0]
        assert "<strong>bold</strong>" in first.html
        assert 'class="spoiler"' in first.html
        assert first.body == "**bold** ||secret||"

    def test_an_episode_has_its_own_thread_whose_number_is_what_it_gives_away(self, author: User) -> None:
        anime = AnimeFactory.create(episode_count=12)
        under = target_of(author, anime, 5)
        comment = said(author, under, "at 12:34")
        assert f'href="/watch/{anime.pk}/5?t=754"' in comment.html
        assert (comment.anime_id, comment.spoils_episode) == (anime.pk, 5)
        assert said(author, under, "x", spoils_episode=7).spoils_episode == 7
        assert said(author, under, "x", spoils_episode=0).spoils_episode == 0
        assert said(author, target_of(author, anime), "x").spoils_episode is None
        assert Thread.objects.count() == 2

    def test_a_retry_answers_the_first(self, author: User, reader: User, target: Target) -> None:
        first = said(author, target, "once", nonce="n1")
        assert said(author, target, "twice", nonce="n1").pk == first.pk
        assert said(reader, target, "mine", nonce="n1").pk != first.pk
        assert Thread.objects.get().comment_count == 2
        with pytest.raises(ValidationFailed):
            said(author, target, nonce="x" * 65)

    @pytest.mark.parametrize("body", ["", "  \n\t ", "x" * 10_001, "a\x00b", "\ud800", "\u200b\u2800", None, 7])
    def test_what_is_no_text_is_refused(self, author: User, target: Target, body: str) -> None:
        with pytest.raises(ValidationFailed) as caught:
            said(author, target, body)
        assert "body" in caught.value.extra["fields"]
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("number", [-1, 100_001, True, "3"])
    def test_odd_episodes_are_refused(self, author: User, target: Target, number: int) -> None:
        with pytest.raises(ValidationFailed):
            said(author, target, spoils_episode=number)

    def test_nothing_under_a_collection_has_episodes(self, author: User) -> None:
        under = get_collection_target(author, collection_of(author).pk)
        assert said(author, under).spoils_episode is None
        with pytest.raises(ValidationFailed):
            said(author, under, spoils_episode=3)

    def test_the_muted_and_the_late_are_refused(self, author: User, target: Target) -> None:
        first = said(author, target)
        User.objects.filter(pk=author.pk).update(muted_until=timezone.now() + timedelta(hours=1))
        for write in (
            lambda: said(author, target),
            lambda: said(author, target, to=first),
            lambda: comment_edit(actor=author, comment_id=first.pk, draft=CommentDraft(body="x")),
        ):
            with pytest.raises(Muted):
                write()
        comment_delete(actor=author, comment_id=first.pk)
        assert Thread.objects.get().comment_count == 0

    def test_a_closed_thread_is_read_on(self, author: User, target: Target) -> None:
        first = said(author, target)
        Thread.objects.update(is_locked=True)
        with pytest.raises(ThreadLocked):
            said(author, target)
        with pytest.raises(ThreadLocked):
            comment_edit(actor=author, comment_id=first.pk, draft=CommentDraft(body="x"))
        assert said(UserFactory.create(role="moderator"), target, "Closed because").depth == 0

    def test_upper_apps_hear_of_it(self, author: User, reader: User, target: Target) -> None:
        heard: list[CommentPublished] = []
        subscribe(CommentPublished)(heard.append)
        try:
            first = said(author, target)
            second = said(reader, target, f"@{author.username} hello", to=first)
        finally:
            from core import events

            events._subscribers[CommentPublished].remove(heard.append)
        assert heard[1] == CommentPublished(second.pk, reader.pk, second.thread_id, author.pk, (author.pk,))
        assert heard.append not in event_subscribers(CommentPublished)


class TestAnswering:
    def test_the_parent_is_of_the_same_thread(self, author: User, target: Target) -> None:
        elsewhere = said(author, target_of(author, AnimeFactory.create()))
        said(author, target)
        for parent_id in (elsewhere.pk, uuid.uuid4()):
            with pytest.raises(NotFound):
                comment_publish(actor=author, target=target, draft=CommentDraft(body="x"), parent_id=parent_id)
        assert counts() == [0, 0]

    def test_nobody_answers_what_was_deleted_or_across_a_block(
        self, author: User, reader: User, target: Target
    ) -> None:
        first, second = said(author, target), said(author, target)
        comment_delete(actor=author, comment_id=first.pk)
        with pytest.raises(CommentDeleted):
            said(reader, target, to=first)
        block = Block.objects.create(blocker=author, blocked=reader)
        with pytest.raises(NotFound):
            said(reader, target, to=second)
        block.delete()
        Block.objects.create(blocker=reader, blocked=author)
        with pytest.raises(NotFound):
            said(reader, target, to=second)
        assert counts() == [0, 0]

    def test_thirty_levels_and_no_more(self, author: User, target: Target) -> None:
        comment = said(author, target)
        for _ in range(30):
            comment = said(author, target, to=comment)
        assert comment.depth == 30
        with pytest.raises(ReplyTooDeep):
            said(author, target, to=comment)
        assert Thread.objects.get().comment_count == 31
        assert Comment.objects.get(pk=comment.pk).reply_count == 0


class TestTelling:
    def test_each_person_is_told_once_by_the_strongest_reason(self, author: User, reader: User) -> None:
        owner, named = UserFactory.create_batch(2)
        under = get_collection_target(owner, collection_of(owner).pk)
        first = said(author, under)
        assert kinds_of(owner) == ["comment"]
        body = f"@{author.username} @{named.username.upper()} @{owner.username} @nobody_x @{reader.username}"
        said(reader, under, body, to=first)
        assert kinds_of(author) == ["reply"]
        assert kinds_of(named) == ["mention"]
        assert kinds_of(owner) == ["comment", "mention"]
        assert kinds_of(reader) == []

    def test_ten_of_many_are_told(self, author: User, target: Target) -> None:
        people = UserFactory.create_batch(14)
        said(author, target, " ".join(f"@{one.username}" for one in people))
        assert CommentMention.objects.count() == 14
        assert Notification.objects.filter(kind="mention").count() == 10

    def test_across_a_block_nobody_is_told_or_linked(self, author: User, reader: User, target: Target) -> None:
        Block.objects.create(blocker=reader, blocked=author)
        comment = said(author, target, f"@{reader.username}")
        assert "<a" not in comment.html
        assert not Notification.objects.exists()
        assert not CommentMention.objects.exists()

    def test_nobody_hears_of_what_they_may_not_see(self, author: User, reader: User) -> None:
        shelf = collection_of(author, visibility="private")
        said(author, get_collection_target(author, shelf.pk), f"@{reader.username} look")
        adult = target_of(UserFactory.create(role="admin"), AnimeFactory.create(adult=True))
        said(author, adult, f"@{reader.username} look")
        assert not Notification.objects.exists()

    def test_words_of_what_is_deleted_are_not_told_on(self, author: User, reader: User, target: Target) -> None:
        first = said(author, target)
        answer = said(reader, target, "rude words", to=first)
        row = Notification.objects.get(user=author)
        assert row.context["excerpt"] == "rude words"
        comment_delete(actor=reader, comment_id=answer.pk)
        assert not Notification.objects.exists()
        answer = said(reader, target, "rude words", to=first)
        Notification.objects.update(read_at=timezone.now())
        comment_delete(actor=reader, comment_id=answer.pk)
        assert "rude" not in str(Notification.objects.get().context)


class TestEditing:
    def test_what_it_said_is_kept_and_the_new_are_told(self, author: User, reader: User, target: Target) -> None:
        other = UserFactory.create()
        comment = said(author, target, f"first @{reader.username}")
        draft = CommentDraft(body=f"second @{reader.username} @{other.username}", is_spoiler=True, spoils_episode=3)
        edited = comment_edit(actor=author, comment_id=comment.pk, draft=draft)
        assert (edited.is_spoiler, edited.spoils_episode, edited.edited_at is not None) == (True, 3, True)
        assert "second" in edited.html
        assert CommentRevision.objects.get().body == f"first @{reader.username}"
        assert Notification.objects.get(user=reader).count == 1
        assert kinds_of(other) == ["mention"]
        comment_edit(actor=author, comment_id=comment.pk, draft=draft)
        assert CommentRevision.objects.count() == 1

    def test_only_by_its_author_for_fifteen_minutes(self, author: User, reader: User, target: Target) -> None:
        comment = said(author, target)
        draft = CommentDraft(body="x")
        for actor in (reader, UserFactory.create(role="superadmin")):
            with pytest.raises(NotFound):
                comment_edit(actor=actor, comment_id=comment.pk, draft=draft)
        Comment.objects.update(created_at=timezone.now() - timedelta(minutes=15))
        with pytest.raises(EditWindowOver):
            comment_edit(actor=author, comment_id=comment.pk, draft=draft)
        comment_delete(actor=author, comment_id=comment.pk)
        with pytest.raises(CommentDeleted):
            comment_edit(actor=author, comment_id=comment.pk, draft=draft)
        assert Comment.objects.get().body == "hello"


class TestDeleting:
    def test_authors_owners_and_moderators_and_nobody_else(self, author: User, reader: User) -> None:
        owner = UserFactory.create()
        under = get_collection_target(owner, collection_of(owner).pk)
        rows = [said(author, under, str(n)) for n in range(3)]
        for actor in (reader, UserFactory.create(role="tester")):
            with pytest.raises(NotFound):
                comment_delete(actor=actor, comment_id=rows[0].pk)
        for actor, row in zip((author, owner, UserFactory.create(role="moderator")), rows, strict=True):
            comment_delete(actor=actor, comment_id=row.pk)
            with pytest.raises(CommentDeleted):
                comment_delete(actor=actor, comment_id=row.pk)
            row.refresh_from_db()
            assert (row.deleted_by_id, row.body != "") == (actor.pk, True)
        assert Thread.objects.get().comment_count == 0

    def test_what_only_held_a_place_goes_with_the_last_that_hung_on_it(self, author: User, target: Target) -> None:
        a = said(author, target, "a")
        b = said(author, target, "b", to=a)
        c = said(author, target, "c", to=b)
        comment_delete(actor=author, comment_id=b.pk)
        assert counts() == [1, 1, 0]
        comment_delete(actor=author, comment_id=c.pk)
        assert counts() == [0, 0, 0]
        staff = UserFactory.create(role="moderator")
        for row in (b, c):
            with pytest.raises(NotFound):
                comment_restore(actor=staff, comment_id=row.pk)

    def test_what_staff_hid_comes_back_with_its_place(self, author: User, target: Target) -> None:
        staff = UserFactory.create(role="moderator")
        a = said(author, target, "a")
        b = said(author, target, "b", to=a)
        c = said(author, target, "c", to=b)
        for row in (b, c):
            comment_delete(actor=staff, comment_id=row.pk)
        assert (counts(), Thread.objects.get().comment_count) == ([0, 0, 0], 1)
        with pytest.raises(NotFound):
            comment_restore(actor=author, comment_id=c.pk)
        comment_restore(actor=staff, comment_id=c.pk)
        assert counts() == [1, 1, 0]
        comment_restore(actor=staff, comment_id=b.pk)
        assert (counts(), Thread.objects.get().comment_count) == ([1, 1, 0], 3)
