"""Shapes of what people say of collections, of challenges and of covers."""

from rest_framework import serializers

from lists.models import CollectionReaction
from lists.models.collections import REWARD_LIMIT

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
