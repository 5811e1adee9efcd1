"""Collections for staff: pinning, challenges; what people keep private is not shown."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin import BaseAdmin, ReadOnlyAdmin, ReadOnlyTabular, done_to_each
from lists.models import ChallengeClaim, Collection, CollectionItem, CollectionVisibility
from lists.services.challenges import challenge_set
from lists.services.collections import collection_delete, featured_set

SET_HERE = ("is_challenge", "coin_reward")


class CollectionItemInline(ReadOnlyTabular):
    """What is in it, to be looked at."""

    model = CollectionItem
    fields = ["position", "anime_title", "anime", "shikimori_id", "group", "note"]
    readonly_fields = fields
    ordering = ["position", "id"]
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[CollectionItem]:
        return super().get_queryset(request).select_related("anime", "group")


@admin.register(Collection)
class CollectionAdmin(BaseAdmin):
    """Being a challenge and its reward go through `challenge_set`, the pin through `featured_set`; the rest is its owner's."""

    list_display = ["title", "owner", "visibility", "anime_count", "is_featured", *SET_HERE, "view_count", "updated_at"]
    list_filter = ["visibility", "is_featured", "is_challenge", "created_at"]
    search_fields = ["title", "owner__username"]
    list_select_related = ["owner"]
    ordering = ["-updated_at"]
    fields = ["title", "owner", "description", "visibility", "is_featured", *SET_HERE, "view_count", "forked_from"]
    readonly_fields = [name for name in fields if name not in SET_HERE]
    inlines = [CollectionItemInline]
    actions = ["feature", "unfeature"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        """Without private ones: nobody but their owner reads them, here neither."""
        found = super().get_queryset(request).exclude(visibility=CollectionVisibility.PRIVATE)
        return found.annotate(items_in_it=Count("items"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Collection, form: ModelForm, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in SET_HERE}
        if changes:
            challenge_set(actor=request.user, collection=obj, **changes)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """Its comments and claims go with it, though nobody deletes those by themselves."""
        found, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Collection) -> None:
        collection_delete(actor=request.user, collection=obj, as_admin=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Collection]) -> None:
        for row in queryset:
            self.delete_model(request, row)

    @admin.display(description=_("anime"))
    def anime_count(self, row: Any) -> int:
        return row.items_in_it

    @admin.action(description=_("Pin to the top of browsing"), permissions=["change"])
    def feature(self, request: HttpRequest, queryset: QuerySet[Collection]) -> None:
        self._feature(request, queryset, is_featured=True)

    @admin.action(description=_("Take the pin away"), permissions=["change"])
    def unfeature(self, request: HttpRequest, queryset: QuerySet[Collection]) -> None:
        self._feature(request, queryset, is_featured=False)

    def _feature(self, request: HttpRequest, queryset: QuerySet[Collection], *, is_featured: bool) -> None:
        done = done_to_each(
            request, queryset, lambda row: featured_set(actor=request.user, collection=row, is_featured=is_featured)
        )
        messages.success(request, ngettext("%d collection is changed", "%d collections are changed", done) % done)


@admin.register(ChallengeClaim)
class ChallengeClaimAdmin(ReadOnlyAdmin):
    list_display = ["user", "collection", "coins", "claimed_at"]
    search_fields = ["user__username", "collection__title"]
    list_select_related = ["user", "collection"]
    ordering = ["-claimed_at"]
