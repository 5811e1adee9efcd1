"""Media servers that tell what somebody watches there."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class MediaServer(models.TextChoices):
    PLEX = "plex", "Plex"
    JELLYFIN = "jellyfin", "Jellyfin"
    EMBY = "emby", "Emby"


class ScrobbleEndpoint(models.Model):
    """A secret address that one media server posts to. The address is signed over `revision`; nothing secret is stored.

    `account_name` narrows it to one of the server's people ("" takes all of them).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scrobble_endpoints")
    server = models.CharField(_("media server"), max_length=8, choices=MediaServer.choices)
    account_name = models.CharField(_("name on that server"), max_length=100, blank=True, default="")
    revision = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("scrobble address")
        verbose_name_plural = _("scrobble addresses")
        constraints = [models.UniqueConstraint(fields=["user", "server"], name="scrobble_endpoint_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.server}"


class ScrobbleOutcome(models.TextChoices):
    COUNTED = "counted", _("Counted")
    ALREADY = "already", _("Counted before")
    IGNORED = "ignored", _("Not a finished episode")
    NOT_MINE = "not_mine", _("Somebody else's")
    UNMATCHED = "unmatched", _("Not found in the catalogue")
    REFUSED = "refused", _("Refused")


class ScrobbleReceipt(models.Model):
    """What came through an address and what became of it; the latest fifty of each are kept, for its person to see why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(ScrobbleEndpoint, on_delete=models.CASCADE, related_name="receipts")
    title = models.CharField(_("title"), max_length=300, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    episode_number = models.PositiveIntegerField(_("episode"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=ScrobbleOutcome.choices)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("scrobble receipt")
        verbose_name_plural = _("scrobble receipts")
        indexes = [models.Index(fields=["endpoint", "-received_at"], name="scrobble_receipt_recent")]

    def __str__(self) -> str:
        return f"{self.title}: {self.outcome}"
