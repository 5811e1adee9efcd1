"""Copies of their data that a person asked for."""

import uuid

from accounts.models import DataExport, User
from core.errors import NotFound


def exports_of(user: User) -> list[DataExport]:
    """Newest first, each with its job. One query."""
    return list(DataExport.objects.filter(user=user).select_related("job").order_by("-created_at"))


def export_get(*, user: User, export_id: uuid.UUID) -> DataExport:
    """One of the person's own, with its job; another's does not exist: `NotFound`. One query."""
    found = DataExport.objects.filter(user=user, pk=export_id).select_related("job").first()
    if found is None:
        raise NotFound()
    return found
