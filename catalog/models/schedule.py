"""When an anime is broadcast and where it can be watched officially."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BroadcastRule(models.Model):
    """A repeating broadcast: the first at `first_at`, then every `period_days` days until `ends_at` (NULL: open).

    `site` is "" for the television broadcast, else the streaming site that the rule is of. `first_episode` is the number
    that airs at `first_at`. `timezone` (IANA) keeps the local hour across daylight saving.
    """

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="broadcasts")
    site = models.CharField(_("site"), max_length=40, blank=True)
    first_at = models.DateTimeField(_("first broadcast"))
    period_days = models.PositiveSmallIntegerField(_("every … days"), default=7)
    ends_at = models.DateTimeField(_("last broadcast"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Tokyo")
    first_episode = models.PositiveIntegerField(_("first episode"), default=1)

    class Meta:
        verbose_name = _("broadcast rule")
        verbose_name_plural = _("broadcast rules")
        constraints = [models.UniqueConstraint(fields=["anime", "site", "first_at"], name="broadcast_once")]
        indexes = [models.Index(fields=["ends_at", "first_at"], name="broadcast_window")]

    def __str__(self) -> str:
        return f"{self.anime_id} · {self.first_at:%a %H:%M}"


class OfficialLink(models.Model):
    """A place that streams the anime officially (opened only when the viewer clicks it)."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="official_links")
    site = models.CharField(_("site"), max_length=80)
    url = models.URLField(_("address"), max_length=500)
    regions = models.JSONField(_("regions"), default=list, blank=True, help_text=_("ISO 3166-1; empty: everywhere"))

    class Meta:
        verbose_name = _("official link")
        verbose_name_plural = _("official links")
        constraints = [models.UniqueConstraint(fields=["anime", "url"], name="official_link_once")]

    def __str__(self) -> str:
        return self.site
