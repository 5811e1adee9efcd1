"""Comments: one model for whatever they stand under, as trees."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from social.querysets.comments import CommentQuerySet

BODY_LENGTH = 10_000


class Comment(models.Model):
    """What somebody wrote in a thread, or in answer to another comment of it (`parent`).

    `body` is Markdown as written, `html` what it was made into (safe; `html_version` tells by which rules). Counters and ranks
    follow from votes and replies and are only written by services: `score` = up - down, `best` the lower Wilson bound,
    `controversy` large where many disagree. `reply_count` counts direct replies that still show.
    Deleting is soft: the row keeps the tree (and, for moderation, its text) and shows no text and no author.
    Who has not seen `spoils_episode` of the thread's (or the post's) anime sees it blurred; `is_spoiler`: everybody does.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    thread = models.ForeignKey("social.Thread", on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies", db_index=False
    )  # the index of `comment_reply_new` begins with it
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="comments",
        verbose_name=_("author"),
    )
    body = models.TextField(_("text"), max_length=BODY_LENGTH)
    html = models.TextField(editable=False)
    html_version = models.PositiveSmallIntegerField(default=0, editable=False)
    anime = models.ForeignKey(
        "catalog.Anime", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("anime")
    )
    spoils_episode = models.PositiveIntegerField(_("gives away episode"), null=True, blank=True)
    is_spoiler = models.BooleanField(_("spoiler"), default=False)

    up_votes = models.PositiveIntegerField(_("up"), default=0)
    down_votes = models.PositiveIntegerField(_("down"), default=0)
    score = models.IntegerField(_("score"), default=0)
    best = models.FloatField(_("rank"), default=0)
    controversy = models.FloatField(_("controversy"), default=0)
    reply_count = models.PositiveIntegerField(_("replies"), default=0)

    created_at = models.DateTimeField(_("when"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    nonce = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint(fields=["author", "nonce"], condition=~Q(nonce=""), name="comment_nonce_once")
        ]
        indexes = [
            models.Index(fields=["thread", "-best", "-id"], condition=Q(parent=None), name="comment_best"),
            models.Index(fields=["thread", "-id"], condition=Q(parent=None), name="comment_new"),
            models.Index(fields=["thread", "-controversy", "-id"], condition=Q(parent=None), name="comment_argued"),
            models.Index(fields=["parent", "-best", "-id"], name="comment_reply_best"),
            models.Index(fields=["parent", "-id"], name="comment_reply_new"),
            models.Index(fields=["author", "-id"], name="comment_author"),
        ]

    def __str__(self) -> str:
        return self.body[:40]


class CommentVote(models.Model):
    """One person's vote on one comment: 1 or -1; the database has it once."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.SmallIntegerField(_("vote"))
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("vote on a comment")
        verbose_name_plural = _("votes on comments")
        constraints = [
            models.UniqueConstraint(fields=["user", "comment"], name="comment_vote_once"),
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="comment_vote_up_or_down"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.comment_id}: {self.value}"


class CommentMention(models.Model):
    """A comment names somebody, as it reads now: an edit tells only those who were not here before."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="comment_mention_once")]

    def __str__(self) -> str:
        return f"{self.comment_id} @ {self.user_id}"


class CommentRevision(models.Model):
    """A comment's text before it was edited."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    body = models.TextField(_("text"))
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("replaced"), auto_now_add=True)

    class Meta:
        verbose_name = _("earlier text of a comment")
        verbose_name_plural = _("earlier texts of comments")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.comment_id} · {self.created_at:%Y-%m-%d %H:%M}"
