"""What people say of plays that no anime was certain for, and the plays that wait for it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from lists.models.scrobbling import MediaServer, ScrobbleEndpoint


class ScrobbleRule(models.Model):
    """Somebody's word for which anime a season (or one special, one film) of a media server is, or that it counts for none.

    `key` is of `lists.scrobbling.keys`. In a season, episode n there is n + `offset` here, from `first_number` on; where
    `episode_number` is set, the rule is for one play and that is its episode. Title, season and name are for reading.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scrobble_rules")
    server = models.CharField(_("media server"), max_length=8, choices=MediaServer.choices)
    key = models.CharField(max_length=32, editable=False)
    title = models.CharField(_("title"), max_length=300, blank=True)
    name = models.CharField(_("episode’s title"), max_length=300, blank=True)
    season = models.PositiveIntegerField(_("season"), null=True, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    is_film = models.BooleanField(_("film"), default=False)
    is_ignored = models.BooleanField(_("ignored"), default=False)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    offset = models.IntegerField(_("offset"), default=0)
    first_number = models.PositiveIntegerField(_("from number"), default=0)
    episode_number = models.PositiveIntegerField(_("episode"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("scrobble rule")
        verbose_name_plural = _("scrobble rules")
        constraints = [
            models.UniqueConstraint(fields=["user", "key", "first_number"], name="scrobble_rule_once"),
            models.CheckConstraint(
                condition=models.Q(is_ignored=True, anime__isnull=True)
                | models.Q(is_ignored=False, anime__isnull=False),
                name="scrobble_rule_says_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.title}: {'–' if self.is_ignored else self.anime_id}"

    @property
    def episode_here(self) -> int | None:
        """The episode here that its `number` there is; None where it ignores."""
        if self.is_ignored or self.episode_number is not None or self.number is None:
            return self.episode_number
        return self.number + self.offset


class ScrobblePlay(models.Model):
    """A finished play that waits for its person's word, or (with `rule`) got it: the latest of each are kept.

    `show_ids` are (site, id) pairs of the show; `length` in seconds; `reason` is why it waits.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(ScrobbleEndpoint, on_delete=models.CASCADE, related_name="plays")
    season_key = models.CharField(max_length=32, editable=False)
    episode_key = models.CharField(max_length=32, editable=False)
    title = models.CharField(_("title"), max_length=300, blank=True)
    name = models.CharField(_("episode’s title"), max_length=300, blank=True)
    season = models.PositiveIntegerField(_("season"), null=True, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    year = models.PositiveIntegerField(_("year"), null=True, blank=True)
    is_film = models.BooleanField(_("film"), default=False)
    length = models.FloatField(_("length (s)"), null=True, blank=True)
    show_ids = models.JSONField(_("ids"), default=list, blank=True)
    reason = models.CharField(_("why"), max_length=20, blank=True)
    rule = models.ForeignKey(ScrobbleRule, on_delete=models.SET_NULL, null=True, blank=True, related_name="plays")
    played_at = models.DateTimeField(_("played"))

    class Meta:
        verbose_name = _("play of a media server")
        verbose_name_plural = _("plays of media servers")
        constraints = [models.UniqueConstraint(fields=["endpoint", "episode_key"], name="scrobble_play_once")]

    def __str__(self) -> str:
        return f"{self.title} {self.season}/{self.number}"
