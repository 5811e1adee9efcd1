"""Episodes with their sources and subtitles; seasons; timecodes."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from catalog.admin.base import CatalogAdmin
from catalog.models import Episode, EpisodeSource, Season, SubtitleTrack, Timecode
from catalog.services.anime import fields_lock
from core.admin import BaseTabular


class SourceInline(BaseTabular):
    model = EpisodeSource
    fields = ["kind", "url", "path", "translation", "quality", "position", "is_enabled", "health"]


class SubtitleInline(BaseTabular):
    model = SubtitleTrack
    fields = ["language", "format", "path", "label", "is_default", "is_forced"]


@admin.register(Episode)
class EpisodeAdmin(CatalogAdmin):
    list_display = ["anime", "kind", "number", "title", "aired_on", "is_filler", "is_recap"]
    list_filter = ["kind", "is_filler", "is_recap", "aired_on"]
    search_fields = ["title", "anime__title"]
    autocomplete_fields = ["anime", "season", "still"]
    list_select_related = ["anime"]
    ordering = ["-id"]
    inlines = [SourceInline, SubtitleInline]

    def save_model(self, request: HttpRequest, obj: Episode, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        fields_lock(anime=obj.anime, names=["episodes"], actor=request.user)


@admin.register(Season)
class SeasonAdmin(CatalogAdmin):
    list_display = ["anime", "number", "name"]
    search_fields = ["name", "anime__title"]
    autocomplete_fields = ["anime"]
    list_select_related = ["anime"]
    ordering = ["-id"]


@admin.register(Timecode)
class TimecodeAdmin(CatalogAdmin):
    list_display = [
        "anime",
        "episode_number",
        "translation_id",
        "intro_start",
        "intro_end",
        "outro_start",
        "outro_end",
        "updated_by",
    ]
    list_filter = ["updated_at"]
    search_fields = ["anime__title", "translation_id"]
    autocomplete_fields = ["anime"]
    exclude = ["updated_by"]
    list_select_related = ["anime", "updated_by"]
    ordering = ["-updated_at"]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        obj.updated_by = request.user
        super().save_model(request, obj, form, change)
