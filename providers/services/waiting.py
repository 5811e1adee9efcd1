"""Waiting within a request for an enrichment to end: few at once, so that threads stay free for everybody else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from accounts.facade import User
from providers.models import Enrichment
from providers.services.enrichment import enrichment_wait, is_settled

_waiting: set[UUID] = set()
_changing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Awaited:
    """The row, after a wait if `has_waited`; `is_refused` when there was no place to wait at."""

    enrichment: Enrichment
    has_waited: bool = False
    is_refused: bool = False


def waiters_most() -> int:
    """How many requests of this process may wait at once: a third of its threads, none where there is but one."""
    return max(1, settings.REQUEST_THREADS // 3) if settings.REQUEST_THREADS > 1 else 0


def enrichment_await(*, actor: User, enrichment: Enrichment, seconds: float) -> Awaited:
    """Wait until it has ended, for up to `seconds` (0: not at all), as long as there is a place and `actor` holds no other.

    Like `enrichment_wait` it holds no transaction; call it outside of one.
    """
    if not seconds or is_settled(enrichment):
        return Awaited(enrichment)
    with _place(actor.pk) as is_free:
        if not is_free:
            return Awaited(enrichment, is_refused=True)
        return Awaited(enrichment_wait(enrichment=enrichment, seconds=seconds), has_waited=True)


@contextmanager
def _place(account_id: UUID) -> Iterator[bool]:
    """One of the places of this process, held by this account; False when none is free for it."""
    with _changing:
        is_free = len(_waiting) < waiters_most() and account_id not in _waiting
        if is_free:
            _waiting.add(account_id)
    try:
        yield is_free
    finally:
        if is_free:
            with _changing:
                _waiting.discard(account_id)
