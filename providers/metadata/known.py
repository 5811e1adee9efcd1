"""What is known of an id: the kept answer while it is fresh, else what the service says now, else the kept one as stale."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.egress import EgressError
from providers.errors import ProviderDisabled
from providers.metadata.asking import Answer
from providers.metadata.flights import flight
from providers.metadata.held import provider_held, snapshot_held
from providers.metadata.kept import (
    snapshot_confirm,
    snapshot_fail,
    snapshot_find,
    snapshot_is_fresh,
    snapshot_name,
    snapshot_store,
)
from providers.metadata.patience import patience
from providers.models import MetadataSnapshot, Provider


@dataclass(frozen=True, slots=True)
class Heard:
    """A checked answer. `payload` is what is kept of it, under the first of `names` (none: under what was asked for); by the
    others it may be asked for too.
    """

    answer: Answer
    payload: dict[str, Any]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A kept answer; `error_code` says why the service did not give a newer one though it should have."""

    snapshot: MetadataSnapshot
    error_code: str = ""


Ask = Callable[[Provider, MetadataSnapshot | None], Heard]


def snapshot_known(source: str, external_id: str, *, ask: Ask, is_fresh: bool = False) -> Known:
    """Kept and younger than 24 hours, else asked by `ask` (which gets what is kept, for conditions); `is_fresh` asks anyway.

    Two callers that want one id at once ask once. Raises the `EgressError` or `ProviderDisabled` only when nothing is kept.
    """
    began = timezone.now()
    kept = snapshot_held(source, external_id)
    if kept is not None and not is_fresh and snapshot_is_fresh(kept, began):
        return Known(kept)
    try:
        provider = provider_held(source)
        with flight(f"{source}:{external_id}", seconds=patience().seconds + provider.timeout_seconds + 5) as is_first:
            if not is_first and (kept := snapshot_find(source, external_id)) is not None:
                if kept.checked_at >= began:
                    return Known(kept)
                if kept.failed_at is not None and kept.failed_at >= began:
                    return Known(kept, kept.error_code)
            return Known(_heard(source, external_id, ask(provider, kept), kept))
    except ProviderDisabled as error:
        if kept is None:
            raise
        return Known(kept, error.code)
    except EgressError as error:
        if kept is None:
            raise
        return Known(snapshot_fail(kept, error.code), error.code)


def _heard(source: str, external_id: str, heard: Heard, kept: MetadataSnapshot | None) -> MetadataSnapshot:
    if heard.answer.status == 304 and kept is not None:
        return snapshot_confirm(kept)
    own, *others = heard.names or (external_id,)
    stored = snapshot_store(source, own, heard.answer, payload=heard.payload)
    snapshot_name(source, own, others)
    return stored
