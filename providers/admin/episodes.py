"""Episodes as providers list them: to be looked at."""

from django.contrib import admin

from core.admin.base import ReadOnlyAdmin
from providers.models import ProviderEpisode


@admin.register(ProviderEpisode)
class ProviderEpisodeAdmin(ReadOnlyAdmin):
    list_display = ["label", "title", "first", "last", "season", "is_batch", "released_on", "seen_at"]
    list_filter = ["is_batch", "title__provider"]
    search_fields = ["label", "title__title"]
    list_select_related = ["title"]
    ordering = ["-seen_at"]
