"""Attempts to sign in that failed or are being evaluated, kept for the lock-out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInAttempt(models.Model):
    """One counted attempt. A row, not a cache key: the lock survives a restarted Redis and holds between processes.

    `key` is a keyed hash of an address or of an account, so that the table tells nobody who tried to be whom.
    """

    key = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("sign-in attempt")
        verbose_name_plural = _("sign-in attempts")
        indexes = [models.Index(fields=["key", "created_at"], name="sign_in_attempt_key")]

    def __str__(self) -> str:
        return f"{self.key[:12]} {self.created_at:%Y-%m-%d %H:%M:%S}"
