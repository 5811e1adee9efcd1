"""What the people of this site think of an anime."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.anime import percent_validators


class Rating(models.Model):
    """One person's score (0–100) for one anime; `lists` writes it through `catalog.facade`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ratings")
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="ratings")
    score = models.PositiveSmallIntegerField(_("score (0–100)"), validators=percent_validators())
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(fields=["user", "anime"], name="rating_once"),
            models.CheckConstraint(condition=models.Q(score__lte=100), name="rating_percent"),
        ]
        indexes = [models.Index(fields=["anime", "score"], name="rating_anime")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.anime_id}: {self.score}"
