"""Stored pictures."""

from django.contrib import admin
from django.core.files.storage import default_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.admin.base import ReadOnlyAdmin
from core.models import StoredImage


@admin.register(StoredImage)
class StoredImageAdmin(ReadOnlyAdmin):
    list_display = ["preview", "purpose", "size", "bytes", "owner", "created_at"]
    list_filter = ["purpose"]
    search_fields = ["sha256__startswith"]
    list_select_related = ["owner"]
    ordering = ["-created_at"]

    @admin.display(description=_("picture"))
    def preview(self, image: StoredImage) -> SafeString | str:
        widths = sorted(image.variants, key=int)
        if not widths:
            return "–"
        name = next(iter(image.variants[widths[0]].values()))
        return format_html('<img src="{}" alt="" height="48" loading="lazy">', default_storage.url(name))

    @admin.display(description=_("size"))
    def size(self, image: StoredImage) -> str:
        return f"{image.width} × {image.height}"
