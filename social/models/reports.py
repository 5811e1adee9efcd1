"""Reports: what somebody found wrong, and what staff made of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7

MESSAGE_LENGTH, OUTCOME_LENGTH, TRANSLATION_LENGTH = 2_000, 500, 64


class ReportTarget(models.TextChoices):
    USER = "user", _("Person")
    POST = "post", _("Post")
    COMMENT = "comment", _("Comment")
    COLLECTION = "collection", _("Collection")
    EPISODE = "episode", _("Episode")


class ReportState(models.TextChoices):
    OPEN = "open", _("Not looked at yet")
    ASSIGNED = "assigned", _("Somebody looks at it")
    RESOLVED = "resolved", _("Something was done")
    DISMISSED = "dismissed", _("Nothing was wrong")


class Report(models.Model):
    """A report by a person about a person, something they wrote, or an episode.

    `user` is whom it concerns (the author; null for episodes). `snapshot` keeps what was reported as it was then, so that
    an edit or a deletion hides nothing from staff. `reason` is a code of `services/report_reasons.py`. `outcome` is told to
    the reporter in these words; notes are between staff.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="reports_made"
    )
    target = models.CharField(_("what it is about"), max_length=10, choices=ReportTarget.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports_about"
    )
    post = models.ForeignKey("social.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    comment = models.ForeignKey("social.Comment", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    collection = models.ForeignKey(
        "lists.Collection", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    anime = models.ForeignKey("catalog.Anime", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    episode_number = models.PositiveIntegerField(_("episode"), null=True, blank=True)
    source_id = models.PositiveBigIntegerField(_("source that played"), null=True, blank=True)
    translation_code = models.CharField(_("translation"), max_length=TRANSLATION_LENGTH, blank=True, default="")
    position_seconds = models.FloatField(_("at (s)"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=24)
    message = models.TextField(_("message"), max_length=MESSAGE_LENGTH, blank=True, default="")
    snapshot = models.JSONField(_("as it was"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=ReportState.choices, default=ReportState.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(_("outcome, told to the reporter"), max_length=OUTCOME_LENGTH, blank=True, default="")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(fields=["state", "-created_at"], name="report_queue"),
            models.Index(fields=["reporter", "-created_at"], name="report_reporter"),
            models.Index(fields=["user", "-created_at"], condition=Q(user__isnull=False), name="report_about"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.reason}"


class ReportNote(models.Model):
    """What staff tell each other about a report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("note"), max_length=MESSAGE_LENGTH)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("note on a report")
        verbose_name_plural = _("notes on reports")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:40]
