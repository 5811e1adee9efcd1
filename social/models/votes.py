"""Votes on anime: up or down, beside the score on one's list (kuudere's like of an anime)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AnimeVote(models.Model):
    """One person's vote on one anime: 1 or -1; the database has it once."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.SmallIntegerField(_("vote"))
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("vote on an anime")
        verbose_name_plural = _("votes on anime")
        constraints = [
            models.UniqueConstraint(fields=["user", "anime"], name="anime_vote_once"),
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="anime_vote_up_or_down"),
        ]
        indexes = [models.Index(fields=["anime", "value"], name="anime_vote_anime")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.anime_id}: {self.value}"


class AnimeVotes(models.Model):
    """How the votes on an anime stand; made with its first vote."""

    anime = models.OneToOneField("catalog.Anime", on_delete=models.CASCADE, primary_key=True, related_name="+")
    likes = models.PositiveIntegerField(_("likes"), default=0)
    dislikes = models.PositiveIntegerField(_("dislikes"), default=0)

    class Meta:
        verbose_name = _("votes on an anime")
        verbose_name_plural = _("votes on anime, counted")

    def __str__(self) -> str:
        return f"{self.anime_id}: +{self.likes} -{self.dislikes}"
