"""What accounts ask about relations between people. The app that knows friends and blocks registers its answers in `ready()`.

Until then nobody is a friend and nobody is blocked, so everything that only friends see stays closed.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

if TYPE_CHECKING:
    from accounts.models import User

FriendsAmong = Callable[[UUID, Collection[UUID]], Collection[UUID]]
WithoutHidden = Callable[[UUID, QuerySet[Any]], QuerySet[Any]]

_friends_among: list[FriendsAmong] = []
_without_hidden: list[WithoutHidden] = []


def friends_register(function: FriendsAmong) -> FriendsAmong:
    """Let `function(viewer_id, ids)` say which of `ids` are friends of the viewer, in one query at most."""
    _friends_among[:] = [function]
    return function


def hiding_register(function: WithoutHidden) -> WithoutHidden:
    """Let `function(viewer_id, queryset)` take those people out of a queryset of users whom a block hides from the viewer."""
    _without_hidden[:] = [function]
    return function


def friends_among(viewer_id: UUID, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of `ids` who are friends of the viewer."""
    if not ids:
        return frozenset()
    return frozenset(found for function in _friends_among for found in function(viewer_id, ids))


def are_friends(one: UUID, other: UUID) -> bool:
    """Whether the two people are friends; nobody is their own friend."""
    return one != other and other in friends_among(one, [other])


def without_hidden(people: "QuerySet[User]", viewer_id: UUID) -> "QuerySet[User]":
    """`people` without those whom a block hides from the viewer."""
    for function in _without_hidden:
        people = function(viewer_id, people)
    return people
