"""Jobs: what runs, what failed and why, cancel and try again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin.base import ReadOnlyAdmin, done_to_each
from core.jobs import job_cancel, job_enqueue
from core.models import Job, JobState


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["kind", "state", "stage", "percent", "attempt", "error_code", "owner", "created_at"]
    list_filter = ["state", "kind", "queue"]
    search_fields = ["=id", "kind", "error_code"]
    list_select_related = ["owner"]
    ordering = ["-created_at"]
    actions = ["cancel_jobs", "repeat_jobs"]

    @admin.display(description=_("progress"), ordering="progress")
    def percent(self, job: Job) -> str:
        return f"{job.progress:.0f} %"

    @admin.action(description=_("Cancel"), permissions=["cancel"])
    def cancel_jobs(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        live = [job for job in queryset if job.state in (JobState.QUEUED, JobState.RUNNING)]
        for job in live:
            job_cancel(job=job)
        messages.success(
            request, ngettext("%d job is being cancelled", "%d jobs are being cancelled", len(live)) % len(live)
        )

    @admin.action(description=_("Do again"), permissions=["cancel"])
    def repeat_jobs(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        over = [job for job in queryset if job.state in (JobState.FAILED, JobState.CANCELLED)]
        done = done_to_each(
            request,
            over,
            lambda job: job_enqueue(
                kind=job.kind,
                payload=job.payload,
                owner_id=job.owner_id,
                unique_key=job.unique_key,
                queue=job.queue,
                max_attempts=job.max_attempts,
            ),
        )
        messages.success(
            request, ngettext("%d job is in the queue again", "%d jobs are in the queue again", done) % done
        )

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Cancelling and repeating is for those whose role may change jobs."""
        return request.user.has_perm("core.change_job")
