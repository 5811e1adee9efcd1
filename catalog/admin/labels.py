"""Genres, tags, studios."""

from typing import Any

from django.contrib import admin
from import_export.admin import ImportExportMixin
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from catalog.admin.base import CatalogAdmin
from catalog.admin.resources import GenreResource, StudioResource, TagResource
from catalog.models import Genre, Studio, Tag


class LabelAdmin(ImportExportMixin, CatalogAdmin):
    """A label's new name reaches the documents of all its anime."""

    import_form_class = ImportForm
    export_form_class = ExportForm
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name", "slug"]
    ordering = ["name"]

    def anime_ids(self, row: Any) -> set[int]:
        return set(row.anime.values_list("pk", flat=True))


@admin.register(Genre)
class GenreAdmin(LabelAdmin):
    resource_classes = [GenreResource]
    list_display = ["name", "slug", "is_adult", "mal_id"]
    list_filter = ["is_adult"]


@admin.register(Tag)
class TagAdmin(LabelAdmin):
    resource_classes = [TagResource]
    list_display = ["name", "slug", "category", "is_adult"]
    list_filter = ["category", "is_adult"]


@admin.register(Studio)
class StudioAdmin(LabelAdmin):
    resource_classes = [StudioResource]
    list_display = ["name", "slug", "mal_id"]
