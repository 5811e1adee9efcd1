"""Shapes of people beside what they do, and of how the caller stands to them."""

from typing import Any, cast

from rest_framework import serializers

from accounts.facade import Role, Seen, User
from core.media.images import image_url
from social.models import Friendship, FriendshipStatus
from social.selectors.friends import Relation

AVATAR_WIDTH = 128


def author_out(user: User | None) -> dict[str, Any] | None:
    """A person beside what they wrote; None when their account is gone. `user.avatar` has to be selected."""
    return _named(user) if user is not None else None


def person_out(user: User) -> dict[str, Any]:
    """A person beside what is theirs; `user.avatar` has to be selected."""
    return {**_named(user), "role": user.role}


def _named(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "username": user.username,
        "display_name": user.display_name,
        "avatar_url": (image_url(user.avatar, width=AVATAR_WIDTH) or None) if user.avatar else None,
    }


class AuthorOut(serializers.Serializer):
    """A person beside what they wrote."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    display_name = serializers.CharField(help_text="May be empty: show the username then.")
    avatar_url = serializers.CharField(allow_null=True)


class PersonBriefOut(AuthorOut):
    """A person beside what is theirs."""

    role = serializers.ChoiceField(choices=Role.values)


class PersonCardOut(PersonBriefOut):
    """A person in a list of people: `accounts` Seen."""

    is_private = serializers.BooleanField(help_text="Whether this person shows their profile to others only.")
    last_seen_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Only there when this person lets the caller know."
    )

    def to_representation(self, instance: Seen) -> dict[str, Any]:
        found = {**person_out(instance.user), "is_private": instance.is_private}
        if instance.shows_last_seen:
            found["last_seen_at"] = instance.last_seen_at
        return found


class FriendshipOut(serializers.Serializer):
    """A friendship or a request, seen from the caller: `selectors.friends.Relation`."""

    id = serializers.UUIDField(help_text="Of the friendship.")
    status = serializers.ChoiceField(choices=FriendshipStatus.values)
    direction = serializers.ChoiceField(
        choices=["incoming", "outgoing"], allow_null=True, help_text="Of a pending request: who asked whom."
    )
    user = PersonCardOut()
    created_at = serializers.DateTimeField(help_text="When one asked the other.")
    accepted_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Relation) -> dict[str, Any]:
        row = cast(Friendship, instance.row)  # there in one's own lists
        direction = "incoming" if instance.is_incoming else "outgoing"
        return {
            "id": row.pk,
            "status": row.status,
            "direction": None if instance.is_friend else direction,
            "user": PersonCardOut(instance.seen).data,
            "created_at": row.created_at,
            "accepted_at": row.accepted_at,
        }


class ListedOut(serializers.Serializer):
    """Somebody in a list of people, and since when they stand there."""

    user = PersonCardOut()
    since = serializers.DateTimeField()

    def to_representation(self, instance: Relation) -> dict[str, Any]:
        return {"user": PersonCardOut(instance.seen).data, "since": instance.since}


class _PageOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class FriendshipsOut(_PageOut):
    results = FriendshipOut(many=True)


class ListedPageOut(_PageOut):
    results = ListedOut(many=True)


class StandingOut(serializers.Serializer):
    """How the caller stands to a person: `selectors.relations.Standing`."""

    friendship_id = serializers.UUIDField(allow_null=True, help_text="While they are friends or one of them asked.")
    is_friend = serializers.BooleanField()
    is_asked = serializers.BooleanField(help_text="The caller asked them.")
    is_asking = serializers.BooleanField(help_text="They asked the caller.")
    is_followed = serializers.BooleanField(help_text="By the caller.")
    is_blocked = serializers.BooleanField(help_text="By the caller; of the other way nobody is told.")


class FriendRequestIn(serializers.Serializer):
    """Whom to ask."""

    user_id = serializers.UUIDField()


__all__ = [
    "AuthorOut",
    "FriendRequestIn",
    "FriendshipOut",
    "FriendshipsOut",
    "ListedOut",
    "ListedPageOut",
    "PersonBriefOut",
    "PersonCardOut",
    "StandingOut",
    "author_out",
    "person_out",
]
