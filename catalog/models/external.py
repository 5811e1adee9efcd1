"""The same anime elsewhere: its ids and scores on other sites."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.anime import percent_validators


class Site(models.TextChoices):
    MAL = "mal", "MyAnimeList"
    ANILIST = "anilist", "AniList"
    KITSU = "kitsu", "Kitsu"
    SHIKIMORI = "shikimori", "Shikimori"
    ANIDB = "anidb", "AniDB"
    TVDB = "tvdb", "TheTVDB"
    TMDB = "tmdb", "TMDB"
    BANGUMI = "bangumi", "Bangumi"
    ANIMEPLANET = "animeplanet", "Anime-Planet"
    ANIMENEWSNETWORK = "ann", "Anime News Network"
    LIVECHART = "livechart", "LiveChart"
    ANISEARCH = "anisearch", "aniSearch"
    SIMKL = "simkl", "Simkl"
    HIROBA = "hiroba", "Hiroba"


class ExternalId(models.Model):
    """The id of an anime on another site. A MAL or Shikimori id names one anime; others (TVDB) may be shared by several."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="external_ids")
    site = models.CharField(_("site"), max_length=16, choices=Site.choices)
    value = models.CharField(_("id"), max_length=64)

    class Meta:
        verbose_name = _("external id")
        verbose_name_plural = _("external ids")
        constraints = [
            models.UniqueConstraint(fields=["anime", "site", "value"], name="external_id_once"),
            models.UniqueConstraint(
                fields=["site", "value"],
                condition=models.Q(site__in=["mal", "shikimori", "hiroba"]),
                name="external_id_identity",
            ),
        ]
        indexes = [models.Index(fields=["site", "value"], name="external_id_lookup")]

    def __str__(self) -> str:
        return f"{self.site}:{self.value}"


class ExternalScore(models.Model):
    """What the people of another site think: `value` 0–100, `votes` the number of raters."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="external_scores")
    site = models.CharField(_("site"), max_length=16, choices=Site.choices)
    value = models.FloatField(_("score (0–100)"), null=True, blank=True, validators=percent_validators())
    votes = models.PositiveIntegerField(_("votes"), null=True, blank=True)
    synced_at = models.DateTimeField(_("synced"))

    class Meta:
        verbose_name = _("external score")
        verbose_name_plural = _("external scores")
        constraints = [models.UniqueConstraint(fields=["anime", "site"], name="external_score_once")]

    def __str__(self) -> str:
        return f"{self.site}: {self.value}"
