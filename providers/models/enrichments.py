"""Where the enrichment of one anime, or of one title that is none yet, stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Enrichment(models.Model):
    """The last enrichment of what `key` names ("anime:1", "mal:5114", "title:animasu/one-piece"). The work itself is a
    `core.Job` (`job_id`) with the same key: single flight across processes. Times of success and failure survive it.
    """

    key = models.CharField(_("of"), max_length=200, unique=True)
    anime = models.ForeignKey(
        "catalog.Anime",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="enrichments",
        verbose_name=_("anime"),
    )
    job_id = models.UUIDField(_("job"), null=True, blank=True)
    requested_at = models.DateTimeField(_("asked for"))
    succeeded_at = models.DateTimeField(_("succeeded"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    result = models.JSONField(_("what came of it"), default=dict, blank=True)

    class Meta:
        verbose_name = _("enrichment")
        verbose_name_plural = _("enrichments")

    def __str__(self) -> str:
        return self.key
