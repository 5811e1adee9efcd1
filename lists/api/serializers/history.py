"""Shapes of a list's history."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lists.api.serializers.entries import CardField
from lists.models import ActivityKind, ChangeSource


class ChangeOut(serializers.Serializer):
    field = serializers.CharField(help_text="status, score, episodes_watched, …")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ListActivityOut(serializers.Serializer):
    """One change of a list (`selectors.activities.ActivityRow`)."""

    id = serializers.UUIDField(source="activity.id")
    kind = serializers.ChoiceField(choices=ActivityKind.values, source="activity.kind")
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of ours, named like one of the base
        choices=ChangeSource.values, source="activity.source"
    )
    anime_id = serializers.IntegerField(source="activity.anime_id")
    title = serializers.CharField(help_text="The anime's main title, also where its card is null.")
    anime = CardField(source="card", allow_null=True)
    changes = serializers.SerializerMethodField()
    batch = serializers.UUIDField(
        source="activity.batch", allow_null=True, help_text="What one bulk edit or import did has the same."
    )
    created_at = serializers.DateTimeField(source="activity.created_at")
    undone_at = serializers.DateTimeField(source="activity.undone_at", allow_null=True)

    @extend_schema_field(ChangeOut(many=True))
    def get_changes(self, row: Any) -> list[dict[str, Any]]:
        return [{"field": name, "before": then, "after": now} for name, (then, now) in row.changes.items()]


class ListActivityPageOut(serializers.Serializer):
    """A page of history, the latest first."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ListActivityOut(many=True)


class SharedActivityOut(ListActivityOut):
    """One change as others see it: when, what, and nothing of how."""

    source = None  # type: ignore[assignment]  # the way to leave out an inherited field
    batch = None  # type: ignore[assignment]
    undone_at = None  # type: ignore[assignment]


class SharedActivityPageOut(serializers.Serializer):
    """A page of somebody's feed, the latest first."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = SharedActivityOut(many=True)


class UndoneOut(serializers.Serializer):
    """A change that was taken back."""

    id = serializers.UUIDField()
    anime_id = serializers.IntegerField()
    undone_at = serializers.DateTimeField()


class ClearedOut(serializers.Serializer):
    """How many lines of history went."""

    deleted = serializers.IntegerField()
