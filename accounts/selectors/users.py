"""Finding people."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from accounts.lookalikes import skeleton_lookup, skeleton_of
from accounts.models import User
from accounts.models.users import username_validator
from accounts.relations import are_friends, friends_among, without_hidden
from accounts.search_names import SEPARATOR, search_text
from accounts.visibility import Visibility
from core.errors import NotFound

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser | None

_USERNAME = re.compile(username_validator.regex)
_CARD_FIELDS = (
    "username",
    "display_name",
    "bio",
    "role",
    "is_verified",
    "is_active",
    "deletion_due_at",
    "date_joined",
    "last_seen_at",
    "profile_visibility",
    "activity_visibility",
    "online_status_visibility",
    "avatar__variants",
    "avatar__colour",
    "avatar__width",
    "avatar__height",
    "avatar__placeholder",
)


def user_by_username(username: str) -> User | None:
    """The account of this name in any case; through the index on LOWER(username), which `iexact` does not use."""
    return (
        User.objects.select_related("avatar", "totp_device")
        .alias(folded=Lower("username"))
        .filter(folded=username.lower())
        .first()
    )


def users_looking_like(names: Collection[str]) -> QuerySet[User]:
    """The people whose username looks like one of `names`; through the unique index on skeletons."""
    return User.objects.alias(look=skeleton_lookup()).filter(
        look__in=[skeleton_of(name) for name in names], is_lookalike=False
    )


def users_named_like(username: str) -> QuerySet[User]:
    """Those of this name in any case, and those whose name looks like it; both through their unique indexes."""
    return (
        User.objects.alias(folded=Lower("username"), look=skeleton_lookup())
        .filter(Q(folded=username.lower()) | Q(look=skeleton_of(username), is_lookalike=False))
        .only("username")
    )


def user_by_email(email: str) -> User | None:
    """The account of this e-mail address in any case."""
    return (
        User.objects.select_related("avatar", "totp_device")
        .alias(folded=Lower("email"))
        .filter(folded=email.strip().lower())
        .first()
    )


def user_by_identifier(identifier: str) -> User | None:
    """Reference, POST /auth/login: "Identifier with @ is treated as email; otherwise looked up as username"."""
    identifier = identifier.strip()
    if "\x00" in identifier:
        return None
    return user_by_email(identifier) if "@" in identifier else user_by_username(identifier)


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as one viewer sees them. `user.avatar` is selected; `last_seen_at` is None when it is not theirs to know."""

    user: User
    is_private: bool
    last_seen_at: datetime | None
    is_self: bool = False
    shows_last_seen: bool = False
    """Whether `last_seen_at` is known to the viewer at all (it may still be None: never seen)."""
    shows_activity: bool = False
    """Whether what this person watches is shown to the viewer: asked for one profile, False on cards of many."""


def sees(viewer: "Viewer", owner: User, circle: str, *, is_friend: bool) -> bool:
    """Whether something that `owner` shows to `circle` is shown to `viewer`; oneself and those who moderate always see."""
    if viewer is not None and viewer.is_authenticated and (viewer.pk == owner.pk or viewer.is_staff):
        return True
    return circle == Visibility.EVERYONE or (circle == Visibility.FRIENDS and is_friend)


def people_visible(viewer: "Viewer") -> QuerySet[User]:
    """People with what a card of them needs, in one query."""
    return User.objects.visible_to(viewer).select_related("avatar").only(*_CARD_FIELDS)


def person_by_username(viewer: "Viewer", username: str) -> Seen:
    """The profile of this name in any case, with what its owner shows to the viewer. Raises `NotFound`."""
    user = (
        people_visible(viewer).alias(folded=Lower("username")).filter(folded=username.lower()).first()
        if _USERNAME.match(username)
        else None
    )
    if user is None:
        raise NotFound()
    return person_seen(viewer, user)


def person_seen(viewer: "Viewer", user: User) -> Seen:
    """What `viewer` sees of one person; asks for friendship only where it decides."""
    circles = (user.profile_visibility, user.online_status_visibility, user.activity_visibility)
    is_friend = (
        viewer is not None
        and viewer.is_authenticated
        and Visibility.FRIENDS in circles
        and are_friends(viewer.pk, user.pk)
    )
    knows_status = sees(viewer, user, user.online_status_visibility, is_friend=is_friend)
    return Seen(
        user=user,
        is_private=not sees(viewer, user, user.profile_visibility, is_friend=is_friend),
        last_seen_at=user.last_seen_at if knows_status else None,
        is_self=viewer is not None and viewer.pk == user.pk,
        shows_last_seen=knows_status,
        shows_activity=sees(viewer, user, user.activity_visibility, is_friend=is_friend),
    )


def people_by_ids(viewer: "Viewer", ids: Collection[UUID]) -> list[Seen]:
    """Those of `ids` whom the viewer may see, in the order of `ids`.

    Reference, GET /users/batch: "last_seen_at is included only when the target user's online_status_visibility is
    "everyone" (or when the caller is asking about themselves)": neither friends nor staff learn it here.
    """
    found = {user.pk: user for user in people_visible(viewer).filter(pk__in=ids)}
    return people_seen(viewer, [found[pk] for pk in ids if pk in found])


def people_seen(viewer: "Viewer", people: Collection[User]) -> list[Seen]:
    """Cards of several people; friends are looked up once."""
    own = viewer.pk if viewer is not None and viewer.is_authenticated else None
    asked = [user.pk for user in people if user.profile_visibility == Visibility.FRIENDS and user.pk != own]
    friends = friends_among(own, asked) if own is not None else frozenset()
    cards = []
    for user in people:
        knows_status = user.pk == own or user.online_status_visibility == Visibility.EVERYONE
        cards.append(
            Seen(
                user=user,
                is_private=not sees(viewer, user, user.profile_visibility, is_friend=user.pk in friends),
                last_seen_at=user.last_seen_at if knows_status else None,
                is_self=user.pk == own,
                shows_last_seen=knows_status,
            )
        )
    return cards


def people_search(viewer: "Viewer", text: str, *, offset: int, size: int) -> tuple[int, list[Seen]]:
    """How many people have `text` in one of their names, and one page of them: whole names first, then beginnings, then the rest.

    Suspended, leaving and blocked people are not found by anybody, staff neither (they have the admin). Who shows their
    profile to nobody is found by the whole username alone.
    """
    wanted = search_text(text)
    if not wanted:
        return 0, []
    whole, start = f"{SEPARATOR}{wanted}{SEPARATOR}", f"{SEPARATOR}{wanted}"
    people: QuerySet[User] = User.objects.public()
    if viewer is not None and viewer.is_authenticated:
        people = without_hidden(people, viewer.pk)
    found = people.filter(search_name__contains=wanted).filter(
        ~Q(profile_visibility=Visibility.NOBODY) | Q(search_name__startswith=whole)
    )
    rank = Case(
        When(search_name__startswith=whole, then=Value(0)),
        When(search_name__contains=whole, then=Value(1)),
        When(search_name__startswith=start, then=Value(2)),
        When(search_name__contains=start, then=Value(3)),
        default=Value(4),
    )
    page = found.select_related("avatar").only(*_CARD_FIELDS).order_by(rank, "search_name")[offset : offset + size]
    rows = list(page)
    count = offset + len(rows) if rows and len(rows) < size else found.count()
    return count, people_seen(viewer, rows)
