"""API keys: look, and revoke those of people below oneself. The keys themselves are nowhere to be seen."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import ApiKey
from accounts.services.api_keys import api_key_revoke_as_staff
from core.admin.base import ReadOnlyAdmin, done_to_each


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ["person", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at"]
    list_filter = ["created_at", "expires_at"]
    search_fields = ["user__username", "=prefix"]
    list_select_related = ["user"]
    exclude = ["key_hash"]
    ordering = ["-created_at"]
    actions = ["revoke"]

    @admin.display(description=_("user"), ordering="user__username")
    def person(self, key: ApiKey) -> str:
        return key.user.username

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        keys = queryset.select_related("user")
        count = done_to_each(request, keys, lambda key: api_key_revoke_as_staff(actor=request.user, key=key))
        messages.success(request, ngettext("%d key is revoked", "%d keys are revoked", count) % count)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Those who may see keys in the admin may revoke them, of people below themselves."""
        return request.user.has_perm("accounts.delete_apikey")
