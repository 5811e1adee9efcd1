"""Shapes of notifications."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from social.api.serializers.people import PersonBriefOut, person_out
from social.selectors.notifications import NotificationRow
from social.services.notification_marks import IDS_LIMIT


class NotificationAnimeOut(serializers.Serializer):
    """The anime that it is about."""

    id = serializers.IntegerField()
    title = serializers.CharField()


class NotificationOut(serializers.Serializer):
    """One notification, in the language of the request."""

    id = serializers.UUIDField()
    type = serializers.CharField(help_text="Its kind: mention, reply, new_episode, friend_request…")
    title = serializers.CharField(help_text="What its kind is called.")
    text = serializers.CharField(help_text="The sentence.")
    excerpt = serializers.CharField(
        allow_null=True, help_text="What was written; null while it is covered or not to be read in its place."
    )
    is_covered = serializers.BooleanField(help_text="Whether there is an excerpt that would give an episode away.")
    url = serializers.CharField(help_text="Where it leads, a path on the site.")
    is_read = serializers.BooleanField()
    count = serializers.IntegerField(help_text="How often it happened while unread.")
    actors = PersonBriefOut(many=True, help_text="The latest three of those who did it.")
    actor_count = serializers.IntegerField(help_text="How many they are.")
    anime = NotificationAnimeOut(allow_null=True)
    created_at = serializers.DateTimeField(help_text="When it happened first.")
    updated_at = serializers.DateTimeField(help_text="When it happened last.")
    read_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: NotificationRow) -> dict[str, Any]:
        row, card = instance.notification, instance.card
        return {
            "id": row.pk,
            "type": row.kind,
            "title": instance.words.title,
            "text": instance.words.text,
            "excerpt": instance.excerpt or None,
            "is_covered": instance.is_covered,
            "url": row.url,
            "is_read": instance.is_read,
            "count": row.count,
            "actors": [person_out(user) for user in instance.actors],
            "actor_count": instance.actor_count,
            "anime": {"id": card["id"], "title": card["title"]} if card else None,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "read_at": row.read_at,
        }


class NotificationsOut(serializers.Serializer):
    """A page, the latest first."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = NotificationOut(many=True)


class _IdField(serializers.UUIDField):
    """A UUID as text; numbers are none."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data if isinstance(data, str) else "")


class WhichIn(serializers.Serializer):
    """Which of one's notifications: `ids`, or `all: true`; one of the two."""

    ids = serializers.ListField(child=_IdField(), max_length=IDS_LIMIT, required=False)
    all = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_all, ids = attrs.get("all", False), attrs.get("ids")
        if is_all == (ids is not None):
            raise serializers.ValidationError({"ids": [_("Either ids, or all: true.")]})
        return {"ids": None if is_all else ids}


class UnreadCountOut(serializers.Serializer):
    count = serializers.IntegerField()


class MarkedOut(serializers.Serializer):
    """How many changed, and how many are unread now."""

    changed = serializers.IntegerField()
    unread_count = serializers.IntegerField()
