"""People: roles by rank, suspending, nothing that could be climbed on."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import permissions
from accounts.models import Role, User
from accounts.services import users as services
from core.admin.base import BaseAdmin, error_message
from core.errors import DomainError

admin.site.unregister(Group)  # roles are the only groups there are
admin.site.unregister(EmailAddress)  # allauth keeps it beside the account; changing it here would skip the proof


@admin.register(User)
class UserAdmin(BaseAdmin):
    """Only names, texts and the role can be changed; a password is its owner's. `role` goes through `user_set_role`."""

    list_display = [
        "username",
        "display_name",
        "email",
        "role",
        "is_active",
        "is_verified",
        "date_joined",
        "last_seen_at",
    ]
    list_filter = ["role", "is_active", "is_verified", "date_joined"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["-date_joined"]
    actions = ["suspend", "restore"]
    fieldsets = [
        (None, {"fields": ["username", "email", "display_name", "bio", "role"]}),
        (_("State"), {"fields": ["is_active", "is_verified", "last_seen_at", "date_joined"]}),
    ]
    readonly_fields = ["is_active", "is_verified", "last_seen_at", "date_joined", "email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fixed = list(self.readonly_fields)
        if obj is None or not self._roles_for(request, obj):
            fixed.append("role")
        if obj is not None and not permissions.can_moderate(request.user.role, obj.role) and obj != request.user:
            fixed += ["username", "display_name", "bio"]
        if request.user.rank < Role.ADMIN.rank:
            fixed += ["username", "display_name", "bio"]
        return fixed

    def _roles_for(self, request: HttpRequest, user: User) -> list[str]:
        """The roles that the one who asks may give to `user`, the present one included; empty when none."""
        found = [role for role in Role.values if permissions.can_assign(request.user.role, user.role, role)]
        return found if user != request.user else []

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None and "role" in form.base_fields:
            allowed = self._roles_for(request, obj)
            form.base_fields["role"].choices = [choice for choice in Role.choices if choice[0] in allowed]
        return form

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        names = [name for name in form.changed_data if name != "role"]
        if names:
            obj.save(update_fields=names)
        if "role" in form.changed_data:
            services.user_set_role(actor=request.user, user=obj, role=form.cleaned_data["role"])

    @admin.action(description=_("Suspend"), permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = self._each(request, queryset, services.user_suspend)
        messages.success(request, ngettext("%d account is suspended", "%d accounts are suspended", done) % done)

    @admin.action(description=_("Restore"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = self._each(request, queryset, services.user_restore)
        messages.success(request, ngettext("%d account is restored", "%d accounts are restored", done) % done)

    def _each(self, request: HttpRequest, queryset: QuerySet[User], act: Any) -> int:
        """Do it to each person who is below the one who asks; a refusal is shown and the others go on."""
        done = 0
        for user in queryset:
            try:
                act(actor=request.user, user=user)
                done += 1
            except DomainError as error:
                error_message(request, error)
        return done
