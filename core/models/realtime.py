"""The per-user event log: rows in the transaction that changes something, a hint over the channel layer on commit."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RealtimeSequence(models.Model):
    """The newest sequence number of a user; its row is locked while numbers are handed out, so that they have no gaps."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="realtime_sequence"
    )
    value = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("realtime sequence")
        verbose_name_plural = _("realtime sequences")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.value}"


class RealtimeEvent(models.Model):
    """One event for one user. `seq` counts from 1 without gaps per user; kept 24 hours or 1,000 per user."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="realtime_events")
    seq = models.BigIntegerField()
    type = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("realtime event")
        verbose_name_plural = _("realtime events")
        constraints = [models.UniqueConstraint(fields=["user", "seq"], name="realtime_event_once")]

    def __str__(self) -> str:
        return f"{self.user_id} #{self.seq} {self.type}"
