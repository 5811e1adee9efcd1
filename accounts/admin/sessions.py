"""Sessions of apps and browsers: look and revoke."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.devices import device_of
from accounts.models import UserSession
from accounts.permissions import can_moderate
from accounts.services.sessions import session_revoke
from core.admin.base import ReadOnlyAdmin


class WhyItEnded(admin.AllValuesFieldListFilter):
    """The reasons that sessions ended for; the column has no words of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("why it ended")


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    list_display = [
        "person",
        "kind",
        "device_name",
        "address",
        "created_at",
        "last_seen_at",
        "expires_at",
        "revoked_at",
    ]
    list_filter = ["kind", ("revoke_reason", WhyItEnded), "created_at"]
    search_fields = ["user__username", "=address"]
    list_select_related = ["user"]
    ordering = ["-last_seen_at"]
    actions = ["revoke"]

    @admin.display(description=_("user"), ordering="user__username")
    def person(self, session: UserSession) -> str:
        return session.user.username

    @admin.display(description=_("device"), ordering="device")
    def device_name(self, session: UserSession) -> str:
        return device_of(session.device).name

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        rows = queryset.filter(revoked_at=None).select_related("user")
        allowed = [s for s in rows if can_moderate(request.user.role, s.user.role) or s.user == request.user]
        for session in allowed:
            session_revoke(session=session, reason="staff")
        messages.success(request, ngettext("%d session is over", "%d sessions are over", len(allowed)) % len(allowed))

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Those who may see sessions in the admin may end them, of people below themselves."""
        return request.user.has_perm("accounts.view_usersession")
