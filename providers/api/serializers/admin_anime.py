"""What staff write of an anime, and what they read of its sources. Shapes only."""

from typing import Any

from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.facade import (
    AgeRating,
    AnimeCollections,
    AnimeKind,
    AnimeSource,
    AnimeStatus,
    RelationKind,
    SeasonName,
    Site,
    StudioDraft,
    StudioRole,
    TitleDraft,
    TitleKind,
)
from core.api.closed import Closed

MAX_ITEMS = 200
"""Entries of a list that is written."""
_WEB = [URLValidator(schemes=["http", "https"])]
_COLLECTIONS = ("titles", "genres", "tags", "studios", "external_ids", "relations")


class TitleIn(Closed):
    text = serializers.CharField(max_length=500)
    language = serializers.RegexField(r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z", default="und", help_text="BCP 47")
    kind = serializers.ChoiceField(TitleKind.choices, default=TitleKind.SYNONYM)


class StudioIn(Closed):
    name = serializers.CharField(max_length=160)
    role = serializers.ChoiceField(StudioRole.choices, default=StudioRole.STUDIO)


class RelationIn(Closed):
    kind = serializers.ChoiceField(RelationKind.choices)
    anime_id = serializers.IntegerField(min_value=1, max_value=2**62)


class AnimeIn(Closed):
    """All fields are optional but for `title` of a new anime. Lists overwrite; `null` is "not known"."""

    title = serializers.CharField(max_length=500)
    title_english = serializers.CharField(max_length=500, allow_blank=True, required=False)
    title_native = serializers.CharField(max_length=500, allow_blank=True, required=False)
    slug = serializers.SlugField(max_length=120, allow_blank=True, required=False)
    synopsis = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    background = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    kind = serializers.ChoiceField(AnimeKind.choices, required=False)
    status = serializers.ChoiceField(AnimeStatus.values, required=False)
    source = serializers.ChoiceField(AnimeSource.values, required=False)  # type: ignore[assignment]  # what it was adapted from
    country = serializers.RegexField(r"\A[A-Z]{2}\Z", required=False, help_text="ISO 3166-1")
    season = serializers.ChoiceField(SeasonName.values, allow_blank=True, required=False)
    year = serializers.IntegerField(min_value=1900, max_value=2200, allow_null=True, required=False)
    start_date = serializers.DateField(allow_null=True, required=False)
    end_date = serializers.DateField(allow_null=True, required=False)
    episode_count = serializers.IntegerField(min_value=0, max_value=100_000, allow_null=True, required=False)
    duration_seconds = serializers.IntegerField(min_value=0, max_value=86_400, allow_null=True, required=False)
    age_rating = serializers.ChoiceField(AgeRating.choices, allow_blank=True, required=False)
    is_adult = serializers.BooleanField(required=False)
    poster_url = serializers.CharField(max_length=500, allow_blank=True, required=False, validators=_WEB)
    banner_url = serializers.CharField(max_length=500, allow_blank=True, required=False, validators=_WEB)
    trailer_url = serializers.CharField(max_length=500, allow_blank=True, required=False, validators=_WEB)
    colour = serializers.RegexField(r"\A(#[0-9a-fA-F]{6})?\Z", allow_blank=True, required=False)
    titles = TitleIn(many=True, required=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]  # the list's
    genres = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=MAX_ITEMS)
    tags = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=MAX_ITEMS)
    studios = StudioIn(many=True, required=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]  # the list's
    external_ids = serializers.DictField(
        child=serializers.CharField(max_length=64), required=False, help_text='{"mal": "5114"}'
    )
    relations = RelationIn(many=True, required=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]  # the list's

    def validate_external_ids(self, value: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(value) - set(Site.values)):
            raise serializers.ValidationError([_("No such site: %s") % ", ".join(unknown)[:200]])
        return value


class AnimePatchIn(AnimeIn):
    title = serializers.CharField(max_length=500, required=False)


def written_of(data: dict[str, Any]) -> dict[str, Any]:
    """The validated body as the services take it: `fields` and `collections`."""
    titles, studios, relations = data.get("titles"), data.get("studios"), data.get("relations")
    return {
        "fields": {name: value for name, value in data.items() if name not in _COLLECTIONS},
        "collections": AnimeCollections(
            titles=None if titles is None else [TitleDraft(**row) for row in titles],
            genres=data.get("genres"),
            tags=data.get("tags"),
            studios=None if studios is None else [StudioDraft(**row) for row in studios],
            external_ids=data.get("external_ids"),
            relations=None if relations is None else [(row["kind"], row["anime_id"]) for row in relations],
        ),
    }


class AnimeWrittenOut(serializers.Serializer):
    """The anime and the names of what is different now; those fields are locked against every source."""

    id = serializers.IntegerField(source="anime_id")
    changed = serializers.ListField(child=serializers.CharField())


class SourcesOut(serializers.Serializer):
    """`sources` are all choices that hold now; `changed` says what each source has changed at once."""

    id = serializers.IntegerField()
    sources = serializers.DictField(child=serializers.CharField())
    changed = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class CandidateOut(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not the base's
    value = serializers.JSONField()
    fetched_at = serializers.DateTimeField()
    is_stale = serializers.BooleanField()


class FieldCandidatesOut(serializers.Serializer):
    """`source` is where the current value came from ("" not known); `chosen` the source that staff let it follow."""

    current = serializers.JSONField()
    locked = serializers.BooleanField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # as above
    chosen = serializers.CharField(allow_null=True)
    candidates = CandidateOut(many=True)


class EnrichmentJobOut(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.CharField()
    stage = serializers.CharField(allow_blank=True)
    progress = serializers.FloatField()


class EnrichmentOut(serializers.Serializer):
    """`succeeded_at` or `failed_at` at or after `requested_at`: it has ended; `result` says what came of the last one."""

    key = serializers.CharField()
    anime_id = serializers.IntegerField(allow_null=True)
    job = EnrichmentJobOut(allow_null=True)
    requested_at = serializers.DateTimeField()
    succeeded_at = serializers.DateTimeField(allow_null=True)
    failed_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField(source="error_code", allow_blank=True)
    result = serializers.JSONField()
