"""How two people come to be friends, follow each other, and part."""

import uuid
from collections.abc import Collection

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.facade import NoticeKind, User
from core.errors import NotFound
from core.events import emit
from core.throttles import throttle_hit
from social.access_people import Pair, get_friendship, get_person
from social.errors import AlreadyFriends, AlreadyRequested, TooManyFollowed, TooManyFriends
from social.events import FriendshipEnded, FriendshipMade, PeopleBlocked
from social.limits import REQUESTS_TOLD
from social.models import Block, Follow, Friendship, FriendshipStatus
from social.notices import FOLLOWED, FRIEND_ACCEPTED, FRIEND_REQUEST
from social.services.notice_withdrawal import notices_withdraw
from social.services.notifications import Notice, notify

FRIENDS_LIMIT = 5_000
"""So many friends one may have; lists and feeds are read with them in mind."""
FOLLOWS_LIMIT = 5_000
FOLLOWED_SECONDS = 24 * 3600
"""So long nobody hears again of who follows, unfollows and follows them."""
DECLINED_SECONDS = 7 * 24 * 3600
"""So long after a request was declined, another of the same person waits in the list without a notice."""


def friendship_request(*, actor: User, user_id: uuid.UUID) -> Friendship:
    """Ask somebody to be one's friend. Requests that cross make friends: who asks whom they were asked by, accepts.

    Raises `WithOneself`, `NotFound` (also from who blocked the actor), `Blocked`, `AlreadyFriends`, `AlreadyRequested`,
    `TooManyFriends`.
    """
    with transaction.atomic():
        pair = get_person(actor, user_id)
        row = Friendship.objects.between(actor.pk, user_id).first()
        if row is None:
            _room_check(pair)
            low, high = sorted((actor.pk, user_id))
            row = Friendship.objects.create(low_id=low, high_id=high, requester=pair[0])
            if _is_told(asker=actor.pk, asked=user_id):
                _tell(pair, FRIEND_REQUEST, f"{reverse('friends')}?tab=requests")
            return row
        if row.status == FriendshipStatus.ACCEPTED:
            raise AlreadyFriends()
        if row.requester_id == actor.pk:
            raise AlreadyRequested()
        return _accept(row, pair)


def friendship_accept(*, actor: User, friendship_id: uuid.UUID) -> Friendship:
    """Become friends with who asked. `friendship_id` may be the other's id.

    Raises `NotFound` (none of the actor's, one's own request, somebody who is gone), `AlreadyFriends`, `TooManyFriends`.
    """
    with transaction.atomic():
        row, pair = get_friendship(actor, friendship_id)
        _asked_check(row, actor)
        if not pair[1].is_public:
            raise NotFound()
        return _accept(row, pair)


def friendship_reject(*, actor: User, friendship_id: uuid.UUID) -> None:
    """Decline; who asked is not told, and may ask again: quietly for `DECLINED_SECONDS`. Raises `NotFound`, `AlreadyFriends`."""
    with transaction.atomic():
        row, pair = get_friendship(actor, friendship_id)
        _asked_check(row, actor)
        _end(row, pair)


def friendship_remove(*, actor: User, friendship_id: uuid.UUID) -> None:
    """End a friendship, take back one's request, or decline one; nobody is told. Raises `NotFound`."""
    with transaction.atomic():
        row, pair = get_friendship(actor, friendship_id)
        _end(row, pair)


def friendship_block(*, actor: User, found_id: uuid.UUID) -> Block:
    """`person_block` of whoever is at the other end of this friendship or request, or of the person of this id.

    Reference, POST /friends/:id/block: "Block a user. Removes existing friendship if any." Raises as `person_block`.
    """
    row = Friendship.objects.of(actor.pk).filter(pk=found_id).first()
    return person_block(actor=actor, user_id=row.other_than(actor.pk) if row else found_id)


def person_block(*, actor: User, user_id: uuid.UUID) -> Block:
    """Hide the two from each other, everywhere; once is enough.

    Friendship, requests, follows and what either was told of the other go for good: unblocking brings nothing back.
    Raises `WithOneself`, `NotFound` (also from who blocked the actor first: they learn nothing).
    """
    with transaction.atomic():
        pair = get_person(actor, user_id, also_blocked=True)
        block, is_new = Block.objects.get_or_create(blocker_id=actor.pk, blocked_id=user_id)
        if not is_new:
            return block
        row = Friendship.objects.between(actor.pk, user_id).first()
        if row is not None:
            _end(row, pair)
        Follow.objects.filter(follower__in=(actor.pk, user_id), followed__in=(actor.pk, user_id)).delete()
        _withdraw(pair)
        emit(PeopleBlocked(blocker_id=actor.pk, blocked_id=user_id))
        return block


def person_unblock(*, actor: User, user_id: uuid.UUID) -> None:
    """Take one's block back, if there is one; friendship has to be asked for again (reference)."""
    with transaction.atomic():
        Block.objects.filter(blocker=actor, blocked=user_id).delete()


def person_follow(*, actor: User, user_id: uuid.UUID) -> Follow:
    """Read what somebody shows to everyone; once is enough.

    Raises `WithOneself`, `NotFound` (also from who blocked the actor), `Blocked`, `TooManyFollowed`.
    """
    with transaction.atomic():
        pair = get_person(actor, user_id)
        known = Follow.objects.filter(follower=actor, followed=user_id).first()
        if known is not None:
            return known
        if Follow.objects.filter(follower=actor).count() >= FOLLOWS_LIMIT:
            raise TooManyFollowed()
        follow = Follow.objects.create(follower_id=actor.pk, followed_id=user_id)
        if cache.add(f"followed:{actor.pk}:{user_id}", 1, timeout=FOLLOWED_SECONDS):
            _tell(pair, FOLLOWED, f"{reverse('friends')}?tab=followers")
        return follow


def person_unfollow(*, actor: User, user_id: uuid.UUID) -> None:
    """Stop following, if one does; nobody is told, and what they were told of it goes."""
    with transaction.atomic():
        deleted, _by_model = Follow.objects.filter(follower=actor, followed=user_id).delete()
        if deleted:
            notices_withdraw(user_id=user_id, actor_id=actor.pk, kinds=(FOLLOWED,))


def _accept(row: Friendship, pair: Pair) -> Friendship:
    """Make friends of the two, whose rows the caller has locked. Raises `TooManyFriends`."""
    _room_check(pair)
    actor, other = pair
    row.status, row.accepted_at = FriendshipStatus.ACCEPTED, timezone.now()
    row.save(update_fields=["status", "accepted_at"])
    notices_withdraw(user_id=actor.pk, actor_id=other.pk, kinds=(FRIEND_REQUEST,))
    emit(FriendshipMade(user_id=actor.pk, friend_id=other.pk))
    _tell(pair, FRIEND_ACCEPTED, reverse("friends"))
    return row


def _end(row: Friendship, pair: Pair) -> None:
    """Delete a friendship or a request, and what one was told of it and the other has taken back."""
    actor, other = pair
    row.delete()
    if row.status == FriendshipStatus.PENDING and row.requester_id == other.pk:
        # In the cache: it is of use for days, and one notice more is the worst that comes of losing it.
        cache.set(_declined_key(asker=other.pk, asked=actor.pk), 1, timeout=DECLINED_SECONDS)
    _withdraw(pair, (FRIEND_REQUEST, FRIEND_ACCEPTED))
    if row.status == FriendshipStatus.ACCEPTED:
        emit(FriendshipEnded(user_id=actor.pk, friend_id=other.pk))


def _withdraw(pair: Pair, kinds: Collection[NoticeKind] | None = None) -> None:
    """Take back what either was told of the other; in the order of people, as `notify` takes their rows."""
    one, other = sorted((pair[0].pk, pair[1].pk))
    notices_withdraw(user_id=one, actor_id=other, kinds=kinds)
    notices_withdraw(user_id=other, actor_id=one, kinds=kinds)


def _is_told(*, asker: uuid.UUID, asked: uuid.UUID) -> bool:
    """Whether a request is told: a notice reaches telephones, so neither soon after a decline nor time and again."""
    if cache.get(_declined_key(asker=asker, asked=asked)) is not None:
        return False
    return not throttle_hit(REQUESTS_TOLD, f"{asker}:{asked}").is_exceeded


def _declined_key(*, asker: uuid.UUID, asked: uuid.UUID) -> str:
    return f"friend-request-declined:{asker}:{asked}"


def _asked_check(row: Friendship, actor: User) -> None:
    """Raises unless the actor was asked: `AlreadyFriends` when that is over, `NotFound` when they asked themselves."""
    if row.status == FriendshipStatus.ACCEPTED:
        raise AlreadyFriends()
    if row.requester_id == actor.pk:
        raise NotFound()


def _room_check(pair: Pair) -> None:
    """Raises `TooManyFriends` when either has no room for one more; the locked rows keep the counts true."""
    if any(Friendship.objects.of(person.pk).accepted().count() >= FRIENDS_LIMIT for person in pair):
        raise TooManyFriends()


def _tell(pair: Pair, kind: NoticeKind, url: str) -> None:
    """Tell the other. Of who is leaving nobody hears: others see no such person."""
    actor, other = pair
    if actor.is_public:
        notify(user_ids=[other.pk], notice=Notice(kind=kind, group=kind.code, url=url, actor=actor))


__all__ = [
    "FOLLOWS_LIMIT",
    "FRIENDS_LIMIT",
    "friendship_accept",
    "friendship_block",
    "friendship_reject",
    "friendship_remove",
    "friendship_request",
    "person_block",
    "person_follow",
    "person_unblock",
    "person_unfollow",
]
