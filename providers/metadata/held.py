"""What a batch of questions has read beforehand: the kept answers in one query, the rows of services now and then."""

import math
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from providers.errors import ProviderDisabled
from providers.metadata.asking import provider_asked
from providers.metadata.kept import snapshot_find, snapshot_named
from providers.models import MetadataSnapshot, Provider, ProviderRole

Name = tuple[str, str]


SWITCH_SECONDS = 2.0
"""How soon it is noticed that a service was switched off."""


@dataclass(slots=True)
class Held:
    """Kept answers by (service, id), None where there is none; services that were on at `read_at` (monotonic), by name."""

    snapshots: dict[Name, MetadataSnapshot | None]
    providers: dict[str, Provider] = field(default_factory=dict)
    read_at: float = -math.inf


_held: ContextVar[Held | None] = ContextVar("metadata_held", default=None)


@contextmanager
def holding(names: Collection[Name]) -> Iterator[None]:
    """Read what is kept of these (service, id) now, for the calls within; each of them may be asked for once. What others
    hear meanwhile is noticed after the block: keep it short.
    """
    snapshots: dict[Name, MetadataSnapshot | None] = dict.fromkeys(names)
    found = MetadataSnapshot.objects.filter(
        source__in={source for source, _id in names}, external_id__in={external_id for _source, external_id in names}
    )
    for row in found:
        if (row.source, row.external_id) in snapshots:
            snapshots[row.source, row.external_id] = row
    token = _held.set(Held(snapshots))
    try:
        yield
    finally:
        _held.reset(token)


def provider_held(name: str) -> Provider:
    """`provider_asked`, from what is held where something is."""
    held = _held.get()
    if held is None:
        return provider_asked(name)
    if time.monotonic() - held.read_at > SWITCH_SECONDS:
        rows = Provider.objects.filter(role=ProviderRole.METADATA, is_enabled=True)
        held.providers, held.read_at = {row.name: row for row in rows}, time.monotonic()
    if name not in held.providers:
        raise ProviderDisabled()
    return held.providers[name]


def snapshot_held(source: str, external_id: str) -> MetadataSnapshot | None:
    """`snapshot_find`, from what is held where that was asked for."""
    held = _held.get()
    if held is None or (source, external_id) not in held.snapshots:
        return snapshot_find(source, external_id)
    return held.snapshots[source, external_id] or snapshot_named(source, external_id)
