"""What metadata services said, as they said it, and what of it an anime takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.people import SetByPerson


class MetadataSnapshot(models.Model):
    """The last answer of one metadata service about one of its ids. `payload` is the answer's own JSON ({} for a 404).

    `fetched_at` is when the payload came, `checked_at` when the service last confirmed it (304) or sent it.
    """

    source = models.SlugField(_("service"), max_length=40)
    external_id = models.CharField(_("id there"), max_length=64)
    anime = models.ForeignKey(
        "catalog.Anime",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="metadata_snapshots",
        verbose_name=_("anime"),
    )
    payload = models.JSONField(_("answer"), default=dict, blank=True)
    is_missing = models.BooleanField(_("unknown there"), default=False)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(_("fetched"))
    checked_at = models.DateTimeField(_("confirmed"))
    error_code = models.CharField(_("last error"), max_length=60, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)

    class Meta:
        verbose_name = _("metadata snapshot")
        verbose_name_plural = _("metadata snapshots")
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="snapshot_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


class FieldSource(SetByPerson):
    """Staff's choice: this field of this anime follows this source ("jikan", "samehadaku"), whatever the ranks say."""

    anime = models.ForeignKey(
        "catalog.Anime", on_delete=models.CASCADE, related_name="field_sources", verbose_name=_("anime")
    )
    field = models.CharField(_("field"), max_length=40)
    source = models.CharField(_("source"), max_length=40)

    class Meta:
        verbose_name = _("source of a field")
        verbose_name_plural = _("sources of fields")
        constraints = [models.UniqueConstraint(fields=["anime", "field"], name="field_source_once")]

    def __str__(self) -> str:
        return f"{self.field} ← {self.source}"
