"""Jobs that go through a list of anime: where one stands is in its payload, so that whoever takes it over goes on there."""

from django.db import transaction

from core.jobs import JobContext
from core.models import Job


def position_keep(context: JobContext, *, stage: str) -> None:
    """Write the job's payload, of which `position` many of `anime_ids` are done, if the job is still ours (else `LeaseLost`)."""
    payload = context.payload
    with transaction.atomic():
        context.report(stage=stage, progress=99 * payload["position"] / max(1, len(payload["anime_ids"])))
        Job.objects.filter(id=context.job_id).update(payload=payload)


def counts_sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """Both together, by what is counted."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}
