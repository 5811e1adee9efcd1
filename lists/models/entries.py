"""An anime on somebody's list."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class EntryStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    WATCHING = "watching", _("Watching")
    COMPLETED = "completed", _("Completed")
    ON_HOLD = "on_hold", _("On hold")
    DROPPED = "dropped", _("Dropped")
    REWATCHING = "rewatching", _("Rewatching")


class ListEntry(models.Model):
    """One anime on one person's list. Its score is the person's `catalog.Rating`, not stored here twice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_entries")
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="list_entries")
    status = models.CharField(_("status"), max_length=10, choices=EntryStatus.choices, default=EntryStatus.PLANNED)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("list entry")
        verbose_name_plural = _("list entries")
        constraints = [models.UniqueConstraint(fields=["user", "anime"], name="entry_once")]
        indexes = [models.Index(fields=["user", "status", "-updated_at"], name="entry_user_status")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.anime_id}: {self.status}"
