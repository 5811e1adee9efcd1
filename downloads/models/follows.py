"""Standing orders: when an episode exists in a variant, fetch it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.people import SetByPerson


class VariantFollow(SetByPerson):
    """Every regular episode of `anime` from `first_episode` on is queued as soon as a source has it in this variant.

    "" as kind or language takes any; `quality` as in `Download`.
    """

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="download_follows")
    variant_kind = models.CharField(_("dub, sub or raw"), max_length=3, blank=True)
    variant_language = models.CharField(_("language"), max_length=12, blank=True, help_text="BCP 47")
    quality = models.PositiveSmallIntegerField(_("height at most (px)"), default=0)
    first_episode = models.PositiveIntegerField(_("from episode"), default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("standing order")
        verbose_name_plural = _("standing orders")
        ordering = ["anime", "variant_kind", "variant_language"]
        constraints = [
            models.UniqueConstraint(fields=["anime", "variant_kind", "variant_language"], name="variant_follow_once")
        ]

    def __str__(self) -> str:
        return f"{self.anime_id} {self.variant_language} {self.variant_kind}".strip()
