"""How far an import of a catalogue file has got."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One import of one file. `position` records are done and committed; a second start goes on after them."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    format = models.CharField(_("format"), max_length=20)
    file_name = models.CharField(_("file"), max_length=255)
    file_digest = models.CharField(_("digest"), max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    stage = models.CharField(_("stage"), max_length=20, blank=True)
    position = models.PositiveIntegerField(_("records done"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    unmatched = models.PositiveIntegerField(_("not in the catalogue"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    episodes_created = models.PositiveIntegerField(_("episodes created"), default=0)
    episodes_changed = models.PositiveIntegerField(_("episodes changed"), default=0)
    episodes_unchanged = models.PositiveIntegerField(_("episodes unchanged"), default=0)
    episodes_skipped = models.PositiveIntegerField(_("episodes skipped"), default=0)
    errors = models.JSONField(_("errors"), default=list, blank=True)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(
                fields=["format", "file_digest"], condition=models.Q(state="running"), name="import_running_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"
