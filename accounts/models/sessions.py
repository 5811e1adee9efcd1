"""Sign-ins: of API clients (one family of rotating refresh tokens) and of browsers on the site; devices known by them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class SessionKind(models.TextChoices):
    """`api`: tokens. `site`: a browser's cookie, whose Django session names this row."""

    API = "api", _("App")
    SITE = "site", _("Website")


class UserSession(models.Model):
    """One sign-in on one device. Revoking it ends its tokens, its site session and its sockets at once (threat 24)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_sessions")
    kind = models.CharField(_("kind"), max_length=4, choices=SessionKind.choices, default=SessionKind.API)
    device = models.CharField(_("device"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    created_at = models.DateTimeField(_("signed in"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoke_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="session_user_seen")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.device or self.address or self.id}"


class RefreshToken(models.Model):
    """One link of a family's chain, stored as a hash (threat 40). A used one that comes back kills the family (threat 23)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(UserSession, on_delete=models.CASCADE, related_name="refresh_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("refresh token")
        verbose_name_plural = _("refresh tokens")

    def __str__(self) -> str:
        return str(self.id)


class KnownDevice(models.Model):
    """A device that its person signed in on: its tries are counted apart, so that an attacker cannot lock them out of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_devices")
    token_hash = models.CharField(max_length=64, unique=True)
    device = models.CharField(_("device"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.device or self.id}"
