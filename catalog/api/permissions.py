"""Who may use the catalogue's staff endpoints."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.facade import edits_timecodes


class TimecodeEditor(BasePermission):
    """Testers, moderators, admins and superadmins."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user) and edits_timecodes(request.user)
