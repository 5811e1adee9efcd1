"""A thread: everything that is said under one thing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class ThreadKind(models.TextChoices):
    ANIME = "anime", _("Anime")
    EPISODE = "episode", _("Episode")
    POST = "post", _("Post")
    COLLECTION = "collection", _("Collection")


class Thread(models.Model):
    """The conversation under an anime, one of its episodes, a post or a collection; made with its first comment.

    An episode is its anime and its number, so that episodes may be discussed which the catalogue does not list yet.
    `comment_count` counts comments that were not deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=ThreadKind.choices)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    episode_number = models.PositiveIntegerField(_("episode"), null=True, blank=True)
    post = models.OneToOneField("social.Post", on_delete=models.CASCADE, null=True, blank=True, related_name="thread")
    collection = models.OneToOneField(
        "lists.Collection", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    comment_count = models.PositiveIntegerField(_("comments"), default=0)
    is_locked = models.BooleanField(_("closed for writing"), default=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_comment_at = models.DateTimeField(_("last comment"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="anime", anime__isnull=False, episode_number=None, post=None, collection=None)
                | Q(kind="episode", anime__isnull=False, episode_number__isnull=False, post=None, collection=None)
                | Q(kind="post", anime=None, episode_number=None, post__isnull=False, collection=None)
                | Q(kind="collection", anime=None, episode_number=None, post=None, collection__isnull=False),
                name="thread_of_one_thing",
            ),
            models.UniqueConstraint(fields=["anime"], condition=Q(kind="anime"), name="thread_anime_once"),
            models.UniqueConstraint(
                fields=["anime", "episode_number"], condition=Q(kind="episode"), name="thread_episode_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.anime_id or self.post_id or self.collection_id} {self.episode_number or ''}".strip()
