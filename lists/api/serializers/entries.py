"""Shapes of list entries: scores 0–100, dates as much of ISO 8601 as is known."""

from typing import Any

from rest_framework import serializers

from catalog.facade import CardOut
from lists.models import EntryStatus

_DATE = "As much of it as is known: 2024-05-17, 2024-05 or 2024; null when nothing is."


class EntryOut(serializers.Serializer):
    """One anime on a list (`selectors.entries.EntryRow`)."""

    id = serializers.UUIDField(source="entry.id")
    anime_id = serializers.IntegerField(source="entry.anime_id")
    title = serializers.CharField(help_text="The anime's main title, also where its card is null.")
    anime = CardOut(source="card", allow_null=True, help_text="Null: the catalogue does not show this anime any more.")
    status = serializers.ChoiceField(choices=EntryStatus.values, source="entry.status")
    score = serializers.IntegerField(allow_null=True, source="entry.score", help_text="0–100.")
    episodes_watched = serializers.IntegerField(source="entry.episodes_watched", help_text="In the present viewing.")
    rewatch_count = serializers.IntegerField(source="entry.rewatch_count")
    started_on = serializers.SerializerMethodField(help_text=_DATE)
    finished_on = serializers.SerializerMethodField(help_text=_DATE)
    notes = serializers.CharField(help_text="For the owner alone: empty for everybody else.")
    is_private = serializers.BooleanField(source="entry.is_private")
    is_favourite = serializers.BooleanField(source="entry.is_favourite")
    tags = serializers.ListField(child=serializers.CharField(), help_text="By name.")
    created_at = serializers.DateTimeField(source="entry.created_at")
    updated_at = serializers.DateTimeField(source="entry.updated_at")

    def get_started_on(self, row: Any) -> str | None:
        return row.entry.started_on or None

    def get_finished_on(self, row: Any) -> str | None:
        return row.entry.finished_on or None


class EntryPageOut(serializers.Serializer):
    """A page of a list."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = EntryOut(many=True)
