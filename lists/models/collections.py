"""Lists of anime that people put together and show to others."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from lists.querysets.collections import CollectionItemQuerySet, CollectionQuerySet

REWARD_LIMIT = 5_000
TITLE_LENGTH, DESCRIPTION_LENGTH = 120, 5_000


class CollectionVisibility(models.TextChoices):
    PUBLIC = "public", _("Public")
    UNLISTED = "unlisted", _("Whoever has the address")
    PRIVATE = "private", _("Only me")


class Collection(models.Model):
    """A person's list of anime. Items may stand in groups; a group with a label is a row of a tier list.

    A challenge pays `coin_reward` once to whoever has completed all of it; only staff make one (reference).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    description = models.TextField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True, default="")
    visibility = models.CharField(
        _("who sees it"), max_length=8, choices=CollectionVisibility.choices, default=CollectionVisibility.PRIVATE
    )
    cover = models.ForeignKey(
        "core.StoredImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cover")
    )
    is_featured = models.BooleanField(_("featured"), default=False)
    is_challenge = models.BooleanField(_("challenge"), default=False)
    coin_reward = models.PositiveIntegerField(
        _("reward (coins)"), default=0, validators=[MaxValueValidator(REWARD_LIMIT)]
    )
    view_count = models.PositiveBigIntegerField(_("views"), default=0)
    forked_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="forks", verbose_name=_("copy of")
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [models.CheckConstraint(condition=Q(coin_reward__lte=REWARD_LIMIT), name="collection_reward")]
        indexes = [
            models.Index(fields=["visibility", "-is_featured", "-updated_at"], name="collection_browse"),
            models.Index(fields=["owner", "-updated_at"], name="collection_owner"),
        ]

    def __str__(self) -> str:
        return self.title


class CollectionGroup(models.Model):
    """A section of a collection; with `tier_label` ("S", "A+") a row of a tier list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=500, blank=True, default="")
    tier_label = models.CharField(_("tier"), max_length=4, null=True, blank=True)  # noqa: DJ001 — null is "no tier", as the reference has it
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("collection's group")
        verbose_name_plural = _("collections' groups")
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return self.name


class CollectionItem(models.Model):
    """One anime of a collection: named by its Shikimori id (the wire's `anime_id`) with title and picture kept beside it,
    so that it need not be in the catalogue; by our own row where it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    shikimori_id = models.PositiveBigIntegerField(_("Shikimori id"), null=True, blank=True)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    anime_title = models.CharField(_("title"), max_length=500, blank=True, default="")
    anime_src = models.CharField(_("picture"), max_length=500, blank=True, default="")
    group = models.ForeignKey(
        CollectionGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("group")
    )
    position = models.IntegerField(_("position"), default=0)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = CollectionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection's item")
        verbose_name_plural = _("collections' items")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "shikimori_id"], name="collection_item_once"),
            models.UniqueConstraint(fields=["collection", "anime"], name="collection_anime_once"),
        ]
        indexes = [
            models.Index(fields=["collection", "position"], name="collection_item_order"),
            models.Index(fields=["shikimori_id"], name="collection_item_shikimori"),
        ]

    def __str__(self) -> str:
        return self.anime_title or str(self.shikimori_id)


class CollectionReaction(models.Model):
    """A like or a dislike, one a person and collection."""

    class Value(models.TextChoices):
        LIKE = "like", _("Like")
        DISLIKE = "dislike", _("Dislike")

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.CharField(_("reaction"), max_length=7, choices=Value.choices)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("collection's reaction")
        verbose_name_plural = _("collections' reactions")
        constraints = [models.UniqueConstraint(fields=["collection", "user"], name="collection_reaction_once")]
        indexes = [models.Index(fields=["collection", "value"], name="collection_reaction_value")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.value}"


class CollectionFavourite(models.Model):
    """A person's bookmark of a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="favourites")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("collection's favourite")
        verbose_name_plural = _("collections' favourites")
        constraints = [models.UniqueConstraint(fields=["collection", "user"], name="collection_favourite_once")]
        indexes = [models.Index(fields=["user", "-created_at"], name="collection_favourite_user")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.collection_id}"


class ChallengeClaim(models.Model):
    """Somebody was paid for a challenge: once, the database says so. `coins` is what it was worth then."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="claims")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    coins = models.PositiveIntegerField(_("coins"))
    claimed_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("challenge claim")
        verbose_name_plural = _("challenge claims")
        constraints = [models.UniqueConstraint(fields=["collection", "user"], name="challenge_claim_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.collection_id}: {self.coins}"


__all__ = [
    "ChallengeClaim",
    "Collection",
    "CollectionFavourite",
    "CollectionGroup",
    "CollectionItem",
    "CollectionReaction",
    "CollectionVisibility",
]
