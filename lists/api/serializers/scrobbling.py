"""Plays of media servers that wait for their person's word, and the rules that came of it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.ids import LARGEST_ID
from lists.models import MediaServer, ScrobblePlay, ScrobbleRule


class PlayCandidateOut(serializers.Serializer):
    """An anime that a play may be."""

    anime_id = serializers.IntegerField(source="id")
    title = serializers.CharField()
    kind = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    episode_count = serializers.IntegerField(allow_null=True)


class ScrobblePlayOut(serializers.Serializer):
    """A finished play that no anime was certain for. `candidates` come in the context, by the play's key."""

    id = serializers.UUIDField()
    server = serializers.ChoiceField(MediaServer.choices, source="endpoint.server")
    title = serializers.CharField(help_text="Of the series or the film, as the server calls it.")
    episode_title = serializers.CharField(source="name")
    season = serializers.IntegerField(allow_null=True)
    episode_num = serializers.IntegerField(source="number", allow_null=True, help_text="As the server counts it.")
    year = serializers.IntegerField(allow_null=True)
    is_film = serializers.BooleanField()
    reason = serializers.CharField(help_text="A code: why nothing matched.")
    played_at = serializers.DateTimeField()
    candidates = serializers.SerializerMethodField()

    @extend_schema_field(PlayCandidateOut(many=True))
    def get_candidates(self, play: ScrobblePlay) -> list[dict[str, Any]]:
        return list(PlayCandidateOut(self.context["candidates"].get(play.pk, []), many=True).data)


class ScrobbleAssignIn(serializers.Serializer):
    """Which anime a play was."""

    anime_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    episode_num = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Which of its episodes; needed for a special."
    )


class ScrobbleRuleIn(serializers.Serializer):
    """What a rule shall say; what is left out stays."""

    anime_id = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    episode_num = serializers.IntegerField(required=False, min_value=1, help_text="What its `number` is here.")
    is_ignored = serializers.BooleanField(required=False)


class ScrobbleRuleOut(serializers.Serializer):
    """Which anime a season (or one special, one film) of a media server is, or that it counts for nothing."""

    id = serializers.UUIDField()
    server = serializers.ChoiceField(MediaServer.choices)
    title = serializers.CharField()
    episode_title = serializers.CharField(source="name")
    season = serializers.IntegerField(allow_null=True)
    number = serializers.IntegerField(allow_null=True, help_text="The number there that `episode_num` is here.")
    is_film = serializers.BooleanField()
    is_ignored = serializers.BooleanField()
    anime_id = serializers.IntegerField(allow_null=True)
    anime_title = serializers.SerializerMethodField()
    episode_num = serializers.SerializerMethodField()
    offset = serializers.IntegerField(help_text="What is added to a number of the season.")
    first_number = serializers.IntegerField(help_text="The first number of the season that the rule is for.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_anime_title(self, rule: ScrobbleRule) -> str:
        return rule.anime.title if rule.anime is not None else ""

    def get_episode_num(self, rule: ScrobbleRule) -> int | None:
        return rule.episode_here


class ScrobbleRuleSetOut(serializers.Serializer):
    """A rule as it stands, and how many episodes of earlier plays it counted."""

    rule = ScrobbleRuleOut()
    counted = serializers.IntegerField()


class ScrobblePlayPageOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ScrobblePlayOut(many=True)


class ScrobbleRulePageOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ScrobbleRuleOut(many=True)
