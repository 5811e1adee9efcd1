"""What happened on somebody's list: every change of an entry, and every episode that was seen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class ChangeSource(models.TextChoices):
    """Through which door a change came."""

    SITE = "site", _("On the site")
    API = "api", _("By an app")
    PLAYER = "player", _("By watching here")
    SCROBBLE = "scrobble", _("By a media server")
    IMPORT = "import", _("By an import")
    UNDO = "undo", _("By undoing")


class ActivityKind(models.TextChoices):
    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    EPISODE = "episode", _("Episode watched")
    REMOVED = "removed", _("Removed")


class ListActivity(models.Model):
    """One change of one entry. `changes` is {field: [before, after]} in the words of `services.states`; undoing turns it round.

    `batch` holds together what one bulk edit or import did. `was_public`: the entry was private neither before nor after;
    what was not is never shown to others, also when the entry comes out again (a row that nobody judged is not public).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_activities")
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("what"), max_length=8, choices=ActivityKind.choices)
    source = models.CharField(_("how"), max_length=8, choices=ChangeSource.choices, default=ChangeSource.SITE)
    changes = models.JSONField(_("changes"), default=dict)
    batch = models.UUIDField(null=True, blank=True, editable=False)
    was_public = models.BooleanField(_("was public"), default=False, db_default=False, editable=False)
    created_at = models.DateTimeField(_("when"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("list activity")
        verbose_name_plural = _("list activities")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="list_activity_recent"),
            models.Index(fields=["user", "anime", "-created_at"], name="list_activity_anime"),
            models.Index(fields=["batch"], name="list_activity_batch", condition=models.Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.anime_id}: {self.kind}"


class WatchedEpisode(models.Model):
    """Somebody saw one episode in one viewing (0 the first, 1 the first rewatch): once, however often it is reported.

    Undoing keeps the row with `undone_at`, so that the player's next heartbeat does not count it again. `was_public` as of
    `ListActivity`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watched_episodes")
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="+")
    episode_number = models.PositiveIntegerField(_("episode"))
    viewing = models.PositiveIntegerField(_("viewing"), default=0)
    source = models.CharField(_("how"), max_length=8, choices=ChangeSource.choices)
    watched_at = models.DateTimeField(_("when"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    was_public = models.BooleanField(_("was public"), default=False, db_default=False, editable=False)
    activity = models.ForeignKey(
        ListActivity, on_delete=models.SET_NULL, null=True, blank=True, related_name="episodes"
    )

    class Meta:
        verbose_name = _("watched episode")
        verbose_name_plural = _("watched episodes")
        constraints = [
            models.UniqueConstraint(fields=["user", "anime", "episode_number", "viewing"], name="watched_episode_once")
        ]
        indexes = [models.Index(fields=["user", "-watched_at"], name="watched_episode_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.anime_id}/{self.episode_number}"
