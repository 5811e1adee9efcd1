"""How people stand to each other: friends, follows, blocks. Lower apps ask through `accounts.relations`, filled here."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Q, QuerySet

from accounts.facade import User, friends_register, hiding_register
from social.models import Block, Follow, Friendship, FriendshipStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

Ids = frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the viewer stands to one person. `friendship_id` names the row while they are friends or one of them asked."""

    friendship_id: uuid.UUID | None = None
    is_friend: bool = False
    is_asked: bool = False
    """The viewer asked them."""
    is_asking: bool = False
    """They asked the viewer."""
    is_followed: bool = False
    is_blocked: bool = False
    """By the viewer; of the other way nobody is told."""


def friend_ids(user_id: uuid.UUID) -> Ids:
    """Everybody who is a friend; one query."""
    rows = Friendship.objects.of(user_id).accepted().values_list("low_id", "high_id")
    return frozenset(low if high == user_id else high for low, high in rows)


def hidden_ids(viewer: "Viewer") -> Ids:
    """Everybody whom a block, made or suffered, hides from the viewer; one query, none for strangers."""
    if not viewer.is_authenticated:
        return frozenset()
    rows = Block.objects.of(viewer.pk).values_list("blocker_id", "blocked_id")
    return frozenset(blocked if blocker == viewer.pk else blocker for blocker, blocked in rows)


def hidden_in(viewer: "Viewer", counted: Any) -> tuple[Ids, int]:
    """`hidden_ids`, and what `counted` (a query of one number) says where there are any, else 0; one query for both."""
    if not viewer.is_authenticated:
        return frozenset(), 0
    rows = list(Block.objects.of(viewer.pk).values_list("blocker_id", "blocked_id", counted))
    ids = frozenset(blocked if blocker == viewer.pk else blocker for blocker, blocked, _n in rows)
    return ids, rows[0][2] if rows else 0


def are_hidden(one: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether a block parts the two, whoever made it."""
    return Block.objects.between(one, other).exists()


def standing(viewer: User, user_id: uuid.UUID) -> Standing:
    """How the viewer stands to this person; three queries."""
    return standings(viewer, [user_id])[user_id]


def standings(viewer: "Viewer", ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Standing]:
    """How the viewer stands to each of these people, for lists of them; three queries, none for strangers."""
    wanted = [found for found in dict.fromkeys(ids) if found != viewer.pk]
    if not viewer.is_authenticated or not wanted:
        return dict.fromkeys(ids, Standing())
    found = dict.fromkeys(ids, Standing())
    rows = Friendship.objects.of(viewer.pk).filter(Q(low__in=wanted) | Q(high__in=wanted))
    for row in rows:
        other, is_friend = row.other_than(viewer.pk), row.status == FriendshipStatus.ACCEPTED
        is_mine = row.requester_id == viewer.pk
        found[other] = replace(
            found[other],
            friendship_id=row.pk,
            is_friend=is_friend,
            is_asked=not is_friend and is_mine,
            is_asking=not is_friend and not is_mine,
        )
    for key in Follow.objects.filter(follower=viewer, followed__in=wanted).values_list("followed_id", flat=True):
        found[key] = replace(found[key], is_followed=True)
    for key in Block.objects.filter(blocker=viewer, blocked__in=wanted).values_list("blocked_id", flat=True):
        found[key] = replace(found[key], is_blocked=True)
    return found


@friends_register
def friends_of_viewer(viewer_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Ids:
    """Those of `ids` who are friends of the viewer; one query."""
    wanted = list(ids)
    rows = Friendship.objects.accepted().filter(low=viewer_id, high__in=wanted) | Friendship.objects.accepted().filter(
        high=viewer_id, low__in=wanted
    )
    return frozenset(low if high == viewer_id else high for low, high in rows.values_list("low_id", "high_id"))


@hiding_register
def people_not_hidden(viewer_id: uuid.UUID, people: QuerySet[Any]) -> QuerySet[Any]:
    """`people` without those from whom a block parts the viewer."""
    return people.exclude(Exists(Block.objects.hiding("pk", viewer_id)))
