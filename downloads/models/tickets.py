"""Leave to fetch one finished file by an address, for ten minutes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DownloadTicket(models.Model):
    """Bound to a person and a download. Only the SHA-256 of the ticket is kept (hex)."""

    token_hash = models.CharField(max_length=64, unique=True)
    download = models.ForeignKey("downloads.Download", on_delete=models.CASCADE, related_name="tickets")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("runs out"), db_index=True)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")

    def __str__(self) -> str:
        return f"{self.download_id} until {self.expires_at}"
