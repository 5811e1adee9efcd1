"""How people stand to each other: friends, follows, blocks. Lower apps ask through `accounts.relations`, filled here."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, QuerySet

from accounts.facade import User, friends_register, hiding_register
from social.models import Block, Follow, Friendship

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
    return Block.objects.filter(blocker__in=(one, other), blocked__in=(one, other)).exists()


def standing(viewer: User, user_id: uuid.UUID) -> Standing:
    """How the viewer stands to this person; three queries."""
    row = Friendship.objects.between(viewer.pk, user_id).first()
    is_friend = row is not None and row.status == "accepted"
    return Standing(
        friendship_id=row.pk if row else None,
        is_friend=is_friend,
        is_asked=row is not None and not is_friend and row.requester_id == viewer.pk,
        is_asking=row is not None and not is_friend and row.requester_id == user_id,
        is_followed=Follow.objects.filter(follower=viewer, followed=user_id).exists(),
        is_blocked=Block.objects.filter(blocker=viewer, blocked=user_id).exists(),
    )


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
