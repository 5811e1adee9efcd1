"""Asking, accepting, declining, parting, following and blocking; what is told, what is taken back, and what races do."""

import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.errors import NotFound
from core.events import subscribe
from core.models import RealtimeEvent
from social.errors import AlreadyFriends, AlreadyRequested, Blocked, TooManyFollowed, TooManyFriends, WithOneself
from social.events import FriendshipEnded, FriendshipMade, PeopleBlocked
from social.models import Block, Follow, Friendship, FriendshipStatus, Notification, NotificationActor
from social.notices import FOLLOWED, FRIEND_ACCEPTED, FRIEND_REQUEST, REPLY
from social.selectors.relations import Standing, friend_ids, standing
from social.services import relations
from social.services.notifications import READ, Notice, notify, unread_counts
from social.services.relations import (
    friendship_accept,
    friendship_block,
    friendship_reject,
    friendship_remove,
    friendship_request,
    person_block,
    person_follow,
    person_unblock,
    person_unfollow,
)
from tests.races import DONE, at_once

happened: list[object] = []


def _note(event: object) -> None:
    happened.append(event)


@pytest.fixture(autouse=True)
def events_noted() -> None:
    for kind in (FriendshipMade, FriendshipEnded, PeopleBlocked):
        subscribe(kind)(_note)
    happened.clear()


@pytest.fixture
def two(db: Any) -> tuple[User, User]:
    return UserFactory.create(username="Aiko"), UserFactory.create(username="Botan")


def befriended(one: User, other: User) -> Friendship:
    friendship_request(actor=one, user_id=other.pk)
    return friendship_request(actor=other, user_id=one.pk)


def told(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user, read_at=None).order_by("id").values_list("kind", flat=True))


def test_request_and_accept(two: tuple[User, User]) -> None:
    aiko, botan = two
    row = friendship_request(actor=aiko, user_id=botan.pk)
    assert (row.status, row.requester_id, row.accepted_at) == (FriendshipStatus.PENDING, aiko.pk, None)
    assert friend_ids(aiko.pk) == frozenset()
    assert (told(aiko), told(botan)) == ([], [FRIEND_REQUEST.code])
    assert standing(aiko, botan.pk) == Standing(friendship_id=row.pk, is_asked=True)
    assert standing(botan, aiko.pk) == Standing(friendship_id=row.pk, is_asking=True)
    assert happened == []
    made = friendship_accept(actor=botan, friendship_id=row.pk)
    assert made.pk == row.pk
    assert made.accepted_at is not None
    assert friend_ids(aiko.pk) == {botan.pk}
    assert friend_ids(botan.pk) == {aiko.pk}
    assert (told(aiko), told(botan)) == ([FRIEND_ACCEPTED.code], [])  # what was answered waits no longer
    assert happened == [FriendshipMade(user_id=botan.pk, friend_id=aiko.pk)]
    assert unread_counts([aiko.pk, botan.pk]) == {aiko.pk: 1, botan.pk: 0}
    last = RealtimeEvent.objects.filter(user=botan).latest("seq")
    assert (last.type, last.payload) == (READ, {"unread": 0})


def test_requests_that_cross_make_friends(two: tuple[User, User]) -> None:
    aiko, botan = two
    befriended(aiko, botan)
    assert Friendship.objects.get().status == FriendshipStatus.ACCEPTED
    assert (told(aiko), told(botan)) == ([FRIEND_ACCEPTED.code], [])


def test_either_id_names_a_friendship(two: tuple[User, User]) -> None:
    """Reference: `/friends/:id` beside "Block a user" of the same id."""
    aiko, botan = two
    friendship_request(actor=aiko, user_id=botan.pk)
    friendship_accept(actor=botan, friendship_id=aiko.pk)
    friendship_remove(actor=aiko, friendship_id=botan.pk)
    assert not Friendship.objects.exists()
    row = friendship_request(actor=aiko, user_id=botan.pk)
    friendship_block(actor=botan, found_id=row.pk)
    assert Block.objects.filter(blocker=botan, blocked=aiko).exists()
    person_unblock(actor=botan, user_id=aiko.pk)
    friendship_block(actor=botan, found_id=aiko.pk)
    assert Block.objects.filter(blocker=botan, blocked=aiko).exists()


def test_decline_take_back_and_remove(two: tuple[User, User]) -> None:
    aiko, botan = two
    row = friendship_request(actor=aiko, user_id=botan.pk)
    friendship_reject(actor=botan, friendship_id=row.pk)
    assert not Friendship.objects.exists()
    assert (told(aiko), told(botan)) == ([], [])
    row = friendship_request(actor=aiko, user_id=botan.pk)  # who was declined may ask again
    friendship_remove(actor=aiko, friendship_id=row.pk)
    assert told(botan) == []
    assert happened == []
    made = befriended(aiko, botan)
    friendship_remove(actor=botan, friendship_id=made.pk)
    assert friend_ids(aiko.pk) == frozenset()
    assert happened[-1] == FriendshipEnded(user_id=botan.pk, friend_id=aiko.pk)
    assert told(aiko) == []


def test_what_is_refused(two: tuple[User, User]) -> None:
    aiko, botan = two
    third = UserFactory.create()
    with pytest.raises(WithOneself):
        friendship_request(actor=aiko, user_id=aiko.pk)
    with pytest.raises(NotFound):
        friendship_request(actor=aiko, user_id=uuid.uuid4())
    row = friendship_request(actor=aiko, user_id=botan.pk)
    with pytest.raises(AlreadyRequested):
        friendship_request(actor=aiko, user_id=botan.pk)
    for act in (friendship_accept, friendship_reject):
        for actor in (aiko, third):  # one's own request; others'
            with pytest.raises(NotFound):
                act(actor=actor, friendship_id=row.pk)
        with pytest.raises(NotFound):
            act(actor=botan, friendship_id=uuid.uuid4())
    with pytest.raises(NotFound):
        friendship_remove(actor=third, friendship_id=row.pk)
    friendship_accept(actor=botan, friendship_id=row.pk)
    for call in (
        lambda: friendship_request(actor=botan, user_id=aiko.pk),
        lambda: friendship_accept(actor=botan, friendship_id=row.pk),
        lambda: friendship_reject(actor=botan, friendship_id=row.pk),
    ):
        with pytest.raises(AlreadyFriends):
            call()
    assert Friendship.objects.get().status == FriendshipStatus.ACCEPTED


@pytest.mark.parametrize("state", ["suspended", "leaving", "erased"])
def test_nobody_deals_with_who_is_gone(two: tuple[User, User], state: str) -> None:
    aiko, botan = two
    row = friendship_request(actor=botan, user_id=aiko.pk)
    changes: dict[str, Any] = {
        "suspended": {"is_active": False},
        "leaving": {"deletion_due_at": timezone.now() + timedelta(days=7)},
        "erased": {"erased_at": timezone.now()},
    }
    User.objects.filter(pk=botan.pk).update(**changes[state])
    for act in (friendship_request, person_follow, person_block):
        with pytest.raises(NotFound):
            act(actor=aiko, user_id=botan.pk)
    with pytest.raises(NotFound):
        friendship_accept(actor=aiko, friendship_id=row.pk)
    friendship_remove(actor=aiko, friendship_id=row.pk)  # but one may always part


def test_who_is_leaving_is_heard_of_by_nobody(two: tuple[User, User]) -> None:
    aiko, botan = two
    User.objects.filter(pk=aiko.pk).update(deletion_due_at=timezone.now() + timedelta(days=7))
    friendship_request(actor=aiko, user_id=botan.pk)
    person_follow(actor=aiko, user_id=botan.pk)
    assert told(botan) == []


def test_follow_and_unfollow(two: tuple[User, User], monkeypatch: pytest.MonkeyPatch) -> None:
    aiko, botan = two
    person_follow(actor=aiko, user_id=botan.pk)
    person_follow(actor=aiko, user_id=botan.pk)
    assert Follow.objects.count() == 1
    assert told(botan) == [FOLLOWED.code]
    assert Notification.objects.get().count == 1
    assert standing(aiko, botan.pk) == Standing(is_followed=True)
    assert standing(botan, aiko.pk) == Standing()
    with pytest.raises(WithOneself):
        person_follow(actor=aiko, user_id=aiko.pk)
    monkeypatch.setattr(relations, "FOLLOWS_LIMIT", 1)
    with pytest.raises(TooManyFollowed):
        person_follow(actor=aiko, user_id=UserFactory.create().pk)
    person_unfollow(actor=aiko, user_id=botan.pk)
    person_unfollow(actor=aiko, user_id=botan.pk)
    assert not Follow.objects.exists()
    assert told(botan) == []


def test_nobody_has_more_friends_than_the_limit(two: tuple[User, User], monkeypatch: pytest.MonkeyPatch) -> None:
    aiko, botan = two
    monkeypatch.setattr(relations, "FRIENDS_LIMIT", 1)
    asked = friendship_request(actor=UserFactory.create(), user_id=aiko.pk)
    befriended(aiko, botan)
    with pytest.raises(TooManyFriends):
        friendship_accept(actor=aiko, friendship_id=asked.pk)
    for actor, other in ((aiko, UserFactory.create()), (UserFactory.create(), botan)):
        with pytest.raises(TooManyFriends):
            friendship_request(actor=actor, user_id=other.pk)
    friendship_remove(actor=botan, friendship_id=aiko.pk)
    friendship_accept(actor=aiko, friendship_id=asked.pk)


def test_a_block_ends_everything_between_two(two: tuple[User, User]) -> None:
    aiko, botan = two
    third = UserFactory.create()
    befriended(aiko, botan)
    person_follow(actor=aiko, user_id=botan.pk)
    person_follow(actor=botan, user_id=aiko.pk)
    person_follow(actor=third, user_id=aiko.pk)
    person_follow(actor=third, user_id=botan.pk)
    happened.clear()
    person_block(actor=aiko, user_id=botan.pk)
    person_block(actor=aiko, user_id=botan.pk)
    assert Block.objects.count() == 1
    assert not Friendship.objects.exists()
    assert set(Follow.objects.values_list("follower_id", flat=True)) == {third.pk}
    assert happened == [
        FriendshipEnded(user_id=aiko.pk, friend_id=botan.pk),
        PeopleBlocked(blocker_id=aiko.pk, blocked_id=botan.pk),
    ]
    for reader, gone in ((aiko, botan), (botan, aiko)):
        assert not NotificationActor.objects.filter(notification__user=reader, user=gone).exists()
        row = Notification.objects.get(user=reader)  # the third's follow is still told of
        assert (row.kind, row.actor_count) == (FOLLOWED.code, 1)
    for act in (friendship_request, person_follow):
        with pytest.raises(Blocked):
            act(actor=aiko, user_id=botan.pk)
        with pytest.raises(NotFound):
            act(actor=botan, user_id=aiko.pk)
    with pytest.raises(NotFound):  # who is blocked learns nothing, not even by blocking back
        person_block(actor=botan, user_id=aiko.pk)
    person_unblock(actor=botan, user_id=aiko.pk)
    assert Block.objects.count() == 1  # it was not theirs to take back
    person_unblock(actor=aiko, user_id=botan.pk)
    assert standing(aiko, botan.pk) == Standing()
    friendship_request(actor=botan, user_id=aiko.pk)


def test_a_request_of_who_is_blocked_goes(two: tuple[User, User]) -> None:
    aiko, botan = two
    row = friendship_request(actor=botan, user_id=aiko.pk)
    friendship_block(actor=aiko, found_id=row.pk)
    assert not Friendship.objects.exists()
    assert told(aiko) == []
    assert happened == [PeopleBlocked(blocker_id=aiko.pk, blocked_id=botan.pk)]
    with pytest.raises(WithOneself):
        person_block(actor=aiko, user_id=aiko.pk)


def test_staff_is_nobody_special_among_people(two: tuple[User, User]) -> None:
    """They see who blocked them, but do not befriend or follow across it."""
    aiko, _botan = two
    keeper = UserFactory.create(role="moderator")
    person_block(actor=aiko, user_id=keeper.pk)
    for act in (friendship_request, person_follow, person_block):
        with pytest.raises(NotFound):
            act(actor=keeper, user_id=aiko.pk)


def test_a_told_row_of_several_stays_without_the_one_who_is_blocked(two: tuple[User, User]) -> None:
    aiko, botan = two
    third = UserFactory.create()
    for actor, excerpt in ((third, "kind words"), (botan, "rude words")):
        context = {"about": "A thread", "excerpt": excerpt}
        notice = Notice(kind=REPLY, group="reply:1", url=f"/comments/{actor.pk}", actor=actor, context=context)
        notify(user_ids=[aiko.pk], notice=notice)
    Notification.objects.filter(user=aiko).update(read_at=timezone.now())
    person_block(actor=aiko, user_id=botan.pk)
    row = Notification.objects.get(user=aiko)
    assert (row.actor_count, [one.user_id for one in row.actors.all()]) == (1, [third.pk])
    assert "rude words" not in str(row.context)
    assert str(botan.pk) not in row.url


def _ends(act: Any, **kwargs: Any) -> Any:
    return lambda: act(**kwargs)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Every pair of acts at the same moment ends as if one had come after the other."""

    def test_crossing_requests(self) -> None:
        for _ in range(4):
            one, other = UserFactory.create_batch(2)
            ends = at_once(
                [
                    _ends(friendship_request, actor=one, user_id=other.pk),
                    _ends(friendship_request, actor=other, user_id=one.pk),
                ]
            )
            assert ends == {DONE: 2}
            assert Friendship.objects.of(one.pk).get().status == FriendshipStatus.ACCEPTED
            assert Notification.objects.filter(kind=FRIEND_ACCEPTED.code, user__in=(one, other)).count() == 1
            assert not Notification.objects.filter(kind=FRIEND_REQUEST.code, user__in=(one, other)).exists()

    def test_one_request_sent_many_times(self) -> None:
        one, other = UserFactory.create_batch(2)
        ends = at_once([_ends(friendship_request, actor=one, user_id=other.pk)] * 5)
        assert ends == {DONE: 1, AlreadyRequested.code: 4}
        assert Notification.objects.get().count == 1

    def test_double_accept(self) -> None:
        one, other = UserFactory.create_batch(2)
        row = friendship_request(actor=one, user_id=other.pk)
        ends = at_once([_ends(friendship_accept, actor=other, friendship_id=row.pk)] * 4)
        assert ends == {DONE: 1, AlreadyFriends.code: 3}
        assert happened == [FriendshipMade(user_id=other.pk, friend_id=one.pk)]

    @pytest.mark.parametrize("blocker", ["asked", "asking"])
    def test_accept_or_request_against_block(self, blocker: str) -> None:
        """Whoever comes first: in the end they are parted, and nobody is told of the other."""
        for _ in range(4):
            asking, asked = UserFactory.create_batch(2)
            row = friendship_request(actor=asking, user_id=asked.pk)
            who, whom = (asked, asking) if blocker == "asked" else (asking, asked)
            at_once(
                [
                    _ends(friendship_accept, actor=asked, friendship_id=row.pk),
                    _ends(person_block, actor=who, user_id=whom.pk),
                    _ends(person_follow, actor=whom, user_id=who.pk),
                    _ends(friendship_request, actor=whom, user_id=who.pk),
                ]
            )
            assert Block.objects.filter(blocker=who, blocked=whom).exists()
            assert not Friendship.objects.of(asked.pk).exists()
            assert not Follow.objects.filter(follower=whom).exists()
            assert not Notification.objects.filter(user__in=(asked, asking)).exists()

    def test_blocks_that_cross(self) -> None:
        """The first wins; to the second the other is not there."""
        one, other = UserFactory.create_batch(2)
        ends = at_once(
            [_ends(person_block, actor=one, user_id=other.pk), _ends(person_block, actor=other, user_id=one.pk)]
        )
        assert ends == {DONE: 1, NotFound.code: 1}
        assert Block.objects.count() == 1

    def test_the_last_place_is_given_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(relations, "FRIENDS_LIMIT", 1)
        person, *asking = UserFactory.create_batch(5)
        rows = [friendship_request(actor=one, user_id=person.pk) for one in asking]
        ends = at_once([_ends(friendship_accept, actor=person, friendship_id=row.pk) for row in rows])
        assert ends == {DONE: 1, TooManyFriends.code: 3}
        assert len(friend_ids(person.pk)) == 1

    def test_a_ring_of_people_who_ask_each_other_waits_for_nobody(self) -> None:
        people = UserFactory.create_batch(4)
        pairs = [(one, people[(n + 1) % 4]) for n, one in enumerate(people)]
        calls = [_ends(friendship_request, actor=a, user_id=b.pk) for a, b in pairs]
        calls += [_ends(friendship_request, actor=b, user_id=a.pk) for a, b in pairs]
        assert at_once(calls) == {DONE: 8}
        assert Friendship.objects.accepted().count() == 4


def test_asking_again_after_a_decline_is_quiet_for_a_week(two: tuple[User, User]) -> None:
    aiko, botan = two
    friendship_request(actor=aiko, user_id=botan.pk)
    friendship_reject(actor=botan, friendship_id=aiko.pk)
    friendship_request(actor=aiko, user_id=botan.pk)
    assert told(botan) == []
    assert standing(botan, aiko.pk).is_asking
    friendship_remove(actor=aiko, friendship_id=botan.pk)
    friendship_request(actor=botan, user_id=aiko.pk)  # the other way round nobody declined
    assert told(aiko) == [FRIEND_REQUEST.code]


def test_asking_and_taking_it_back_is_told_three_times_a_day(two: tuple[User, User]) -> None:
    aiko, botan = two
    for time_asked in range(1, 5):
        friendship_request(actor=aiko, user_id=botan.pk)
        assert told(botan) == ([FRIEND_REQUEST.code] if time_asked <= 3 else [])
        assert standing(botan, aiko.pk).is_asking
        friendship_remove(actor=aiko, friendship_id=botan.pk)
    friendship_request(actor=botan, user_id=aiko.pk)  # a count of its own
    assert told(aiko) == [FRIEND_REQUEST.code]


def test_a_week_after_a_decline_a_request_is_told_again(
    two: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    aiko, botan = two
    assert relations.DECLINED_SECONDS == 7 * 24 * 3600
    monkeypatch.setattr(relations, "DECLINED_SECONDS", 1)
    friendship_request(actor=aiko, user_id=botan.pk)
    friendship_reject(actor=botan, friendship_id=aiko.pk)
    time.sleep(1.1)  # the cache's own clock: Redis has no other
    friendship_request(actor=aiko, user_id=botan.pk)
    assert told(botan) == [FRIEND_REQUEST.code]


def test_taking_a_request_back_is_no_decline(two: tuple[User, User]) -> None:
    aiko, botan = two
    friendship_request(actor=aiko, user_id=botan.pk)
    friendship_remove(actor=aiko, friendship_id=botan.pk)
    friendship_request(actor=aiko, user_id=botan.pk)
    assert told(botan) == [FRIEND_REQUEST.code]
