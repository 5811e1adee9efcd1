"""People who stand to each other in some way, for tests; rows alone, nobody is told."""

from django.utils import timezone

from accounts.models import User
from social.models import Block, Follow, Friendship, FriendshipStatus


def friends(one: User, other: User) -> Friendship:
    """The two are friends."""
    row = asked(one, other)
    row.status, row.accepted_at = FriendshipStatus.ACCEPTED, timezone.now()
    row.save()
    return row


def asked(one: User, other: User) -> Friendship:
    """`one` asked `other`."""
    low, high = sorted((one.pk, other.pk))
    return Friendship.objects.create(low_id=low, high_id=high, requester=one)


def follows(one: User, other: User) -> Follow:
    """`one` follows `other`."""
    return Follow.objects.create(follower=one, followed=other)


def blocks(one: User, other: User) -> Block:
    """`one` blocks `other`."""
    return Block.objects.create(blocker=one, blocked=other)
