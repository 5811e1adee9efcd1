"""What a person may ask about their own data: a copy of it, and its end."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class DataExport(models.Model):
    """A ZIP of everything about a person, made by a job; the file goes at `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports")
    job = models.ForeignKey("core.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.CharField(max_length=200, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        indexes = [models.Index(fields=["user", "-created_at"], name="data_export_user_created")]

    def __str__(self) -> str:
        return str(self.id)


class AccountDeletion(models.Model):
    """A request to be deleted: confirmed with an e-mailed code, erased at `due_at` (7 days later) unless cancelled."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deletions")
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True, db_index=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    started_at = models.DateTimeField(_("erasure started"), null=True, blank=True)
    """From here on there is no way back."""
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("account deletion")
        verbose_name_plural = _("account deletions")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(cancelled_at__isnull=True, erased_at__isnull=True),
                name="account_deletion_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.requested_at:%Y-%m-%d}"


class HeldName(models.Model):
    """The username of somebody who was erased, kept from being taken by another for a while, so that nobody can pose as them.

    Only a keyed hash of what the name looks like: a stolen table does not tell who was here.
    """

    look_hash = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(_("until"), db_index=True)

    class Meta:
        verbose_name = _("held name")
        verbose_name_plural = _("held names")

    def __str__(self) -> str:
        return f"{self.look_hash[:12]} {self.until:%Y-%m-%d}"
