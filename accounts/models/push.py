"""Devices that take push messages, and what became of messages to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class PushDevice(models.Model):
    """An Expo push token of the app, or a browser's web push subscription.

    `address` (the token, or the subscription with its keys as JSON) is sealed (`core.secrets`), `address_hash` finds it
    again: a device that signs in as somebody else moves to them.
    """

    class Kind(models.TextChoices):
        EXPO = "expo", _("App")
        WEB = "web", _("Browser")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_devices")
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    platform = models.CharField(_("platform"), max_length=10, blank=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    address = models.TextField()
    address_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last registered"), auto_now_add=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)

    class Meta:
        verbose_name = _("push device")
        verbose_name_plural = _("push devices")
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="push_device_user_seen")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.name or self.kind}"


class PushTicket(models.Model):
    """Expo's promise to deliver; its receipt says later whether the token is dead."""

    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE, related_name="tickets")
    ticket = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("push ticket")
        verbose_name_plural = _("push tickets")

    def __str__(self) -> str:
        return self.ticket


class NoticeSetting(models.Model):
    """Which ways one kind of notice takes to a person; without a row the kind's own defaults hold."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_settings")
    kind = models.CharField(max_length=40)
    by_site = models.BooleanField(_("on the site"), default=True)
    by_push = models.BooleanField(_("push"), default=False)
    by_email = models.BooleanField(_("e-mail"), default=False)

    class Meta:
        verbose_name = _("notice setting")
        verbose_name_plural = _("notice settings")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_setting_unique")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.kind}"
