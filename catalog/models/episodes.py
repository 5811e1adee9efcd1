"""Episodes and the seasons they are counted in elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EpisodeKind(models.TextChoices):
    REGULAR = "regular", _("Episode")
    SPECIAL = "special", _("Special")
    CREDITS = "credits", _("Opening or ending")
    TRAILER = "trailer", _("Trailer")
    PARODY = "parody", _("Parody")
    OTHER = "other", _("Other")


class Season(models.Model):
    """A season as TheTVDB counts them; an anime may hold several, its episodes name theirs."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["anime", "number"], name="season_once")]

    def __str__(self) -> str:
        return self.name or str(self.number)


class Episode(models.Model):
    """One episode. `number` counts within (anime, kind); `absolute_number` and (`season`, `season_number`) are other sites' counts."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="episodes")
    season = models.ForeignKey(Season, on_delete=models.SET_NULL, null=True, blank=True, related_name="episodes")
    kind = models.CharField(_("kind"), max_length=8, choices=EpisodeKind.choices, default=EpisodeKind.REGULAR)
    number = models.PositiveIntegerField(_("number"))
    season_number = models.PositiveIntegerField(_("number in season"), null=True, blank=True)
    absolute_number = models.PositiveIntegerField(_("absolute number"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    titles = models.JSONField(_("titles by language"), default=dict, blank=True)
    synopsis = models.TextField(_("synopsis"), blank=True)
    aired_on = models.DateField(_("aired"), null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(_("length (s)"), null=True, blank=True)
    is_filler = models.BooleanField(_("filler"), default=False)
    is_recap = models.BooleanField(_("recap"), default=False)
    still = models.ForeignKey(
        "core.StoredImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("still")
    )
    still_url = models.URLField(_("still's origin"), max_length=500, blank=True)
    tvdb_id = models.PositiveIntegerField(_("TheTVDB id"), null=True, blank=True)

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        ordering = ["kind", "number"]
        constraints = [models.UniqueConstraint(fields=["anime", "kind", "number"], name="episode_once")]
        indexes = [models.Index(fields=["-aired_on", "-id"], name="episode_aired")]

    def __str__(self) -> str:
        return f"{self.anime_id} · {self.kind} {self.number}"
