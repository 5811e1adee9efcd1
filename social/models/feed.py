"""The activity feed: what people did, collapsed, for those to whom they show it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from social.querysets.feed import FeedItemQuerySet


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
    """One line of the feed: what somebody did with an anime in one sitting, or a post or a collection of theirs.

    `parts` are the changes of the list that a line of an anime is made of (`services.feed_parts.Part`): what it says is
    what they add up to. Undoing a change takes its part out, the last one takes the line. They stand in the row because a
    heartbeat may cost two queries more, and are read only where it changes. Who may read a line is decided when it is
    read (the owner's `activity_visibility`, friendship, blocks), never stored; `hidden_at`: its owner removed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Without an index of its own: `feed_user` begins with it, and lines are wanted in its order.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_items", db_index=False
    )
    verb = models.CharField(_("what"), max_length=9, choices=FeedVerb.choices)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    post = models.ForeignKey("social.Post", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    collection = models.ForeignKey(
        "lists.Collection", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    first_episode = models.PositiveIntegerField(_("from episode"), null=True, blank=True)
    last_episode = models.PositiveIntegerField(_("to episode"), null=True, blank=True)
    score = models.FloatField(_("score (0–100)"), null=True, blank=True)
    parts = models.JSONField(_("made of"), default=list, blank=True, editable=False)
    created_at = models.DateTimeField(_("first"))
    updated_at = models.DateTimeField(_("last"))
    hidden_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = FeedItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the feed")
        verbose_name_plural = _("lines of the feed")
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(post__isnull=False), name="feed_post_once"),
            models.UniqueConstraint(
                fields=["collection"], condition=Q(collection__isnull=False), name="feed_collection_once"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-updated_at", "-id"], name="feed_user"),
            models.Index(fields=["-updated_at", "-id"], name="feed_recent"),
            models.Index(fields=["user", "anime", "verb", "-updated_at"], name="feed_collapse"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.verb} {self.anime_id or self.post_id or self.collection_id}"
