"""What people are told: notifications, and the episodes they want to be told of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class Notification(models.Model):
    """Something its person should know. Unread ones of one `group` are one row ("A and 12 others").

    `kind` is an `accounts.notices` code. `context` is what its sentence is made from, by the reader's language, when it is
    read; `url` where it leads. `count` counts what happened, `actor_count` the people who did it.
    `anime` and `spoils_episode`: the text of it is blurred for who has not seen that episode.
    `by_site` False: its person does not want this kind on the site; the row waits for the digest only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(_("kind"), max_length=40)
    group = models.CharField(_("group"), max_length=120)
    context = models.JSONField(_("context"), default=dict)
    url = models.CharField(_("leads to"), max_length=300)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    spoils_episode = models.PositiveIntegerField(_("gives away episode"), null=True, blank=True)
    is_spoiler = models.BooleanField(_("spoiler"), default=False)
    count = models.PositiveIntegerField(_("how often"), default=1)
    actor_count = models.PositiveIntegerField(_("by how many"), default=0)
    by_site = models.BooleanField(_("on the site"), default=True)
    by_digest = models.BooleanField(_("in the digest"), default=False)
    created_at = models.DateTimeField(_("when"))
    updated_at = models.DateTimeField(_("last"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("in a digest"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"], condition=Q(read_at=None), name="notification_one_unread_of_a_group"
            )
        ]
        indexes = [
            models.Index(fields=["user", "-updated_at", "-id"], condition=Q(by_site=True), name="notification_recent"),
            models.Index(fields=["user"], condition=Q(read_at=None, by_site=True), name="notification_unread"),
            models.Index(
                fields=["user", "kind", "-updated_at", "-id"], condition=Q(by_site=True), name="notification_kind"
            ),
            models.Index(fields=["user"], condition=Q(by_digest=True, mailed_at=None), name="notification_for_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.kind} ×{self.count}"


class NotificationActor(models.Model):
    """Who did what a notification tells of; each once, the latest first."""

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="actors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("who a notification tells of")
        verbose_name_plural = _("whom notifications tell of")
        constraints = [models.UniqueConstraint(fields=["notification", "user"], name="notification_actor_once")]
        indexes = [models.Index(fields=["notification", "-created_at"], name="notification_actor_recent")]

    def __str__(self) -> str:
        return f"{self.notification_id} · {self.user_id}"


class WishKind(models.TextChoices):
    ANY = "any", _("Any")
    SUB = "sub", _("Sub")
    DUB = "dub", _("Dub")
    RAW = "raw", _("Raw")


class EpisodeWish(models.Model):
    """Of which variants of new episodes somebody wants to hear: for everything they watch (`anime` null) or for one anime.

    An anime's own wishes take the place of the general ones. `language` "" is any. Nobody's wishes: any variant.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="episode_wishes")
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(_("variant"), max_length=3, choices=WishKind.choices, default=WishKind.ANY)
    language = models.CharField(_("language"), max_length=12, blank=True, default="", help_text="BCP 47")
    is_muted = models.BooleanField(_("tell nothing of this anime"), default=False)

    class Meta:
        verbose_name = _("wish for episodes")
        verbose_name_plural = _("wishes for episodes")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "anime", "kind", "language"], condition=Q(anime__isnull=False), name="episode_wish_once"
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "language"], condition=Q(anime=None), name="episode_wish_general_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.anime_id or '*'}: {self.kind} {self.language}"


class EpisodeRelease(models.Model):
    """An episode became playable in a variant, and who wished for it was told: once, whatever adds or moves sources."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="+")
    episode_number = models.PositiveIntegerField(_("episode"))
    kind = models.CharField(_("variant"), max_length=3, choices=WishKind.choices)
    language = models.CharField(_("language"), max_length=12, blank=True, default="")
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("release of an episode")
        verbose_name_plural = _("releases of episodes")
        constraints = [
            models.UniqueConstraint(fields=["anime", "episode_number", "kind", "language"], name="episode_release_once")
        ]
        indexes = [models.Index(fields=["found_at"], condition=Q(told_at=None), name="episode_release_untold")]

    def __str__(self) -> str:
        return f"{self.anime_id} #{self.episode_number} {self.kind} {self.language}"
