"""How episode numbers of one site stand for those of another: what the mapping files say."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EpisodeRedirect(models.Model):
    """Episodes `first`–`last` of the anime with `mal_id` are those of `target_mal_id` from `target_first` on (a public list of
    redirections: continuous numbering of fansubs). `last` NULL: open; `target_last` NULL as well then.
    """

    mal_id = models.PositiveIntegerField(_("MAL id"))
    first = models.PositiveIntegerField(_("from"))
    last = models.PositiveIntegerField(_("to"), null=True, blank=True)
    target_mal_id = models.PositiveIntegerField(_("to MAL id"))
    target_first = models.PositiveIntegerField(_("from episode"))
    target_last = models.PositiveIntegerField(_("to episode"), null=True, blank=True)

    class Meta:
        verbose_name = _("episode redirection")
        verbose_name_plural = _("episode redirections")
        constraints = [models.UniqueConstraint(fields=["mal_id", "first", "target_mal_id"], name="redirect_once")]

    def __str__(self) -> str:
        return f"{self.mal_id}:{self.first} → {self.target_mal_id}:{self.target_first}"


class SeriesNumbering(models.Model):
    """How AniDB's numbers of one series stand at TheTVDB: default season ("a": absolute) and offset, and the exceptions.

    `mappings` is a list of `{anidb_season, tvdb_season, start, end, offset, pairs: {anidb: [tvdb, …]}}`.
    """

    anidb_id = models.PositiveIntegerField(_("AniDB id"), unique=True)
    tvdb_id = models.PositiveIntegerField(_("TheTVDB id"), null=True, blank=True, db_index=True)
    default_season = models.CharField(_("season"), max_length=4, blank=True, help_text=_("“a”: absolute"))
    offset = models.IntegerField(_("offset"), default=0)
    mappings = models.JSONField(_("exceptions"), default=list, blank=True)

    class Meta:
        verbose_name = _("series numbering")
        verbose_name_plural = _("series numberings")

    def __str__(self) -> str:
        return f"AniDB {self.anidb_id} → TVDB {self.tvdb_id}"
