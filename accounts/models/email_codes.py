"""Codes that are sent by e-mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class EmailCode(models.Model):
    """Proof that somebody reads `email`: only the keyed hash of the code is stored; it works once, until `expires_at`."""

    class Purpose(models.TextChoices):
        VERIFY = "verify", _("verification")
        CHANGE = "change", _("new address")
        RESET = "reset", _("new password")
        DELETION = "deletion", _("deletion")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_codes")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    email = models.EmailField(max_length=254)
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("e-mailed code")
        verbose_name_plural = _("e-mailed codes")
        indexes = [models.Index(fields=["user", "purpose"], name="email_code_user_purpose")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.purpose}"
