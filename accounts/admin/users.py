"""People: roles by rank, suspending, nothing that could be climbed on."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import permissions
from accounts.models import Role, User
from accounts.services import users as services
from accounts.services.avatars import avatar_moderate
from accounts.services.mutes import user_mute, user_unmute
from accounts.services.profiles import PRIVACY_FIELDS, bio_moderate, profile_correct
from core.admin.base import BaseAdmin, done_to_each
from core.media.images import image_url

TEXTS = ("username", "display_name", "bio")
STATE = (
    "is_active",
    "is_verified",
    "setup_completed_at",
    "renamed",
    "deletion_due_at",
    "erased_at",
    "last_seen_at",
    "date_joined",
    "muted_until",
    "mute_reason",
)


@admin.register(User)
class UserAdmin(BaseAdmin):
    """Only names, texts and the role can be changed; a password, a birth date and preferences are their owner's.

    `role` goes through `user_set_role`, names and texts through `profile_correct`.
    """

    list_display = [
        "username",
        "display_name",
        "email",
        "role",
        "is_active",
        "is_verified",
        "date_joined",
        "last_seen_at",
        "deletion_due_at",
    ]
    list_filter = ["role", "is_active", "is_verified", "date_joined", "deletion_due_at", "muted_until"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["-date_joined"]
    actions = ["suspend", "restore", "mute_hour", "mute_day", "mute_week", "unmute", "bio_remove", "avatar_remove"]
    fieldsets = [
        (None, {"fields": ["picture", "username", "email", "display_name", "bio", "role"]}),
        (_("State"), {"fields": STATE}),
        (_("Privacy"), {"fields": PRIVACY_FIELDS, "classes": ["collapse"]}),
    ]
    readonly_fields = ["picture", "email", *STATE, *PRIVACY_FIELDS]
    list_select_related = ["avatar"]

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
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in TEXTS}
        if changes:
            profile_correct(actor=request.user, user=User.objects.get(pk=obj.pk), **changes)
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

    @admin.action(description=_("Keep from writing for an hour"), permissions=["change"])
    def mute_hour(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._mute(request, queryset, timedelta(hours=1))

    @admin.action(description=_("Keep from writing for a day"), permissions=["change"])
    def mute_day(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._mute(request, queryset, timedelta(days=1))

    @admin.action(description=_("Keep from writing for a week"), permissions=["change"])
    def mute_week(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._mute(request, queryset, timedelta(weeks=1))

    @admin.action(description=_("Let write again"), permissions=["change"])
    def unmute(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = self._each(request, queryset, user_unmute)
        messages.success(request, ngettext("%d person may write again", "%d people may write again", done) % done)

    def _mute(self, request: HttpRequest, queryset: QuerySet[User], duration: timedelta) -> None:
        done = self._each(request, queryset, partial(user_mute, duration=duration))
        messages.success(request, ngettext("%d person is muted", "%d people are muted", done) % done)

    @admin.action(description=_("Empty name and bio"), permissions=["change"])
    def bio_remove(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = self._each(request, queryset, bio_moderate)
        messages.success(request, ngettext("%d profile is empty", "%d profiles are empty", done) % done)

    @admin.action(description=_("Remove picture"), permissions=["change"])
    def avatar_remove(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = self._each(request, queryset, avatar_moderate)
        messages.success(request, ngettext("%d picture is gone", "%d pictures are gone", done) % done)

    @admin.display(description=_("username changed"))
    def renamed(self, user: User) -> datetime | None:
        return user.username_changed_at

    @admin.display(description=_("Picture"))
    def picture(self, user: User) -> str:
        if not user.avatar:
            return "—"
        return format_html('<img src="{}" width="64" height="64" alt="">', image_url(user.avatar, width=128))

    def _each(self, request: HttpRequest, queryset: QuerySet[User], act: Any) -> int:
        """Do it to each person who is below the one who asks; a refusal is shown and the others go on."""
        return done_to_each(request, queryset, lambda user: act(actor=request.user, user=user))
