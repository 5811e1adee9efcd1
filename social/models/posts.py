"""Posts of the community: what somebody puts up for everybody to talk about."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from social.querysets.posts import PostQuerySet

TITLE_LENGTH, BODY_LENGTH = 200, 20_000
EXCERPT_LENGTH = 300
IMAGES_LIMIT = 10


class Category(models.Model):
    """A shelf of posts, made by staff. Only staff post where `is_staff_only`."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_ru = models.CharField(_("name (Russian)"), max_length=60, blank=True, default="")
    description = models.CharField(_("description"), max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_staff_only = models.BooleanField(_("only staff post"), default=False)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the language that is active now."""
        return self.name_ru if self.name_ru and (get_language() or "").startswith("ru") else self.name


class Post(models.Model):
    """A post: Markdown with spoilers, pictures and links to anime; its comments hang on its thread.

    `anime` and `spoils_episode` say what it is about and how far: who has not seen that episode sees it blurred.
    `reactions` counts by kind, `like_count` those of kind like, `score` all; `hot` is written by a task.
    With `html` are written `excerpt` (plain words, spoilers covered), `search_words` (`querysets.posts.words_of`) and `linked`
    (pairs of an anime and its episode or null, which the text links to), so that a list needs none of the text.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="posts", verbose_name=_("author")
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="posts", verbose_name=_("category"))
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    body = models.TextField(_("text"), max_length=BODY_LENGTH, blank=True, default="")
    html = models.TextField(editable=False, default="")
    html_version = models.PositiveSmallIntegerField(default=0, editable=False)
    excerpt = models.CharField(max_length=EXCERPT_LENGTH, blank=True, default="", editable=False)
    search_words = models.TextField(blank=True, default="", editable=False)
    linked = models.JSONField(default=list, blank=True, editable=False)
    anime = models.ForeignKey(
        "catalog.Anime", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("anime")
    )
    spoils_episode = models.PositiveIntegerField(_("gives away episode"), null=True, blank=True)
    is_spoiler = models.BooleanField(_("spoiler"), default=False)

    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_locked = models.BooleanField(_("closed for writing"), default=False)
    reactions = models.JSONField(_("reactions"), default=dict, blank=True)
    like_count = models.PositiveIntegerField(_("likes"), default=0)
    score = models.IntegerField(_("score"), default=0)
    hot = models.FloatField(_("hotness"), default=0)

    created_at = models.DateTimeField(_("when"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    nonce = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["author", "nonce"], condition=~Q(nonce=""), name="post_nonce_once")
        ]
        indexes = [
            models.Index(fields=["-hot", "-id"], condition=Q(deleted_at=None), name="post_hot"),
            models.Index(fields=["-id"], condition=Q(deleted_at=None), name="post_new"),
            models.Index(fields=["-score", "-id"], condition=Q(deleted_at=None), name="post_top"),
            models.Index(fields=["category", "-hot", "-id"], condition=Q(deleted_at=None), name="post_category_hot"),
            models.Index(fields=["category", "-id"], condition=Q(deleted_at=None), name="post_category_new"),
            models.Index(fields=["anime", "-id"], condition=Q(deleted_at=None), name="post_anime"),
            models.Index(fields=["author", "-id"], name="post_author"),
            models.Index(fields=["created_at"], condition=Q(deleted_at=None), name="post_since"),
            models.Index(fields=["-id"], condition=Q(deleted_at=None, is_pinned=True), name="post_pinned"),
        ]

    def __str__(self) -> str:
        return self.title


class PostImage(models.Model):
    """A picture of a post; sent first, so for a while it belongs to nothing but its sender.

    `is_covered`: the text places it in a spoiler, so it stands for the post nowhere else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, blank=True, related_name="images")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey("core.StoredImage", on_delete=models.PROTECT, related_name="+")
    alt = models.CharField(_("description"), max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_covered = models.BooleanField(_("in a spoiler"), default=False, editable=False)
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("post's picture")
        verbose_name_plural = _("posts' pictures")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["owner", "created_at"], condition=Q(post=None), name="post_image_waiting")]

    def __str__(self) -> str:
        return str(self.id)


class ReactionKind(models.TextChoices):
    LIKE = "like", _("Like")
    LOVE = "love", _("Love")
    LAUGH = "laugh", _("Funny")
    WOW = "wow", _("Surprising")
    SAD = "sad", _("Sad")


class PostReaction(models.Model):
    """One person's reaction to a post; a new one takes the place of the one before."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="post_reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("reaction"), max_length=5, choices=ReactionKind.choices)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("reaction to a post")
        verbose_name_plural = _("reactions to posts")
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="post_reaction_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.post_id}: {self.kind}"


class PostRevision(models.Model):
    """A post's title and text before it was edited."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    body = models.TextField(_("text"), blank=True)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("replaced"), auto_now_add=True)

    class Meta:
        verbose_name = _("earlier text of a post")
        verbose_name_plural = _("earlier texts of posts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.post_id} · {self.created_at:%Y-%m-%d %H:%M}"
