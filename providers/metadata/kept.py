"""Kept answers: one row for each id of each service, written whole by single statements."""

import datetime
from collections.abc import Collection
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from providers.metadata.asking import Answer
from providers.models import MetadataSnapshot

FRESH = datetime.timedelta(hours=24)
_TAKEN_OVER = ("payload", "is_missing", "etag", "last_modified", "fetched_at", "checked_at", "error_code", "failed_at")
_NAMED_SECONDS = 7 * 86_400
_LONGEST_ETAG = 200
_LONGEST_MODIFIED = 64


def snapshot_find(source: str, external_id: str) -> MetadataSnapshot | None:
    """What is kept of an id or of another name of it, of any age."""
    found = MetadataSnapshot.objects.filter(source=source, external_id=external_id).first()
    return found or snapshot_named(source, external_id)


def snapshot_named(source: str, name: str) -> MetadataSnapshot | None:
    """What is kept of an id under another name than its own."""
    own = cache.get(_name_key(source, name))
    return MetadataSnapshot.objects.filter(source=source, external_id=own).first() if own else None


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


def snapshot_name(source: str, external_id: str, names: Collection[str]) -> None:
    """Find what is kept of an id by these names too. Only the shared cache knows them: a lost one costs a request."""
    if names:
        MetadataSnapshot.objects.filter(source=source, external_id__in=names).delete()
        cache.set_many({_name_key(source, name): external_id for name in names}, timeout=_NAMED_SECONDS)


def _name_key(source: str, name: str) -> str:
    return f"metadata:name:{source}:{name}"
