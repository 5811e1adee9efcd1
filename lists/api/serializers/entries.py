"""Shapes of list entries: scores 0–100, dates as much of ISO 8601 as is known."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.facade import CardOut
from core.ids import LARGEST_ID
from lists.api.serializers.progress import ShortList
from lists.models import EntryStatus
from lists.models.entries import (
    EPISODES_LIMIT,
    NOTES_STORED,
    NOTES_TYPED,
    REWATCHES_LIMIT,
    TAG_LENGTH,
    TAGS_LIMIT,
)
from lists.services.bulk import BULK_LIMIT

_DATE = "As much of it as is known: 2024-05-17, 2024-05 or 2024; null when nothing is."


@extend_schema_field(CardOut)
class CardField(serializers.Field):
    """A card as the catalogue stored it: JSON already, so that a page of a hundred is not taken apart and built again."""

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class EntryOut(serializers.Serializer):
    """One anime on a list (`selectors.entries.EntryRow`)."""

    id = serializers.UUIDField(source="entry.id")
    anime_id = serializers.IntegerField(source="entry.anime_id")
    title = serializers.CharField(help_text="The anime's main title, also where its card is null.")
    anime = CardField(
        source="card", allow_null=True, help_text="Null: the catalogue does not show this anime any more."
    )
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


class EntrySavedOut(EntryOut):
    """An entry after a change."""

    activity_id = serializers.UUIDField(
        allow_null=True, help_text="Undoes it (POST /anime-list/history/{id}/undo); null: nothing differed."
    )


class EpisodeCountedOut(EntrySavedOut):
    """An entry after an episode was counted."""

    episode = serializers.IntegerField()
    is_counted = serializers.BooleanField(help_text="False: it was counted before, and nothing changed.")


class EntryTagOut(serializers.Serializer):
    """A word on entries: what other sites call a folder."""

    name = serializers.CharField()
    count = serializers.IntegerField()


class WholeField(serializers.IntegerField):
    """A whole number and nothing that looks like one: a score of "9" might mean 90."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid", input=data)
        return data


_DATE_GIVEN: dict[str, Any] = {
    "max_length": 10,
    "allow_blank": True,
    "allow_null": True,
    "required": False,
    "help_text": _DATE,
}


class EntryChangesIn(serializers.Serializer):
    """Any subset: what is left out stays as it is."""

    status = serializers.ChoiceField(choices=EntryStatus.values, required=False)
    score = WholeField(min_value=0, max_value=100, allow_null=True, required=False, help_text="0–100; null: no score.")
    episodes_watched = WholeField(min_value=0, max_value=EPISODES_LIMIT, required=False)
    rewatch_count = WholeField(min_value=0, max_value=REWATCHES_LIMIT, required=False)
    started_on = serializers.CharField(**_DATE_GIVEN)
    finished_on = serializers.CharField(**_DATE_GIVEN)
    # Longer ones than people may write come from imports, and are sent back unchanged.
    notes = serializers.CharField(
        max_length=NOTES_STORED, allow_blank=True, required=False, help_text=f"At most {NOTES_TYPED} characters."
    )
    is_private = FlagField(required=False)
    is_favourite = FlagField(required=False)
    tags = ShortList(child=serializers.CharField(max_length=TAG_LENGTH), max_length=TAGS_LIMIT, required=False)


class EntryIn(EntryChangesIn):
    """Which anime, by our id or by Shikimori's, and what is said of it."""

    anime_id = WholeField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True)
    shikimori_id = WholeField(min_value=1, max_value=999_999_999, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("anime_id") is None and attrs.get("shikimori_id") is None:
            raise serializers.ValidationError({"anime_id": [_("Name the anime: anime_id or shikimori_id.")]})
        return attrs


class EpisodeIn(serializers.Serializer):
    """The episode that the caller means; without it the next one."""

    episode = WholeField(min_value=1, max_value=EPISODES_LIMIT, allow_null=True, required=False)


class BulkIn(serializers.Serializer):
    """What becomes of all these anime: either `remove`, or any of the rest."""

    anime_ids = ShortList(
        child=WholeField(min_value=1, max_value=LARGEST_ID), allow_empty=False, min_length=1, max_length=BULK_LIMIT
    )
    status = serializers.ChoiceField(choices=EntryStatus.values, required=False)
    score = WholeField(min_value=0, max_value=100, allow_null=True, required=False)
    is_private = FlagField(required=False)
    is_favourite = FlagField(required=False)
    add_tags = ShortList(child=serializers.CharField(max_length=TAG_LENGTH), max_length=TAGS_LIMIT, required=False)
    remove_tags = ShortList(child=serializers.CharField(max_length=TAG_LENGTH), max_length=TAGS_LIMIT, required=False)
    remove = FlagField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wanted = attrs.keys() - {"anime_ids", "remove"}
        if attrs["remove"] == bool(wanted):
            raise serializers.ValidationError({"remove": [_("Either take them off the list or change them.")]})
        attrs["is_removal"] = attrs.pop("remove")
        return attrs


class RefusedOut(serializers.Serializer):
    anime_id = serializers.IntegerField()
    error = serializers.CharField(help_text="A stable code: not_found, not_on_list, validation_failed.")


class BulkOut(serializers.Serializer):
    """What became of a bulk edit."""

    batch = serializers.UUIDField(help_text="Undoes all of it (POST /anime-list/bulk/{batch}/undo).")
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.SerializerMethodField()

    @extend_schema_field(RefusedOut(many=True))
    def get_refused(self, done: Any) -> list[dict[str, Any]]:
        return [{"anime_id": anime_id, "error": error} for anime_id, error in sorted(done.refused.items())]


class BulkUndoneOut(serializers.Serializer):
    """What became of the undo of a bulk edit."""

    undone = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Entries that were changed again since; they stay as they are.")
