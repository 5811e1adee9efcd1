"""Openings and endings."""

from rest_framework import serializers


class TimecodeIn(serializers.Serializer):
    """Seconds; both of a pair null (or left out) says "there is none"."""

    intro_start = serializers.FloatField(allow_null=True, default=None, min_value=0, max_value=1e6)
    intro_end = serializers.FloatField(allow_null=True, default=None, min_value=0, max_value=1e6)
    outro_start = serializers.FloatField(allow_null=True, default=None, min_value=0, max_value=1e6)
    outro_end = serializers.FloatField(allow_null=True, default=None, min_value=0, max_value=1e6)


class TimecodeOut(serializers.Serializer):
    """The row of one (episode, translation); `translation_id` "" is the fallback of all translations."""

    episode_number = serializers.IntegerField()
    translation_id = serializers.CharField(allow_blank=True)
    intro_start = serializers.FloatField(allow_null=True)
    intro_end = serializers.FloatField(allow_null=True)
    outro_start = serializers.FloatField(allow_null=True)
    outro_end = serializers.FloatField(allow_null=True)
    updated_at = serializers.DateTimeField()
