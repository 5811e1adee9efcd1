"""Shapes of reports: what a reporter sends and reads of their own, what staff read and change."""

from typing import Any

from rest_framework import serializers

from accounts.facade import User
from social.models import Report, ReportState, ReportTarget
from social.models.reports import MESSAGE_LENGTH, OUTCOME_LENGTH, TRANSLATION_LENGTH
from social.selectors.report_details import ReportDetail
from social.services.report_desk import about_of
from social.services.report_reasons import ReportReason, reasons_for
from social.services.reports import LONGEST

CLOSED = [ReportState.RESOLVED.value, ReportState.DISMISSED.value]
DECISIONS = [*CLOSED, ReportState.OPEN.value]
PERSON_REASONS, WRITTEN_REASONS, EPISODE_REASONS = (
    [reason.value for reason in reasons_for(target)]
    for target in (ReportTarget.USER, ReportTarget.POST, ReportTarget.EPISODE)
)


class _ReportIn(serializers.Serializer):
    message = serializers.CharField(
        max_length=MESSAGE_LENGTH, required=False, allow_blank=True, trim_whitespace=False, default=""
    )


class UserReportIn(_ReportIn):
    reason = serializers.ChoiceField(choices=PERSON_REASONS)


class WrittenReportIn(_ReportIn):
    """Of a post, a comment or a collection."""

    reason = serializers.ChoiceField(choices=WRITTEN_REASONS)


class EpisodeReportIn(_ReportIn):
    """`source_id` is what played, `second` where in it."""

    reason = serializers.ChoiceField(choices=EPISODE_REASONS)
    source_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, allow_null=True)
    translation = serializers.CharField(max_length=TRANSLATION_LENGTH, required=False, allow_blank=True, default="")
    second = serializers.FloatField(min_value=0, max_value=LONGEST, required=False, allow_null=True)


class ReportOut(serializers.Serializer):
    """A report of the caller's. `outcome` is what staff told them when it was closed."""

    id = serializers.UUIDField()
    target = serializers.ChoiceField(choices=ReportTarget.values)
    about = serializers.CharField(help_text="What it is about, as it was called then.")
    reason = serializers.ChoiceField(choices=ReportReason.values)
    message = serializers.CharField()
    state = serializers.ChoiceField(choices=ReportState.values)
    outcome = serializers.CharField()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Report) -> dict[str, Any]:
        return {
            "id": instance.pk,
            "target": instance.target,
            "about": about_of(instance),
            "reason": instance.reason,
            "message": instance.message,
            "state": instance.state,
            "outcome": instance.outcome,
            "created_at": instance.created_at,
            "closed_at": instance.closed_at,
        }


class ReportsOut(serializers.Serializer):
    """A page of reports."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ReportOut(many=True)


def _name(user: User | None) -> str | None:
    return user.username if user else None


class QueuedReportOut(ReportOut):
    """A report in the queue. People are usernames, null when they are gone; `same_count`: reports about the same thing."""

    reporter = serializers.CharField(allow_null=True)
    user = serializers.CharField(allow_null=True, help_text="Whom it concerns.")
    user_id = serializers.UUIDField(allow_null=True)
    post_id = serializers.UUIDField(allow_null=True)
    comment_id = serializers.UUIDField(allow_null=True)
    collection_id = serializers.UUIDField(allow_null=True)
    anime_id = serializers.IntegerField(allow_null=True)
    episode_number = serializers.IntegerField(allow_null=True)
    source_id = serializers.IntegerField(allow_null=True)
    translation = serializers.CharField()
    second = serializers.FloatField(allow_null=True)
    assignee = serializers.CharField(allow_null=True)
    closed_by = serializers.CharField(allow_null=True)
    same_count = serializers.IntegerField(required=False)

    def to_representation(self, instance: Report) -> dict[str, Any]:
        found = super().to_representation(instance)
        ids = ("user_id", "post_id", "comment_id", "collection_id", "anime_id", "episode_number", "source_id")
        found |= {name: getattr(instance, name) for name in ids}
        found |= {name: _name(getattr(instance, name)) for name in ("reporter", "user", "assignee", "closed_by")}
        found |= {"translation": instance.translation_code, "second": instance.position_seconds}
        if hasattr(instance, "same_count"):
            found["same_count"] = instance.same_count
        return found


class QueueOut(serializers.Serializer):
    """A page of the queue."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = QueuedReportOut(many=True)


class ReportNoteOut(serializers.Serializer):
    """What staff tell each other about a report."""

    id = serializers.IntegerField()
    author = serializers.CharField(allow_null=True, source="author.username", default=None)
    body = serializers.CharField()
    created_at = serializers.DateTimeField()


class ReportDetailOut(QueuedReportOut):
    """One report with what helps to decide. `snapshot`: as it was reported; `now`: as it is, null when it is gone."""

    snapshot = serializers.DictField()
    now = serializers.DictField(allow_null=True)
    path = serializers.CharField(help_text="Its page on the site; empty when it is gone.")
    notes = ReportNoteOut(many=True)
    same = ReportOut(many=True)

    def to_representation(self, instance: ReportDetail) -> dict[str, Any]:  # type: ignore[override]
        found = super().to_representation(instance.report)
        return {
            **found,
            "same_count": len(instance.same) + 1,
            "snapshot": instance.report.snapshot,
            "now": instance.now,
            "path": instance.path,
            "notes": ReportNoteOut(instance.notes, many=True).data,
            "same": ReportOut(instance.same, many=True).data,
        }


class ReportChangeIn(serializers.Serializer):
    """One change: who looks at it (`assignee_id`, null: nobody), or what became of it.

    `state` resolved or dismissed closes it (`outcome` is told to the reporter; `with_same` closes every open one about the
    same), open opens it again. `is_takeover` takes one that somebody else looks at.
    """

    assignee_id = serializers.UUIDField(required=False, allow_null=True)
    is_takeover = serializers.BooleanField(required=False, default=False)
    state = serializers.ChoiceField(choices=DECISIONS, required=False)
    outcome = serializers.CharField(
        max_length=OUTCOME_LENGTH, required=False, allow_blank=True, trim_whitespace=False, default=""
    )
    with_same = serializers.BooleanField(required=False, default=False)


class ReportNoteIn(serializers.Serializer):
    body = serializers.CharField(max_length=MESSAGE_LENGTH, trim_whitespace=False)
