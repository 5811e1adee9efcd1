"""What catalogue admins share: every saved or deleted row refreshes the documents of its anime."""

from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest

from catalog.services.changes import catalog_touch
from core.admin import BaseAdmin


class CatalogAdmin(BaseAdmin):
    """Subclasses say with `anime_ids(row)` which anime a row belongs to."""

    def anime_ids(self, row: Any) -> set[int]:
        return {row.anime_id}

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        with transaction.atomic():
            before = self.anime_ids(type(obj)._default_manager.get(pk=obj.pk)) if change else set()
            super().save_model(request, obj, form, change)
            catalog_touch(anime_ids=sorted(before | self.anime_ids(obj)))

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool) -> None:
        with transaction.atomic():
            super().save_formset(request, form, formset, change)
            if formset.has_changed():
                catalog_touch(anime_ids=sorted(self.anime_ids(form.instance)))

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        with transaction.atomic():
            ids = self.anime_ids(obj)
            super().delete_model(request, obj)
            catalog_touch(anime_ids=sorted(ids))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            ids = {anime_id for row in queryset for anime_id in self.anime_ids(row)}
            super().delete_queryset(request, queryset)
            catalog_touch(anime_ids=sorted(ids))
