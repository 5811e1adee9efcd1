"""What came of fetching posters."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PosterCopy(models.Model):
    """`image_id` is the picture that we made the anime's poster: one with another id was set by people. `url` was asked last.

    `error` says why it could not be had, "" when it could; then `again_at` says from when on it may be asked for again.
    """

    anime = models.OneToOneField(
        "catalog.Anime", on_delete=models.CASCADE, related_name="poster_copy", verbose_name=_("anime")
    )
    url = models.URLField(_("poster's origin"), max_length=500)
    # No foreign key: it would hold pictures that nothing shows.
    image_id = models.UUIDField(_("image"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=60, blank=True)
    again_at = models.DateTimeField(_("asked again from"), null=True, blank=True)
    asked_at = models.DateTimeField(pgettext_lazy("poster", "asked"), auto_now=True)

    class Meta:
        verbose_name = _("copy of a poster")
        verbose_name_plural = _("copies of posters")

    def __str__(self) -> str:
        return f"{self.anime_id}: {self.error or self.url}"
