"""Rows of a person's own data: the copy of it, and the end of the account."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import DataExport
from accounts.services.exports import private_storage
from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

_202 = "401 202 202 202 202 202 202"
_404 = "401 404 404 404 404 404 404"
_422 = "401 422 422 422 422 422 422"
_302 = "302 302 302 302 302 302 302"
_OWN = "401 200 404 404 404 404 404"
# The only superadmin of this world has to stay.
_NOT_THE_LAST = "401 202 202 202 202 202 409"
_CONFIRM = "401 422 422 422 422 422 409"
_WRONG = {"code": "AAAAA-AAAAA"}


def setup(world: Any) -> None:
    """A copy of the owner's data that is ready."""
    now = timezone.now()
    name = private_storage().save("exports/matrix.zip", ContentFile(b"PK"))
    world.data_export = DataExport.objects.create(
        user=world.owner, file=name, bytes=2, finished_at=now, expires_at=now + timedelta(days=1)
    )


def _one(world: Any) -> str:
    return f"/api/v1/users/me/exports/{world.data_export.pk}"


ROWS = [
    Row("GET", "api/v1/users/me/export", SIGNED_IN),
    Row("GET", "api/v1/users/me/exports", SIGNED_IN),
    Row("POST", "api/v1/users/me/exports", _202),
    Row("GET", "api/v1/users/me/exports/<uuid:export_id>", _OWN, path=_one),
    Row("GET", "api/v1/users/me/exports/<uuid:export_id>/download", _OWN, path=lambda w: f"{_one(w)}/download"),
    Row("GET", "api/v1/users/me/deletion", SIGNED_IN),
    Row("DELETE", "api/v1/users/me/deletion", _404),
    Row("POST", "api/v1/users/me/deletion/request", _NOT_THE_LAST),
    Row("POST", "api/v1/users/me/deletion/confirm", _CONFIRM, body=lambda w: _WRONG),
    Row("GET", "settings/export", SIGNED_IN_PAGE),
    Row("POST", "settings/export", _302),
    Row("GET", "settings/export/status", SIGNED_IN_PAGE),
    Row(
        "GET",
        "settings/export/<uuid:export_id>/download",
        "302 200 404 404 404 404 404",
        path=lambda w: f"/settings/export/{w.data_export.pk}/download",
    ),
    Row("GET", "settings/deletion", SIGNED_IN_PAGE),
    Row("GET", "settings/deletion/request", _302),
    Row("POST", "settings/deletion/request", _302),
    Row("GET", "settings/deletion/confirm", _302),
    Row("POST", "settings/deletion/confirm", "302 422 422 422 422 422 422", body=lambda w: _WRONG),
    Row("GET", "settings/deletion/cancel", _302),
    Row("POST", "settings/deletion/cancel", _302),
]
