"""Kept answers: one row for each id of each service, written whole by single statements."""

import datetime
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from providers.metadata.asking import Answer
from providers.models import MetadataSnapshot

FRESH = datetime.timedelta(hours=24)
_TAKEN_OVER = ("payload", "is_missing", "etag", "last_modified", "fetched_at", "checked_at", "error_code", "failed_at")
_LONGEST_ETAG = 200
_LONGEST_MODIFIED = 64


def snapshot_find(source: str, external_id: str) -> MetadataSnapshot | None:
    """What is kept of an id, of any age."""
    return MetadataSnapshot.objects.filter(source=source, external_id=external_id).first()


def snapshot_is_fresh(snapshot: MetadataSnapshot, now: datetime.datetime) -> bool:
    """Whether the service said or confirmed it less than 24 hours ago. What lies in the future (a clock set back) is not."""
    return datetime.timedelta(0) <= now - snapshot.checked_at < FRESH


def snapshot_store(source: str, external_id: str, answer: Answer, *, payload: dict[str, Any]) -> MetadataSnapshot:
    """Keep an answer (200 or 404) that has been checked; the anime that the row is of stays."""
    now = timezone.now()
    etag, last_modified = answer.etag, answer.last_modified
    row = MetadataSnapshot(
        source=source,
        external_id=external_id,
        payload=payload,
        is_missing=answer.status == 404,
        etag=etag if len(etag) <= _LONGEST_ETAG and "\x00" not in etag else "",
        last_modified=last_modified if len(last_modified) <= _LONGEST_MODIFIED and "\x00" not in last_modified else "",
        fetched_at=now,
        checked_at=now,
    )
    MetadataSnapshot.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["source", "external_id"], update_fields=_TAKEN_OVER
    )
    return row


def snapshot_confirm(snapshot: MetadataSnapshot) -> MetadataSnapshot:
    """The service says (304) that what is kept still holds."""
    return _changed(snapshot, checked_at=timezone.now(), error_code="", failed_at=None)


def snapshot_fail(snapshot: MetadataSnapshot, error_code: str) -> MetadataSnapshot:
    """The service could not be asked again: note why and when, keep the answer."""
    return _changed(snapshot, error_code=error_code, failed_at=timezone.now())


def _changed(snapshot: MetadataSnapshot, **values: Any) -> MetadataSnapshot:
    MetadataSnapshot.objects.filter(pk=snapshot.pk).update(**values)
    for name, value in values.items():
        setattr(snapshot, name, value)
    return snapshot


def snapshots_drop(source: str, external_ids: Collection[str]) -> None:
    """Forget what is kept under other names of an id."""
    if external_ids:
        MetadataSnapshot.objects.filter(source=source, external_id__in=external_ids).delete()
