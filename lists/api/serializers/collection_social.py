"""Shapes of what people say of collections, of challenges and of covers."""

from typing import Any

from rest_framework import serializers

from lists.api.serializers.collections import OwnerOut, owner_out
from lists.models import CollectionComment, CollectionReaction
from lists.models.collections import REWARD_LIMIT
from lists.services.collection_social import COMMENT_LENGTH

REACTIONS = CollectionReaction.Value.values


class SocialOut(serializers.Serializer):
    """`my_reaction` is null for strangers and for who has none."""

    like_count = serializers.IntegerField()
    dislike_count = serializers.IntegerField()
    my_reaction = serializers.ChoiceField(source="reaction", choices=REACTIONS, allow_null=True)
    favorite_count = serializers.IntegerField(source="favourite_count")
    is_favorited = serializers.BooleanField(source="is_favourite")
    view_count = serializers.IntegerField()


class ReactionIn(serializers.Serializer):
    reaction = serializers.ChoiceField(choices=REACTIONS)


class CollectionCommentIn(serializers.Serializer):
    body = serializers.CharField(max_length=COMMENT_LENGTH)


class CollectionCommentOut(serializers.Serializer):
    """A comment with its author; plain text."""

    id = serializers.UUIDField()
    collection_id = serializers.UUIDField()
    body = serializers.CharField()
    author = OwnerOut()
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: CollectionComment) -> dict[str, Any]:
        return {
            "id": instance.pk,
            "collection_id": instance.collection_id,
            "body": instance.body,
            "author": owner_out(instance.author),  # type: ignore[arg-type]  # the selector leaves none without
            "created_at": instance.created_at,
        }


class CollectionChallengeOut(serializers.Serializer):
    """`completed` of `total`; zeroes for strangers."""

    is_challenge = serializers.BooleanField()
    coin_reward = serializers.IntegerField()
    total = serializers.IntegerField()
    completed = serializers.IntegerField()
    percent = serializers.IntegerField(help_text="0–100, 100 only when nothing is left.")
    is_complete = serializers.BooleanField()
    is_claimed = serializers.BooleanField()
    claimed_at = serializers.DateTimeField(allow_null=True)


class CollectionChallengeIn(serializers.Serializer):
    is_challenge = serializers.BooleanField(required=False)
    coin_reward = serializers.IntegerField(min_value=0, max_value=REWARD_LIMIT, required=False)


class CoverIn(serializers.Serializer):
    file = serializers.FileField(help_text="JPEG, PNG, WebP, AVIF or GIF, at most 5 MB.")


class CoverOut(serializers.Serializer):
    """`id` is what a collection takes as `cover_id`."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
