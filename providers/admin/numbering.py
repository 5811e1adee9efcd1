"""How numbers of one site stand for those of another: what the files say, and what people said against them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from core.admin import BaseAdmin
from core.admin.base import ReadOnlyAdmin, done_to_each
from providers.models import EpisodeRedirect, NumberingOverride, SeriesNumbering
from providers.numbering.facts import SPECIAL
from providers.numbering.seasons import REGULAR
from providers.services.overrides import override_delete, override_set

KIND_LABELS = {REGULAR: gettext_lazy("Episode"), SPECIAL: gettext_lazy("Special")}
FIELDS = ("season", "first", "last", "anime", "target_kind", "target_first")


@admin.register(NumberingOverride)
class NumberingOverrideAdmin(BaseAdmin):
    """Every write goes through the services, which place the episodes anew."""

    list_display = ["title", "season", "first", "last", "anime", "kind_shown", "target_first", "set_by", "set_at"]
    search_fields = ["title__title", "anime__title"]
    list_select_related = ["title", "anime", "set_by"]
    autocomplete_fields = ["title", "anime"]
    fields = ["title", ("season", "first", "last"), "anime", ("target_kind", "target_first")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Which numbers it is about never changes: another range is another override."""
        return ["title", "season", "first"] if obj else []

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "target_kind":
            label = capfirst(db_field.verbose_name)
            return forms.ChoiceField(label=label, choices=list(KIND_LABELS.items()), widget=UnfoldAdminSelectWidget)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("kind"), ordering="target_kind")
    def kind_shown(self, override: NumberingOverride) -> str:
        return str(KIND_LABELS.get(override.target_kind, override.target_kind))

    def save_model(self, request: HttpRequest, obj: NumberingOverride, form: ModelForm, change: bool) -> None:
        values = {name: getattr(obj, name) for name in FIELDS}
        saved = override_set(actor=request.user, title=obj.title, **values)
        obj.pk = saved.pk

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        override_delete(actor=request.user, override=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        done_to_each(request, queryset, lambda row: override_delete(actor=request.user, override=row))


@admin.register(EpisodeRedirect)
class EpisodeRedirectAdmin(ReadOnlyAdmin):
    list_display = ["mal_id", "first", "last", "target_mal_id", "target_first", "target_last"]
    search_fields = ["=mal_id", "=target_mal_id"]
    ordering = ["mal_id", "first"]


@admin.register(SeriesNumbering)
class SeriesNumberingAdmin(ReadOnlyAdmin):
    list_display = ["anidb_id", "tvdb_id", "default_season", "offset"]
    search_fields = ["=anidb_id", "=tvdb_id"]
    ordering = ["anidb_id"]
