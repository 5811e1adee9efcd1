"""Jobs: leases, retries, cancellation, sweeping, uniqueness."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.errors import Conflict
from core.jobs import JobContext, job_cancel, job_enqueue, job_kind
from core.jobs.errors import JobExists, JobRetry, LeaseLost
from core.jobs.services import job_claim, job_run, jobs_sweep
from core.models import Job, JobState

ran: list[str] = []


@job_kind("test.note")
def _note(context: JobContext) -> dict:
    context.report(stage="noting", progress=50)
    ran.append(str(context.job_id))
    return {"noted": context.payload["word"]}


@job_kind("test.boom")
def _boom(context: JobContext) -> None:
    raise ZeroDivisionError("by zero")


@job_kind("test.refused")
def _refused(context: JobContext) -> None:
    raise Conflict("not now")


@job_kind("test.later")
def _later(context: JobContext) -> None:
    raise JobRetry("busy", code="busy", delay=60)


@job_kind("test.usurped")
def _usurped(context: JobContext) -> None:
    Job.objects.filter(id=context.job_id).update(lease=uuid.uuid4())
    with pytest.raises(LeaseLost):
        context.report(progress=10)
    raise LeaseLost


@job_kind("test.stoppable")
def _stoppable(context: JobContext) -> None:
    job_cancel(job=Job.objects.get(id=context.job_id))
    context.report(progress=1)
    ran.append("never")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    ran.clear()


@pytest.mark.django_db
class TestJobs:
    def test_it_runs_once_and_keeps_its_result(self) -> None:
        job = job_enqueue(kind="test.note", payload={"word": "hi"})
        assert job_run(job_id=job.id).state == JobState.DONE
        job.refresh_from_db()
        assert (job.result, job.progress, job.stage, job.attempt) == ({"noted": "hi"}, 100.0, "noting", 1)
        assert job.lease is None
        assert job_run(job_id=job.id) is None
        assert len(ran) == 1

    def test_a_second_live_job_of_a_key_is_refused_and_a_later_one_is_not(self) -> None:
        first = job_enqueue(kind="test.note", payload={"word": "a"}, unique_key="k")
        with pytest.raises(JobExists) as refused:
            job_enqueue(kind="test.note", unique_key="k")
        assert refused.value.extra == {"job_id": str(first.id)}
        job_run(job_id=first.id)
        assert job_enqueue(kind="test.note", payload={"word": "b"}, unique_key="k").id != first.id

    def test_a_held_job_cannot_be_claimed_until_its_lease_runs_out(self) -> None:
        job = job_enqueue(kind="test.note", payload={"word": "x"})
        assert job_claim(job_id=job.id) is not None
        assert job_claim(job_id=job.id) is None
        Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))
        claimed = job_claim(job_id=job.id)
        assert claimed is not None
        assert claimed[0].attempt == 2

    def test_a_run_that_lost_its_lease_leaves_no_trace(self) -> None:
        job = job_enqueue(kind="test.usurped")
        assert job_run(job_id=job.id) is None
        job.refresh_from_db()
        assert job.state == JobState.RUNNING

    def test_a_crash_is_retried_with_back_off_then_fails_with_its_reason(self) -> None:
        job = job_enqueue(kind="test.boom", max_attempts=2)
        job_run(job_id=job.id)
        job.refresh_from_db()
        assert (job.state, job.error_code) == (JobState.QUEUED, "crashed")
        assert job.run_after > timezone.now() + timedelta(seconds=5)
        assert job_run(job_id=job.id) is None  # not due yet
        Job.objects.filter(id=job.id).update(run_after=timezone.now())
        job_run(job_id=job.id)
        job.refresh_from_db()
        assert (job.state, job.attempt) == (JobState.FAILED, 2)
        assert "by zero" in job.error_detail

    def test_a_refusal_of_the_domain_is_final(self) -> None:
        job = job_enqueue(kind="test.refused")
        job_run(job_id=job.id)
        job.refresh_from_db()
        assert (job.state, job.error_code, job.error_detail) == (JobState.FAILED, "conflict", "not now")

    def test_a_retry_waits(self) -> None:
        job = job_enqueue(kind="test.later")
        job_run(job_id=job.id)
        job.refresh_from_db()
        assert (job.state, job.error_code) == (JobState.QUEUED, "busy")
        assert job.run_after > timezone.now() + timedelta(seconds=50)

    def test_cancelling(self) -> None:
        queued = job_enqueue(kind="test.note", payload={"word": "x"})
        job_cancel(job=queued)
        assert job_run(job_id=queued.id) is None
        running = job_enqueue(kind="test.stoppable")
        assert job_run(job_id=running.id).state == JobState.CANCELLED
        assert ran == []

    def test_the_sweeper_sends_lost_jobs_and_fails_hopeless_ones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[str] = []
        monkeypatch.setattr("core.jobs.services.job_send", lambda *, job: sent.append(str(job.id)))
        old = timezone.now() - timedelta(minutes=5)
        lost = job_enqueue(kind="test.note", payload={"word": "x"})
        abandoned = job_enqueue(kind="test.note", payload={"word": "y"})
        hopeless = job_enqueue(kind="test.note", payload={"word": "z"}, max_attempts=1)
        fresh = job_enqueue(kind="test.note", payload={"word": "w"})
        job_claim(job_id=abandoned.id)
        job_claim(job_id=hopeless.id)
        Job.objects.exclude(id=fresh.id).update(created_at=old)
        Job.objects.filter(id__in=[abandoned.id, hopeless.id]).update(lease_until=old)
        sent.clear()
        assert jobs_sweep() == 2
        assert set(sent) == {str(lost.id), str(abandoned.id)}
        hopeless.refresh_from_db()
        assert (hopeless.state, hopeless.error_code) == (JobState.FAILED, "lease_expired")

    def test_an_unknown_kind_fails_clearly(self) -> None:
        job = job_enqueue(kind="test.nobody")
        assert job_run(job_id=job.id).error_code == "unknown_kind"


@pytest.mark.django_db(transaction=True)
def test_eight_workers_race_for_one_job_and_one_wins() -> None:
    job = Job.objects.create(kind="test.note", payload={"word": "x"})
    barrier, results = threading.Barrier(8), []

    def claim() -> None:
        barrier.wait()
        results.append(job_claim(job_id=job.id) is not None)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 7 + [True]
