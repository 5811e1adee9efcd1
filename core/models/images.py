"""Images that the pipeline has re-encoded and stored."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class StoredImage(models.Model):
    """One picture in all its variants. `variants` maps a width in pixels to {format: storage name}; `colour` is #rrggbb."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(_("purpose"), max_length=20)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(_("width (px)"))
    height = models.PositiveIntegerField(_("height (px)"))
    bytes = models.PositiveIntegerField(_("size (bytes)"))
    variants = models.JSONField(_("variants"), default=dict)
    colour = models.CharField(_("colour"), max_length=7, blank=True)
    placeholder = models.TextField(_("placeholder"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        constraints = [models.UniqueConstraint(fields=["purpose", "sha256"], name="image_once")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.sha256[:12]}"
