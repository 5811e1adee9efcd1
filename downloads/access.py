"""Who may do what with downloads and the library; what may not be seen is not there."""

import uuid
from typing import TYPE_CHECKING

from accounts.facade import Role
from core.errors import NotFound
from downloads.models import Download

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

KEEPERS = frozenset({Role.ADMIN, Role.SUPERADMIN})
"""Those who look after the library: they queue, configure, assign and remove."""


def keeps_library(user: "User | AnonymousUser") -> bool:
    """Whether this person looks after the library."""
    return bool(user.is_authenticated and user.is_active and user.role in KEEPERS)


def get_download(user: "User | AnonymousUser", download_id: uuid.UUID) -> Download:
    """The download, its anime loaded; raises `NotFound` (404), also for those who do not look after the library."""
    found = Download.objects.select_related("anime").filter(pk=download_id).first() if keeps_library(user) else None
    if found is None:
        raise NotFound()
    return found
