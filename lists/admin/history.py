"""The history of lists for staff: who changed which entry when and through which door, not what they wrote."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from lists.models import ListActivity, ListEntry


@admin.register(ListActivity)
class ListActivityAdmin(ReadOnlyAdmin):
    list_display = ["user", "anime", "kind", "source", "created_at", "undone_at"]
    list_filter = ["kind", "source", "created_at"]
    search_fields = ["user__username", "anime__title", "=batch"]
    list_select_related = ["user", "anime"]
    ordering = ["-created_at"]
    fields = [*list_display, "batch"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListActivity]:
        """Without what concerns entries that are private, or were when it happened."""
        private = ListEntry.objects.filter(user=OuterRef("user"), anime=OuterRef("anime"), is_private=True)
        return super().get_queryset(request).filter(~Exists(private), was_public=True)
