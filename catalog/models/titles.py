"""Every name of an anime, in every language."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TitleKind(models.TextChoices):
    MAIN = "main", _("Main")
    OFFICIAL = "official", _("Official")
    SYNONYM = "synonym", _("Synonym")
    SHORT = "short", _("Short")


class Title(models.Model):
    """One name. `language` is BCP 47 (`ja`, `ja-Latn` for romaji, `en`, `ru`, `zh-Hans`; `und` when only the script is known)."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="titles")
    text = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=12, default="und")
    kind = models.CharField(_("kind"), max_length=8, choices=TitleKind.choices, default=TitleKind.SYNONYM)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("title")
        verbose_name_plural = _("titles")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["anime", "text", "language", "kind"], name="title_once")]

    def __str__(self) -> str:
        return self.text
