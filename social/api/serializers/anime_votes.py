"""Shapes of votes on anime."""

from rest_framework import serializers

VOTES = [(1, "up"), (-1, "down")]


class AnimeVoteIn(serializers.Serializer):
    value = serializers.ChoiceField(choices=VOTES, help_text="1 likes it, -1 does not.")


class AnimeVotesOut(serializers.Serializer):
    """How the votes on an anime stand; `mine` is null for strangers and who has not voted."""

    anime_id = serializers.IntegerField()
    likes = serializers.IntegerField()
    dislikes = serializers.IntegerField()
    mine = serializers.ChoiceField(choices=VOTES, allow_null=True)
