"""Whom people are friends with, whom they asked, follow and block: pages of them, and counts."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.facade import Seen, User, Visibility, people_seen, people_visible, person_seen, sees
from core.errors import NotFound
from social.models import Block, Follow, Friendship, FriendshipStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

WHICH = ("", "friends", "incoming", "outgoing")
"""What `friendships_page` is asked for; "" is everything: who asks first, then who was asked, then friends."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One person in a list: how the viewer sees them, and since when they stand there (None: they were looked up).

    `row` only in one's own lists.
    """

    seen: Seen
    since: datetime | None = None
    row: Friendship | None = None
    is_incoming: bool = False

    @property
    def is_friend(self) -> bool:
        return self.row is not None and self.row.status == FriendshipStatus.ACCEPTED


@dataclass(frozen=True, slots=True)
class Relations:
    """One page of a list and how many there are in all."""

    count: int
    rows: list[Relation]


@dataclass(frozen=True, slots=True)
class OwnCounts:
    """How many stand in each of one's own lists, as they show them."""

    friends: int = 0
    incoming: int = 0
    outgoing: int = 0
    following: int = 0
    followers: int = 0
    blocked: int = 0


@dataclass(frozen=True, slots=True)
class ShownCounts:
    """How many friends and followers of somebody the viewer sees, and whom they follow."""

    friends: int = 0
    followers: int = 0
    following: int = 0


def friendships_page(viewer: User, *, which: str = "", offset: int, size: int) -> Relations:
    """One's own friends and requests, the latest first, without people whom one does not see; four queries."""
    found = _which(Friendship.objects.of(viewer.pk), viewer.pk, which).with_other(viewer.pk)
    rank = Case(
        When(status=FriendshipStatus.ACCEPTED, then=Value(2)),
        When(requester=viewer.pk, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    since = Coalesce("accepted_at", "created_at")
    rows = found.annotate(since=since).order_by(rank, "-since", "-id")
    return _page(viewer, rows, people_visible(viewer), offset=offset, size=size)


def friendship_shown(viewer: User, row: Friendship) -> Relation:
    """One friendship or request of the viewer's as their list shows it. Raises `NotFound` when the other is not to be seen."""
    user = people_visible(viewer).filter(pk=row.other_than(viewer.pk)).first()
    if user is None:
        raise NotFound()
    row.since = row.accepted_at or row.created_at  # type: ignore[attr-defined]  # as the pages annotate it
    return _relation(viewer, row, people_seen(viewer, [user])[0])


def blocked_page(viewer: User, *, offset: int, size: int) -> Relations:
    """Whom one blocks, the latest first: the only place that still names them. Three queries or four."""
    rows = Block.objects.filter(blocker=viewer).annotate(other_id=F("blocked_id"), since=F("created_at"))
    return _page(viewer, rows.order_by("-created_at", "-id"), people_visible(None), offset=offset, size=size)


def friends_page(viewer: "Viewer", owner: User, *, offset: int, size: int) -> Relations:
    """Somebody's friends, as far as they show themselves to the viewer too, the latest first; at most five queries.

    The caller got `owner` from `owner_get`.
    """
    rows = Friendship.objects.of(owner.pk).accepted().with_other(owner.pk).annotate(since=F("accepted_at"))
    return _page(viewer, rows.order_by("-accepted_at", "-id"), _shown(viewer), offset=offset, size=size)


def mutual_page(viewer: User, owner: User, *, offset: int, size: int) -> Relations:
    """Those who are friends of both, the latest of the owner's first."""
    rows = Friendship.objects.of(owner.pk).accepted().with_other(owner.pk).annotate(since=F("accepted_at"))
    rows = rows.filter(_is_friend_of(viewer.pk, "other_id")).order_by("-accepted_at", "-id")
    return _page(viewer, rows, _shown(viewer), offset=offset, size=size)


def following_page(viewer: "Viewer", owner: User, *, offset: int, size: int) -> Relations:
    """Whom somebody follows, the latest first."""
    rows = Follow.objects.filter(follower=owner).annotate(other_id=F("followed_id"), since=F("created_at"))
    return _page(viewer, rows.order_by("-created_at", "-id"), _shown(viewer, owner), offset=offset, size=size)


def followers_page(viewer: "Viewer", owner: User, *, offset: int, size: int) -> Relations:
    """Who follows somebody, the latest first."""
    rows = Follow.objects.filter(followed=owner).annotate(other_id=F("follower_id"), since=F("created_at"))
    return _page(viewer, rows.order_by("-created_at", "-id"), _shown(viewer, owner), offset=offset, size=size)


def owner_get(viewer: "Viewer", user_id: uuid.UUID) -> Seen:
    """The person whose friends and followers the viewer may look at.

    Raises `NotFound` for nobody, for whom a block hides, and for a profile that its owner shows to others (as lists do).
    """
    user = people_visible(viewer).filter(pk=user_id).first()
    seen = person_seen(viewer, user) if user is not None else None
    if seen is None or seen.is_private:
        raise NotFound()
    return seen


def own_counts(viewer: User) -> OwnCounts:
    """How many stand in each of one's own lists; four queries."""
    people = people_visible(viewer)
    found = _of_people(Friendship.objects.of(viewer.pk).with_other(viewer.pk), people)
    is_friend = Q(status=FriendshipStatus.ACCEPTED)
    friendships: dict[str, int] = found.aggregate(
        friends=Count("pk", filter=is_friend),
        outgoing=Count("pk", filter=~is_friend & Q(requester=viewer.pk)),
        incoming=Count("pk", filter=~is_friend & ~Q(requester=viewer.pk)),
    )
    following = Follow.objects.filter(follower=viewer).annotate(other_id=F("followed_id"))
    followers = Follow.objects.filter(followed=viewer).annotate(other_id=F("follower_id"))
    blocked = Block.objects.filter(blocker=viewer).annotate(other_id=F("blocked_id"))
    return OwnCounts(
        **friendships,
        following=_of_people(following, people).count(),
        followers=_of_people(followers, people).count(),
        blocked=_of_people(blocked, people_visible(None)).count(),
    )


def shown_counts(viewer: "Viewer", owner: User) -> ShownCounts:
    """The counts of somebody's lists as the viewer would see them; three queries."""
    shown, followed = _shown(viewer), _shown(viewer, owner)
    friends = Friendship.objects.of(owner.pk).accepted().with_other(owner.pk)
    followers = Follow.objects.filter(followed=owner).annotate(other_id=F("follower_id"))
    following = Follow.objects.filter(follower=owner).annotate(other_id=F("followed_id"))
    return ShownCounts(
        friends=_of_people(friends, shown).count(),
        followers=_of_people(followers, followed).count(),
        following=_of_people(following, followed).count(),
    )


def _which(found: Any, viewer_id: uuid.UUID, which: str) -> Any:
    is_friend = Q(status=FriendshipStatus.ACCEPTED)
    wanted = {
        "friends": is_friend,
        "incoming": ~is_friend & ~Q(requester=viewer_id),
        "outgoing": ~is_friend & Q(requester=viewer_id),
    }
    return found.filter(wanted[which]) if which else found


def _shown(viewer: "Viewer", owner: User | None = None) -> QuerySet[User]:
    """People whom a list of somebody else's may name: whom the viewer sees, and whose profile is shown to the viewer.

    That two people are friends is told by both of them. To `owner` all the people in their own lists are named.
    """
    people = people_visible(viewer)
    if viewer.is_authenticated and (viewer.is_staff or (owner is not None and owner.pk == viewer.pk)):
        return people
    shown = Q(profile_visibility=Visibility.EVERYONE)
    if viewer.is_authenticated:
        shown |= Q(pk=viewer.pk) | (Q(profile_visibility=Visibility.FRIENDS) & Q(_is_friend_of(viewer.pk, "pk")))
    return people.filter(shown)


def _is_friend_of(user_id: uuid.UUID, key: str) -> Exists:
    """For a query of people, or of rows that name one at `key`: whether that one is a friend of `user_id`."""
    other = OuterRef(key)
    return Exists(Friendship.objects.accepted().filter(Q(low=user_id, high=other) | Q(high=user_id, low=other)))


def _of_people(rows: Any, people: QuerySet[User]) -> Any:
    """Rows whose `other_id` is one of `people`. Asked row by row: `IN` has SQLite read everybody first."""
    return rows.filter(Exists(people.filter(pk=OuterRef("other_id")).order_by()))


def _page(viewer: "Viewer", rows: Any, people: QuerySet[User], *, offset: int, size: int) -> Relations:
    """Rows annotated with `other_id` and `since`, with the cards of who stands there."""
    shown = _of_people(rows, people)
    found = list(shown[offset : offset + size])
    is_last = len(found) < size and (bool(found) or offset == 0)
    count = offset + len(found) if is_last else shown.count()
    cards = {seen.user.pk: seen for seen in people_seen(viewer, people.filter(pk__in=[row.other_id for row in found]))}
    return Relations(count, [_relation(viewer, row, cards[row.other_id]) for row in found if row.other_id in cards])


def _relation(viewer: "Viewer", row: Any, seen: Seen) -> Relation:
    since: datetime = row.since
    if not isinstance(row, Friendship) or not viewer.is_authenticated or viewer.pk not in (row.low_id, row.high_id):
        return Relation(seen, since)
    is_friend = row.status == FriendshipStatus.ACCEPTED
    knows_status = sees(viewer, seen.user, seen.user.online_status_visibility, is_friend=is_friend)
    card = replace(seen, shows_last_seen=knows_status, last_seen_at=seen.user.last_seen_at if knows_status else None)
    return Relation(card, since, row=row, is_incoming=not is_friend and row.requester_id != viewer.pk)
