"""Hashes of covers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CoverHash(models.Model):
    """The perceptual hash (64 bits as a signed integer) of an anime's poster at `url`."""

    anime = models.OneToOneField(
        "catalog.Anime", on_delete=models.CASCADE, related_name="cover_hash", verbose_name=_("anime")
    )
    url = models.URLField(_("poster's origin"), max_length=500)
    value = models.BigIntegerField(_("hash"), db_index=True)
    hashed_at = models.DateTimeField(_("hashed"))

    class Meta:
        verbose_name = _("cover hash")
        verbose_name_plural = _("cover hashes")

    def __str__(self) -> str:
        return f"{self.anime_id}: {self.value & 0xFFFFFFFFFFFFFFFF:016x}"
