"""The activity feed: what people did, collapsed, for those to whom they show it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class FeedVerb(models.TextChoices):
    WATCHED = "watched", _("Watched")
    COMPLETED = "completed", _("Completed")
    PLANNED = "planned", _("Plans to watch")
    STARTED = "started", _("Began to watch")
    DROPPED = "dropped", _("Dropped")
    RATED = "rated", _("Rated")
    POSTED = "posted", _("Posted")
    COLLECTED = "collected", _("Made a collection")


class FeedItem(models.Model):
    """One line of the feed: what somebody did with an anime, a post or a collection, made of its parts.

    Episodes of one anime within a few hours are one line; `first_episode` to `last_episode` is their span. Who may read
    it is decided when it is read (the owner's `activity_visibility`, friendship, blocks), never stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_items")
    verb = models.CharField(_("what"), max_length=9, choices=FeedVerb.choices)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    post = models.ForeignKey("social.Post", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    collection = models.ForeignKey(
        "lists.Collection", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    first_episode = models.PositiveIntegerField(_("from episode"), null=True, blank=True)
    last_episode = models.PositiveIntegerField(_("to episode"), null=True, blank=True)
    score = models.FloatField(_("score (0–100)"), null=True, blank=True)
    created_at = models.DateTimeField(_("first"))
    updated_at = models.DateTimeField(_("last"))

    class Meta:
        verbose_name = _("line of the feed")
        verbose_name_plural = _("lines of the feed")
        indexes = [
            models.Index(fields=["user", "-updated_at", "-id"], name="feed_user"),
            models.Index(fields=["-updated_at", "-id"], name="feed_recent"),
            models.Index(fields=["user", "anime", "verb", "-updated_at"], name="feed_collapse"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.verb} {self.anime_id or self.post_id or self.collection_id}"


class FeedPart(models.Model):
    """One change of a list that a line is made of: undoing the change takes it out, the last one takes the line."""

    item = models.ForeignKey(FeedItem, on_delete=models.CASCADE, related_name="parts")
    activity_id = models.UUIDField(_("change of the list"))
    episode = models.PositiveIntegerField(_("episode"), null=True, blank=True)
    score = models.FloatField(_("score (0–100)"), null=True, blank=True)
    created_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("part of a line of the feed")
        verbose_name_plural = _("parts of lines of the feed")
        constraints = [models.UniqueConstraint(fields=["activity_id", "item"], name="feed_part_once")]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.activity_id}"
