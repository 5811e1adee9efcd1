"""What the system keeps about the catalogue: ids and scores elsewhere, provenance, ratings, imports, open relations."""

from django.contrib import admin

from catalog import models
from catalog.admin.base import CatalogAdmin
from core.admin import ReadOnlyAdmin


@admin.register(models.ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = [
        "file_name",
        "format",
        "state",
        "position",
        "created",
        "changed",
        "unchanged",
        "unmatched",
        "skipped",
        "started_at",
    ]
    list_filter = ["state", "format"]
    ordering = ["-started_at"]


@admin.register(models.FieldProvenance)
class FieldProvenanceAdmin(ReadOnlyAdmin):
    list_display = ["anime", "field", "source", "is_locked", "set_by", "set_at"]
    list_filter = ["source", "is_locked", "field"]
    search_fields = ["anime__title", "field"]
    list_select_related = ["anime", "set_by"]
    ordering = ["-set_at"]


@admin.register(models.Rating)
class RatingAdmin(ReadOnlyAdmin):
    list_display = ["user", "anime", "score", "updated_at"]
    search_fields = ["user__username", "anime__title"]
    list_select_related = ["user", "anime"]
    ordering = ["-updated_at"]


@admin.register(models.ExternalScore)
class ExternalScoreAdmin(ReadOnlyAdmin):
    list_display = ["anime", "site", "value", "votes", "synced_at"]
    list_filter = ["site"]
    search_fields = ["anime__title"]
    list_select_related = ["anime"]
    ordering = ["-synced_at"]


@admin.register(models.PendingRelation)
class PendingRelationAdmin(ReadOnlyAdmin):
    list_display = ["from_anime", "kind", "mal_id", "title"]
    list_filter = ["kind"]
    search_fields = ["from_anime__title", "title", "=mal_id"]
    list_select_related = ["from_anime"]
    ordering = ["-id"]


class HangingAdmin(CatalogAdmin):
    """Rows that are mostly edited inside their anime; here they can be found across all of them."""

    autocomplete_fields = ["anime"]
    list_select_related = ["anime"]
    ordering = ["-id"]


@admin.register(models.Title)
class TitleAdmin(HangingAdmin):
    list_display = ["text", "language", "kind", "anime"]
    list_filter = ["kind", "language"]
    search_fields = ["text"]


@admin.register(models.ExternalId)
class ExternalIdAdmin(HangingAdmin):
    list_display = ["site", "value", "anime"]
    list_filter = ["site"]
    search_fields = ["=value"]


@admin.register(models.BroadcastRule)
class BroadcastRuleAdmin(HangingAdmin):
    list_display = ["anime", "site", "first_at", "period_days", "ends_at", "timezone"]
    list_filter = ["site"]
    search_fields = ["anime__title"]


@admin.register(models.OfficialLink)
class OfficialLinkAdmin(HangingAdmin):
    list_display = ["anime", "site", "url"]
    list_filter = ["site"]
    search_fields = ["anime__title", "url"]


@admin.register(models.Relation)
class RelationAdmin(CatalogAdmin):
    list_display = ["from_anime", "kind", "to_anime"]
    list_filter = ["kind"]
    search_fields = ["from_anime__title", "to_anime__title"]
    autocomplete_fields = ["from_anime", "to_anime"]
    list_select_related = ["from_anime", "to_anime"]
    ordering = ["-id"]

    def anime_ids(self, row: models.Relation) -> set[int]:
        return {row.from_anime_id, row.to_anime_id}
