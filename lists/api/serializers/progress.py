"""Shapes of progress: wire names as in the reference (`episode_num`, `timecode`)."""

from typing import Any

from rest_framework import serializers

from core.ids import LARGEST_ID
from lists.models import EntryStatus
from lists.services.progress import ProgressSaved
from lists.services.progress_rows import IMPORT_LIMIT, MAX_EPISODE, MAX_SECONDS


class ProgressIn(serializers.Serializer):
    """One heartbeat; `timecode` and `duration` in seconds."""

    anime_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    episode_num = serializers.IntegerField(min_value=1, max_value=MAX_EPISODE)
    timecode = serializers.FloatField(min_value=0, max_value=MAX_SECONDS)
    duration = serializers.FloatField(min_value=0, max_value=MAX_SECONDS, default=0)
    translation_id = serializers.CharField(max_length=64, allow_blank=True, default="")

    def validate(self, attrs: dict) -> dict:
        # NaN passes every comparison of min and max.
        for name in ("timecode", "duration"):
            if attrs[name] != attrs[name]:
                raise serializers.ValidationError({name: "A number of seconds."})
        return attrs


class ProgressOut(serializers.Serializer):
    """One stored row."""

    anime_id = serializers.IntegerField()
    episode_num = serializers.IntegerField(source="episode_number")
    timecode = serializers.FloatField(source="position")
    duration = serializers.FloatField()
    translation_id = serializers.CharField()
    updated_at = serializers.DateTimeField()


class ProgressSavedOut(ProgressOut):
    """A heartbeat's row and what it did to the list; the last three are null when it did nothing."""

    counted = serializers.BooleanField(help_text="Whether with this heartbeat the episode counts as watched.")
    activity_id = serializers.UUIDField(
        allow_null=True, help_text="Undo it: POST /anime-list/history/{id}/undo. Null: the entry stays as it was."
    )
    status = serializers.ChoiceField(EntryStatus.values, allow_null=True)
    episodes_watched = serializers.IntegerField(allow_null=True)

    def to_representation(self, saved: ProgressSaved) -> dict[str, Any]:
        """The row's fields and those of what was counted."""
        counted = saved.counted
        told = {
            "counted": counted is not None,
            "activity_id": str(counted.activity.pk) if counted and counted.activity else None,
            "status": counted.state.status if counted else None,
            "episodes_watched": counted.state.episodes_watched if counted else None,
        }
        return {**ProgressOut(saved.row).data, **told}


class ShortList(serializers.ListField):
    """A list whose length is checked before its items are: the other order costs a second for a body of 2 MB (threat 39)."""

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        if self.max_length is not None and len(data) > self.max_length:
            message = self.error_messages["max_length"].format(max_length=self.max_length)
            raise serializers.ValidationError(message, code="max_length")
        return super().run_child_validation(data)


class ProgressImportIn(serializers.Serializer):
    """Rows kept in a browser; each may be bad, the list itself may not."""

    entries = ShortList(child=serializers.JSONField(allow_null=True), allow_empty=True, max_length=IMPORT_LIMIT)


class ProgressImportOut(serializers.Serializer):
    """What became of them."""

    imported = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Stored rows that were as new or newer.")
    dropped = serializers.IntegerField(help_text="Bad rows.")


class ProgressClearedOut(serializers.Serializer):
    """How many rows went."""

    deleted = serializers.IntegerField()
