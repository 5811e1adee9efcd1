"""What metadata services said, what was enriched, hashes of posters: to be looked at."""

from django.contrib import admin

from core.admin.base import ReadOnlyAdmin
from providers.models import CoverHash, Enrichment, MetadataSnapshot, PosterCopy


@admin.register(MetadataSnapshot)
class MetadataSnapshotAdmin(ReadOnlyAdmin):
    list_display = ["source", "external_id", "anime", "is_missing", "error_code", "fetched_at", "checked_at"]
    list_filter = ["source", "is_missing", "error_code"]
    search_fields = ["=external_id", "anime__title"]
    list_select_related = ["anime"]
    ordering = ["-checked_at"]


@admin.register(Enrichment)
class EnrichmentAdmin(ReadOnlyAdmin):
    list_display = ["key", "anime", "requested_at", "succeeded_at", "failed_at", "error_code"]
    list_filter = ["error_code"]
    search_fields = ["key", "anime__title"]
    list_select_related = ["anime"]
    ordering = ["-requested_at"]


@admin.register(CoverHash)
class CoverHashAdmin(ReadOnlyAdmin):
    list_display = ["anime", "value", "url", "hashed_at"]
    search_fields = ["anime__title"]
    list_select_related = ["anime"]
    ordering = ["-hashed_at"]


@admin.register(PosterCopy)
class PosterCopyAdmin(ReadOnlyAdmin):
    list_display = ["anime", "url", "error", "again_at", "asked_at"]
    list_filter = ["error"]
    search_fields = ["anime__title"]
    list_select_related = ["anime"]
    ordering = ["-asked_at"]
