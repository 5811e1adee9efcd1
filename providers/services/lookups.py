"""Asking providers because somebody wants to know now: what is known at once, the rest in the background or waited for."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from core.errors import NotFound, RateLimited
from providers.errors import TitleGone
from providers.models import Provider, ProviderTitle
from providers.selectors.anime import TRIED_AGAIN, Known
from providers.services.enrichment import Subject, enrichment_request, enrichment_wait, is_settled
from providers.services.titles import title_open

WAITERS = 8
"""So many people of one process may wait at once; whoever comes then is told what is known."""
_places = threading.BoundedSemaphore(WAITERS)


@dataclass(frozen=True, slots=True)
class Found:
    """`known` is None while nothing is; `is_cached` when nothing had to be waited for to tell it."""

    known: Known | None
    is_cached: bool
    is_enriching: bool

    @property
    def is_pending(self) -> bool:
        """Whether there is nothing to tell of providers yet, and there may be soon."""
        return self.is_enriching and not (self.known and self.known.is_known)


def look_up(
    *, read: Callable[[], Known], subject: Callable[[], Subject], count: Callable[[], None], seconds: int = 0
) -> Found:
    """What `read` knows; what it knows not, or of old, is asked for (`subject`) and waited for, up to `seconds`.

    `count` is called before anything is asked and raises `RateLimited`: then what is known is told without asking, and only
    where nothing is known the refusal stands. `NotFound` and `TitleGone` of `read` stand once asking brought nothing.
    """
    known, missing = _read(read)
    if known is not None and not known.is_stale and not known.is_enriching:
        return Found(known, is_cached=True, is_enriching=False)
    enrichment = known.enrichment if known is not None and known.is_enriching else None
    if enrichment is None:
        try:
            count()
        except RateLimited:
            if known is None or not known.is_known:
                raise
            return Found(known, is_cached=True, is_enriching=False)
        enrichment = enrichment_request(key_of=subject())
    has_waited = False
    if seconds and not is_settled(enrichment) and _places.acquire(blocking=False):
        try:
            enrichment = enrichment_wait(enrichment=enrichment, seconds=seconds)
            has_waited = True
        finally:
            _places.release()
    is_enriching = not is_settled(enrichment)
    is_cached = known is not None and known.is_known and not has_waited
    if not is_cached:
        known, missing = _read(read)
    if known is None and missing is not None and not is_enriching:
        raise missing
    return Found(known, is_cached=is_cached, is_enriching=is_enriching)


def title_subject(*, provider: Provider, slug: str) -> ProviderTitle:
    """The title to ask for, opened when nobody has seen it; raises `TitleGone` for one that was gone within a day."""
    title = title_open(provider=provider, slug=slug)
    if title.gone_at is not None and timezone.now() - title.gone_at < TRIED_AGAIN:
        raise TitleGone()
    return title


def _read(read: Callable[[], Known]) -> tuple[Known | None, NotFound | TitleGone | None]:
    try:
        return read(), None
    except (NotFound, TitleGone) as error:
        return None, error
