"""Shapes of list preferences."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.facade import Visibility
from lists.models import ListPreferences, ScoreFormat
from lists.models.preferences import WATCHED_PERCENT_LEAST, WATCHED_PERCENT_MOST


class PreferencesIn(serializers.Serializer):
    """Any subset; what is left out stays."""

    score_format = serializers.ChoiceField(ScoreFormat.choices, required=False)
    watched_percent = serializers.IntegerField(
        min_value=WATCHED_PERCENT_LEAST, max_value=WATCHED_PERCENT_MOST, allow_null=True, required=False
    )
    tracks_watching = serializers.BooleanField(required=False)
    list_visibility = serializers.ChoiceField(Visibility.choices, required=False)


class ListPreferencesOut(serializers.Serializer):
    """How somebody keeps their list."""

    score_format = serializers.ChoiceField(
        ScoreFormat.choices, help_text="How scores are shown; stored they are 0–100."
    )
    watched_percent = serializers.IntegerField(allow_null=True, help_text="Null: what the operator set.")
    watched_percent_default = serializers.SerializerMethodField(help_text="What the operator set.")
    tracks_watching = serializers.BooleanField(help_text="Whether watching changes the list by itself.")
    list_visibility = serializers.ChoiceField(Visibility.choices)

    def get_watched_percent_default(self, preferences: ListPreferences) -> int:
        found: Any = settings.LISTS_WATCHED_PERCENT
        return int(found)
