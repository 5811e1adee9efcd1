"""The second at which somebody stopped."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class WatchProgress(models.Model):
    """One person's place in one episode: `position` and `duration` in seconds. One row per (user, anime, episode number)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watch_progress")
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="watch_progress")
    episode_number = models.PositiveIntegerField(_("episode"))
    position = models.FloatField(_("position (s)"))
    duration = models.FloatField(_("length (s)"), default=0)
    translation_id = models.CharField(_("translation"), max_length=64, blank=True, default="")
    updated_at = models.DateTimeField(_("updated"))

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.UniqueConstraint(fields=["user", "anime", "episode_number"], name="progress_once"),
            models.CheckConstraint(condition=models.Q(position__gte=0, duration__gte=0), name="progress_not_negative"),
        ]
        indexes = [models.Index(fields=["user", "-updated_at"], name="progress_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.anime_id}/{self.episode_number} @ {self.position:.0f}"
