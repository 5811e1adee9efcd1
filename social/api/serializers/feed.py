"""Shapes of the feed."""

from typing import Any

from rest_framework import serializers

from catalog.facade import CardOut
from social.api.serializers.people import PersonBriefOut, person_out
from social.models import FeedVerb
from social.selectors.feed import FeedLine, FeedRow

CARD = CardOut()
"""Made once: making a serializer copies its fields, which takes longer than writing a card."""


class FeedPostOut(serializers.Serializer):
    """A post that a line is about."""

    id = serializers.UUIDField()
    title = serializers.CharField(help_text="Without characters that deceive the eye.")
    is_covered = serializers.BooleanField(help_text="It gives away what the caller has not seen: cover the title.")


class FeedCollectionOut(serializers.Serializer):
    """A collection that a line is about."""

    id = serializers.UUIDField()
    title = serializers.CharField()


class FeedLineOut(serializers.Serializer):
    """One line: about one of `anime`, `post` and `collection`."""

    id = serializers.UUIDField()
    verb = serializers.ChoiceField(choices=FeedVerb.values)
    anime = CardOut(allow_null=True)
    post = FeedPostOut(allow_null=True)
    collection = FeedCollectionOut(allow_null=True)
    first_episode = serializers.IntegerField(allow_null=True, help_text="Of what was watched in one sitting.")
    last_episode = serializers.IntegerField(allow_null=True)
    score = serializers.IntegerField(allow_null=True, help_text="0 to 100.")
    created_at = serializers.DateTimeField(help_text="When the sitting began.")
    updated_at = serializers.DateTimeField(help_text="Of the last that joined the line; lines are in its order.")

    def to_representation(self, instance: FeedLine) -> dict[str, Any]:
        item = instance.item
        post = {"id": item.post_id, "title": instance.post_title, "is_covered": instance.is_covered}
        return {
            "id": item.pk,
            "verb": item.verb,
            "anime": CARD.to_representation(instance.card) if instance.card else None,
            "post": post if item.post_id else None,
            "collection": {"id": item.collection_id, "title": instance.collection_title}
            if item.collection_id
            else None,
            "first_episode": item.first_episode,
            "last_episode": item.last_episode,
            "score": None if item.score is None else round(item.score),
            "created_at": item.created_at,
            "updated_at": item.updated_at,
        }


class FeedRowOut(FeedLineOut):
    """The latest line of a row, who it is of, and what they planned or rated just before."""

    user = PersonBriefOut()
    others = FeedLineOut(many=True, help_text="Lines of the same kind that belong to the row, the latest first.")

    def to_representation(self, instance: FeedRow) -> dict[str, Any]:  # type: ignore[override]
        line = super().to_representation(instance.line)
        others = [super(FeedRowOut, self).to_representation(other) for other in instance.others]
        return {**line, "user": person_out(instance.person), "others": others}


class FeedPageOut(serializers.Serializer):
    """A page of rows. It may be short, or empty, and have a next one."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True, help_text="Always null: keep what you have read.")
    results = FeedRowOut(many=True)
