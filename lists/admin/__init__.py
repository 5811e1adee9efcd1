"""The admin of lists: people's entries and progress, to be looked at."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from lists.admin import collections  # noqa: F401 — registers the models
from lists.models import ListEntry, WatchProgress


@admin.register(ListEntry)
class ListEntryAdmin(ReadOnlyAdmin):
    list_display = ["user", "anime", "status", "updated_at"]
    list_filter = ["status"]
    search_fields = ["user__username", "anime__title"]
    list_select_related = ["user", "anime"]
    ordering = ["-updated_at"]


@admin.register(WatchProgress)
class WatchProgressAdmin(ReadOnlyAdmin):
    list_display = ["user", "anime", "episode_number", "position", "duration", "updated_at"]
    search_fields = ["user__username", "anime__title"]
    list_select_related = ["user", "anime"]
    ordering = ["-updated_at"]
