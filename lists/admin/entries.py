"""Entries and progress for staff: to be looked at; what people keep private is not shown, nor what they noted."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from lists.models import ListEntry, WatchProgress


@admin.register(ListEntry)
class ListEntryAdmin(ReadOnlyAdmin):
    list_display = ["user", "anime", "status", "episodes_watched", "rewatch_count", "is_favourite", "updated_at"]
    list_filter = ["status", "is_favourite", "updated_at"]
    search_fields = ["user__username", "anime__title"]
    list_select_related = ["user", "anime"]
    ordering = ["-updated_at"]
    fields = [*list_display, "started_on", "finished_on", "created_at"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListEntry]:
        """Without private ones: nobody but their owner reads them, here neither."""
        return super().get_queryset(request).filter(is_private=False)


@admin.register(WatchProgress)
class WatchProgressAdmin(ReadOnlyAdmin):
    list_display = ["user", "anime", "episode_number", "position", "duration", "updated_at"]
    search_fields = ["user__username", "anime__title"]
    list_select_related = ["user", "anime"]
    ordering = ["-updated_at"]
