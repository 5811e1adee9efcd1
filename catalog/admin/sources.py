"""Sources and translations."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from import_export.admin import ImportExportMixin
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from catalog.admin.base import CatalogAdmin
from catalog.admin.resources import TranslationResource
from catalog.models import EpisodeSource, SubtitleTrack, Translation
from catalog.services.changes import catalog_touch


@admin.register(Translation)
class TranslationAdmin(ImportExportMixin, CatalogAdmin):
    resource_classes = [TranslationResource]
    import_form_class = ImportForm
    export_form_class = ExportForm
    list_display = ["code", "kind", "language", "team"]
    list_filter = ["kind", "language"]
    search_fields = ["code", "team"]

    def anime_ids(self, row: Translation) -> set[int]:
        return set(row.sources.values_list("episode__anime_id", flat=True))


@admin.register(EpisodeSource)
class EpisodeSourceAdmin(CatalogAdmin):
    list_display = ["anime", "number", "kind", "translation", "quality", "health", "is_enabled", "checked_at"]
    list_filter = ["kind", "health", "is_enabled", "translation__kind"]
    search_fields = ["episode__anime__title", "url", "path"]
    autocomplete_fields = ["episode", "translation"]
    list_select_related = ["episode__anime", "translation"]
    ordering = ["-id"]
    actions = ["switch_on", "switch_off"]

    def anime_ids(self, row: EpisodeSource) -> set[int]:
        return {row.episode.anime_id}

    @admin.display(description=_("anime"))
    def anime(self, source: EpisodeSource) -> str:
        return str(source.episode.anime)

    @admin.display(description=_("episode"))
    def number(self, source: EpisodeSource) -> int:
        return source.episode.number

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[EpisodeSource]) -> None:
        self._switch(request, queryset, is_enabled=True)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[EpisodeSource]) -> None:
        self._switch(request, queryset, is_enabled=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[EpisodeSource], **values: Any) -> None:
        ids = set(queryset.values_list("episode__anime_id", flat=True))
        count = queryset.update(**values)
        catalog_touch(anime_ids=sorted(ids))
        messages.success(request, ngettext("%d source changed", "%d sources changed", count) % count)


@admin.register(SubtitleTrack)
class SubtitleTrackAdmin(CatalogAdmin):
    list_display = ["episode", "language", "format", "label", "is_default"]
    list_filter = ["language", "format"]
    search_fields = ["episode__anime__title", "path"]
    autocomplete_fields = ["episode"]
    list_select_related = ["episode__anime"]
    ordering = ["-id"]

    def anime_ids(self, row: SubtitleTrack) -> set[int]:
        return {row.episode.anime_id}
