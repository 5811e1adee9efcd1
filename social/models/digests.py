"""How often somebody gets the digest by mail, and when the next one is due; how far new episodes were looked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DigestFrequency(models.TextChoices):
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every Monday")
    NEVER = "never", _("Never")


class DigestPreference(models.Model):
    """Somebody's digest. Without a row: daily, at the morning of UTC, in the site's language.

    `time_zone` (IANA) and `language` are those in which they last read their notifications on the site. `due_at`: when the
    next digest leaves; null while nothing waits for one.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="digest_preference"
    )
    frequency = models.CharField(
        _("frequency"), max_length=6, choices=DigestFrequency.choices, default=DigestFrequency.DAILY
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    language = models.CharField(_("language"), max_length=12, blank=True, default="")
    due_at = models.DateTimeField(_("due"), null=True, blank=True)

    class Meta:
        verbose_name = _("digest preference")
        verbose_name_plural = _("digest preferences")
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="digest_due")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.frequency}"


class ReleaseScan(models.Model):
    """How far new episodes were looked for: one row, made by the first look, which tells nobody of what was there before."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    last_source_id = models.BigIntegerField(_("newest source seen"), default=0)
    full_at = models.DateTimeField(_("last look at everything"), null=True, blank=True)

    class Meta:
        verbose_name = _("search for new episodes")
        verbose_name_plural = _("searches for new episodes")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="release_scan_one")]

    def __str__(self) -> str:
        return f"… {self.last_source_id}"
