"""Episodes with what they play from."""

from rest_framework import serializers

from catalog.api.serializers.cards import ImageOut
from catalog.models import EpisodeKind, SourceHealth, SubtitleFormat, TranslationKind


class TranslationOut(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=TranslationKind.choices)
    language = serializers.CharField(help_text="BCP 47.")
    team = serializers.CharField()


class SourceOut(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(
        choices=["hls", "mp4", "embed", "local"], help_text="`local` is a file no browser plays."
    )
    url = serializers.CharField()
    quality = serializers.IntegerField(allow_null=True, help_text="Height in pixels; null: adaptive or unknown.")
    label = serializers.CharField()
    audio = serializers.ListField(child=serializers.CharField(), help_text="Languages of the audio tracks (BCP 47).")
    thumbnails = serializers.CharField(allow_null=True, help_text="A WebVTT track of seek thumbnails.")
    health = serializers.ChoiceField(choices=SourceHealth.values)
    translation = TranslationOut(allow_null=True)


class SubtitleOut(serializers.Serializer):
    id = serializers.IntegerField()
    language = serializers.CharField(help_text="BCP 47.")
    format = serializers.ChoiceField(choices=SubtitleFormat.values)
    label = serializers.CharField()
    default = serializers.BooleanField()
    forced = serializers.BooleanField()
    url = serializers.CharField()


class EpisodeOut(serializers.Serializer):
    """One episode; durations in seconds."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EpisodeKind.values)
    season = serializers.IntegerField(allow_null=True)
    season_number = serializers.IntegerField(allow_null=True)
    absolute_number = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    titles = serializers.DictField(child=serializers.CharField(), help_text="Language (BCP 47) → title.")
    synopsis = serializers.CharField()
    aired_on = serializers.DateField(allow_null=True)
    duration_seconds = serializers.IntegerField(allow_null=True)
    is_filler = serializers.BooleanField()
    is_recap = serializers.BooleanField()
    still = ImageOut(allow_null=True)
    translations = TranslationOut(many=True)
    sources = SourceOut(many=True)
    subtitles = SubtitleOut(many=True)
