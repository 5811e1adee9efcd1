"""Shapes of progress: wire names as in the reference (`episode_num`, `timecode`)."""

from typing import Any

from rest_framework import serializers

from lists.services.progress import MAX_EPISODE, MAX_SECONDS


class ProgressIn(serializers.Serializer):
    """One heartbeat; `timecode` and `duration` in seconds."""

    anime_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
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


class ShortList(serializers.ListField):
    """A list whose length is checked before its items are: the other order costs a second for a body of 2 MB (threat 39)."""

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        if self.max_length is not None and len(data) > self.max_length:
            message = self.error_messages["max_length"].format(max_length=self.max_length)
            raise serializers.ValidationError(message, code="max_length")
        return super().run_child_validation(data)


class ProgressImportIn(serializers.Serializer):
    """Rows kept in a browser; each may be bad, the list itself may not."""

    entries = ShortList(child=serializers.JSONField(), allow_empty=True, max_length=5_000)


class ProgressImportOut(serializers.Serializer):
    """What became of them."""

    imported = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Stored rows that were as new or newer.")
    dropped = serializers.IntegerField(help_text="Bad rows.")


class ProgressClearedOut(serializers.Serializer):
    """How many rows went."""

    deleted = serializers.IntegerField()
