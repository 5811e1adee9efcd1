"""Work that must not be lost: a row first, a Celery message second."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """One piece of work. A worker holds it by `lease` (a token) until `lease_until`; each heartbeat moves that time on.

    The sweeper puts a running job whose lease ran out back into the queue, up to `max_attempts`, then fails it.
    `progress` is 0–100 within the whole job; `stage` names what it does now. `unique_key` refuses a second live job for
    the same thing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=60, db_index=True)
    queue = models.CharField(_("queue"), max_length=20, default="default")
    state = models.CharField(_("state"), max_length=9, choices=JobState.choices, default=JobState.QUEUED)
    stage = models.CharField(_("stage"), max_length=60, blank=True)
    progress = models.FloatField(_("progress (%)"), default=0)
    payload = models.JSONField(_("payload"), default=dict, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    error_detail = models.TextField(_("detail"), blank=True)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("attempts at most"), default=5)
    unique_key = models.CharField(_("key"), max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("owner"),
    )
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    run_after = models.DateTimeField(_("not before"), null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unique_key"],
                condition=models.Q(state__in=["queued", "running"]) & ~models.Q(unique_key=""),
                name="job_live_once",
            ),
            models.CheckConstraint(condition=models.Q(progress__gte=0, progress__lte=100), name="job_progress_percent"),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_sweep"),
            models.Index(fields=["-created_at"], name="job_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
