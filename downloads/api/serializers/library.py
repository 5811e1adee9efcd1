"""The library's files, scans and recycle bin as staff see and change them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.closed import Closed
from core.models import JobState
from downloads.api.serializers.downloads import EPISODE_KINDS
from downloads.library.deciding import LARGEST_NUMBER
from downloads.models import FileState, LibraryFile, MatchedBy, ScanState


class SuggestionOut(serializers.Serializer):
    anime_id = serializers.IntegerField()
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    confidence = serializers.IntegerField(help_text="0–100.")
    reasons = serializers.ListField(child=serializers.CharField(), source="why", help_text="In the reader's language.")


class FileNameOut(serializers.Serializer):
    """What the file's name says; null and "" for what it does not."""

    title = serializers.CharField()
    season = serializers.IntegerField(allow_null=True)
    episodes = serializers.ListField(child=serializers.IntegerField(), allow_null=True, help_text="[first, last].")
    kind = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    group = serializers.CharField()
    resolution = serializers.IntegerField(allow_null=True, help_text="Height in pixels.")

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        usual: dict[str, Any] = {"title": "", "kind": "regular", "group": ""}
        return {str(name): instance.get(str(name), usual.get(str(name))) for name in self.fields}


class LibraryFileOut(serializers.Serializer):
    """`path` is relative to the library, `size` in bytes. The episodes are `first`–`last` of (anime, kind)."""

    id = serializers.IntegerField()
    path = serializers.CharField()
    size = serializers.IntegerField()
    state = serializers.ChoiceField(FileState.choices)
    matched_by = serializers.ChoiceField(MatchedBy.choices, allow_blank=True)
    confidence = serializers.IntegerField(help_text="0–100.")
    anime_id = serializers.IntegerField(allow_null=True)
    title = serializers.SerializerMethodField()
    kind = serializers.CharField(source="episode_kind")
    first = serializers.IntegerField(allow_null=True)
    last = serializers.IntegerField(allow_null=True)
    said = FileNameOut(source="parsed", help_text="What its name says.")
    seen_at = serializers.DateTimeField()
    gone_at = serializers.DateTimeField(allow_null=True)

    def get_title(self, file: LibraryFile) -> str:
        return file.anime.title if file.anime else ""


class SuggestedFileOut(LibraryFileOut):
    suggestions = SuggestionOut(many=True, help_text="Which anime it may be, the likeliest first; five at most.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        file = LibraryFileOut(instance.file).data
        return {**file, "suggestions": SuggestionOut(instance.suggestions, many=True).data}


class LibraryFilePageOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = SuggestedFileOut(many=True)


class DecisionIn(Closed):
    """Exactly one of: `anime_id` with `first` (and `kind`, `last`), `ignore`, `forget`."""

    anime_id = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    kind = serializers.ChoiceField(EPISODE_KINDS, required=False)
    first = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, required=False)
    last = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, required=False)
    ignore = serializers.BooleanField(required=False, help_text="It is nothing that the library should know.")
    forget = serializers.BooleanField(required=False, help_text="Take back what a person said of it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One decision, and all of it."""
        ways = ("anime_id" in attrs) + bool(attrs.get("ignore")) + bool(attrs.get("forget"))
        if ways != 1:
            raise serializers.ValidationError({"anime_id": [_("Give one of anime_id, ignore and forget.")]})
        if "anime_id" in attrs and "first" not in attrs:
            raise serializers.ValidationError({"first": [_("Which episode is it?")]})
        if "anime_id" not in attrs and {"kind", "first", "last"} & set(attrs):
            raise serializers.ValidationError({"first": [_("Episodes belong to an anime.")]})
        return attrs


class ScanOut(serializers.Serializer):
    """Counts are of files; of a running scan they are those so far. `seconds` is how long it took."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(ScanState.choices)
    seen = serializers.IntegerField()
    skipped = serializers.IntegerField()
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    moved = serializers.IntegerField()
    gone = serializers.IntegerField()
    matched = serializers.IntegerField()
    unmatched = serializers.IntegerField()
    new_series = serializers.IntegerField()
    new_episodes = serializers.IntegerField()
    seconds = serializers.FloatField()
    detail = serializers.CharField(source="error_detail")
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ScanJobOut(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(JobState.choices)
    progress = serializers.FloatField(help_text="0–100.")
    created_at = serializers.DateTimeField()


class ScanIn(Closed):
    """`sure`: believe it when nearly all files are gone."""

    sure = serializers.BooleanField(default=False)


class ScanningOut(serializers.Serializer):
    job = ScanJobOut(allow_null=True, help_text="The job that waits or runs.")
    running = ScanOut(allow_null=True)
    last = ScanOut(allow_null=True, help_text="The scan that ended last.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="State → files.")


class ScanStartedOut(serializers.Serializer):
    job = ScanJobOut()
    scan = ScanOut(allow_null=True, help_text="The scan that runs now, if one does.")


class RecycledOut(serializers.Serializer):
    """`path` is where it was, relative to the library; `size` in bytes."""

    name = serializers.CharField()
    path = serializers.CharField()
    size = serializers.IntegerField()
    recycled_at = serializers.DateTimeField()


class RecycledPageOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = RecycledOut(many=True)


class RestoredOut(serializers.Serializer):
    path = serializers.CharField(help_text="Where the file is again, relative to the library.")
