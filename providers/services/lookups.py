"""Asking providers because somebody wants to know now: what is known at once, the rest in the background or waited for."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from accounts.facade import User
from core.errors import NotFound, RateLimited
from providers.enriching.ages import TRIED_AGAIN
from providers.errors import TitleGone
from providers.models import Provider, ProviderTitle
from providers.selectors.anime import Known
from providers.services.enrichment import Subject, enrichment_request, is_settled
from providers.services.titles import title_is_missing, title_open
from providers.services.waiting import enrichment_await


@dataclass(frozen=True, slots=True)
class Found:
    """`known` is None while nothing is; `is_cached` when nothing had to be waited for to tell it. `is_wait_refused`: too many
    wait already, so this is what was known at once.
    """

    known: Known | None
    is_cached: bool
    is_enriching: bool
    is_wait_refused: bool = False

    @property
    def is_pending(self) -> bool:
        """Whether there is nothing to tell of providers yet, and there may be soon."""
        return self.is_enriching and not (self.known and self.known.is_known)


def look_up(
    *,
    actor: User,
    read: Callable[[], Known],
    subject: Callable[[], Subject],
    count: Callable[[], None],
    seconds: int = 0,
) -> Found:
    """What `read` knows; what it knows not, or of old, is asked for (`subject`) and waited for, up to `seconds`.

    `count` is called before anything is asked and raises `RateLimited`: then what is known (be it by the catalogue alone) is
    told without asking, and only where nothing is the refusal stands; what else it raises stands. `NotFound` and `TitleGone`
    of `read` stand once asking brought nothing.
    """
    known, missing = _read(read)
    if known is not None and not known.is_stale and not known.is_enriching:
        return Found(known, is_cached=True, is_enriching=False)
    enrichment = known.enrichment if known is not None and known.is_enriching else None
    if enrichment is None:
        try:
            count()
        except RateLimited:
            if known is None:
                raise
            return Found(known, is_cached=True, is_enriching=False)
        enrichment = enrichment_request(key_of=subject())
    awaited = enrichment_await(actor=actor, enrichment=enrichment, seconds=seconds)
    is_enriching = not is_settled(awaited.enrichment)
    is_cached = known is not None and known.is_known and not awaited.has_waited
    if not is_cached:
        known, missing = _read(read)
    if known is None and missing is not None and not is_enriching:
        raise missing
    return Found(known, is_cached=is_cached, is_enriching=is_enriching, is_wait_refused=awaited.is_refused)


def title_subject(*, provider: Provider, slug: str) -> ProviderTitle:
    """The title to ask for, opened when nobody has seen it; raises `TitleGone` for one that was gone within a day."""
    if title_is_missing(provider=provider, slug=slug):
        raise TitleGone()
    title = title_open(provider=provider, slug=slug)
    if title.gone_at is not None and timezone.now() - title.gone_at < TRIED_AGAIN:
        raise TitleGone()
    return title


def _read(read: Callable[[], Known]) -> tuple[Known | None, NotFound | TitleGone | None]:
    try:
        return read(), None
    except (NotFound, TitleGone) as error:
        return None, error
