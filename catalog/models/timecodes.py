"""Where the opening and the ending of an episode are."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Timecode(models.Model):
    """Reviewed opening (intro) and ending (outro) of one (episode, translation), in seconds.

    `translation_id` "" is the fallback for every translation without a row of its own. A NULL pair says "reviewed: there
    is none"; that a row exists is what shows the skip buttons (reference: GET /anime/:id/timecodes).
    """

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="timecodes")
    episode_number = models.PositiveIntegerField(_("episode"))
    translation_id = models.CharField(_("translation"), max_length=64, blank=True, default="")
    intro_start = models.FloatField(_("opening starts (s)"), null=True, blank=True)
    intro_end = models.FloatField(_("opening ends (s)"), null=True, blank=True)
    outro_start = models.FloatField(_("ending starts (s)"), null=True, blank=True)
    outro_end = models.FloatField(_("ending ends (s)"), null=True, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("timecode")
        verbose_name_plural = _("timecodes")
        ordering = ["episode_number", "translation_id"]
        constraints = [
            models.UniqueConstraint(fields=["anime", "episode_number", "translation_id"], name="timecode_once"),
            models.CheckConstraint(
                condition=models.Q(intro_start__isnull=True, intro_end__isnull=True)
                | models.Q(intro_start__gte=0, intro_end__gt=models.F("intro_start")),
                name="timecode_intro_is_a_span",
            ),
            models.CheckConstraint(
                condition=models.Q(outro_start__isnull=True, outro_end__isnull=True)
                | models.Q(outro_start__gte=0, outro_end__gt=models.F("outro_start")),
                name="timecode_outro_is_a_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.anime_id} · {self.episode_number} [{self.translation_id}]"
