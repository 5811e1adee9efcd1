"""How two people stand to each other: friends (or one asked), one follows the other, one blocks the other."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from social.querysets.relations import BlockQuerySet, FriendshipQuerySet


class FriendshipStatus(models.TextChoices):
    PENDING = "pending", _("Asked")
    ACCEPTED = "accepted", _("Friends")


class Friendship(models.Model):
    """Two people are friends, or one asked the other. One row a pair, whoever asked: `low` is the smaller id.

    So that requests which cross meet in one row. Rejecting and removing delete the row; blocking does too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    low = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("who asked")
    )
    status = models.CharField(
        _("status"), max_length=8, choices=FriendshipStatus.choices, default=FriendshipStatus.PENDING
    )
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = FriendshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("friendship")
        verbose_name_plural = _("friendships")
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="friendship_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="friendship_of_two"),
            models.CheckConstraint(condition=Q(requester=F("low")) | Q(requester=F("high")), name="friendship_asked"),
        ]
        indexes = [
            models.Index(fields=["low", "status"], name="friendship_low"),
            models.Index(fields=["high", "status"], name="friendship_high"),
        ]

    def __str__(self) -> str:
        return f"{self.low_id} · {self.high_id}: {self.status}"

    def other_than(self, user_id: uuid.UUID) -> uuid.UUID:
        """Who is at the other end, seen from `user_id`."""
        return self.high_id if self.low_id == user_id else self.low_id


class Follow(models.Model):
    """Somebody reads what another shows to everyone; needs no consent and gives no right."""

    follower = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    followed = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="follow_of_another"),
        ]
        indexes = [models.Index(fields=["followed", "-created_at"], name="follow_followed")]

    def __str__(self) -> str:
        return f"{self.follower_id} → {self.followed_id}"


class Block(models.Model):
    """`blocker` wants nothing to do with `blocked`: each is hidden from the other, everywhere."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_of_another"),
        ]
        indexes = [models.Index(fields=["blocked"], name="block_blocked")]

    def __str__(self) -> str:
        return f"{self.blocker_id} ✕ {self.blocked_id}"
