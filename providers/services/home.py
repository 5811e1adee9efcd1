"""Reading the home pages of providers: what airs there now, matched and, where an episode is new, enriched."""

import datetime
from collections.abc import Callable, Collection
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from core import generation
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists
from core.models import Job
from providers.adapters import adapter_classes
from providers.adapters.contract import Capability
from providers.enriching.asking import adapter_of, asked
from providers.errors import ProviderDisabled
from providers.models import MatchState, Provider, ProviderRole, ProviderTitle
from providers.services.enrichment import enrichment_request
from providers.services.episode_sources import sources_sync
from providers.services.matching import title_match
from providers.services.titles import cards_store, title_gone

HOME_JOB = "providers.home"
QUEUE = "providers"


def home_request(*, provider: Provider) -> Job:
    """Have the home page read soon, whenever it was last; who asks twice gets the same job.

    Raises `ProviderDisabled`, and `CapabilityMissing` for an adapter without home pages.
    """
    if not provider.is_enabled:
        raise ProviderDisabled()
    adapter_of(provider, Capability.HOME)
    try:
        return job_enqueue(
            kind=HOME_JOB, payload={"provider": provider.name}, unique_key=provider.name, queue=QUEUE, max_attempts=3
        )
    except JobExists as exists:
        return Job.objects.get(id=exists.extra["job_id"])


def homes_request_due() -> int:
    """Enqueue the home pages whose last look, well or not, is `refresh_minutes` ago; how many. Two queries and what is due."""
    able = [name for name, found in adapter_classes().items() if Capability.HOME in found.capabilities]
    rows = Provider.objects.filter(role=ProviderRole.TITLES, is_enabled=True, adapter__in=able)
    now = timezone.now()
    waiting = [row for row in rows if row.home_at is None or _is_due(row, row.home_at, now)]
    looks = Job.objects.filter(kind=HOME_JOB, unique_key__in=[row.name for row in waiting]).order_by()
    last_look = dict(looks.values("unique_key").annotate(at=Max("created_at")).values_list("unique_key", "at"))
    due = [row for row in waiting if row.name not in last_look or _is_due(row, last_look[row.name], now)]
    for row in due:
        home_request(provider=row)
    return len(due)


def _is_due(provider: Provider, moment: datetime.datetime, now: datetime.datetime) -> bool:
    return now - moment >= datetime.timedelta(minutes=provider.refresh_minutes)


def home_refresh(*, provider: Provider, beat: Callable[[], None] = lambda: None) -> int:
    """Read the home page and store what it lists; how many of its titles had something new, 0 for the page as it was known.

    Titles nobody looked at yet are matched; those whose episodes were never read, that have a newer one since, or that were
    gone are enriched. `beat` is called between steps. A page that cannot be had or read leaves the last known list as it was.
    """
    with asked(provider, "home", beat) as ask:
        adapter = adapter_of(provider, Capability.HOME)
        page = adapter.home(ask)
    titles = cards_store(provider=provider, cards=page.cards, is_home=True)
    if titles and not adapter.is_remote and not page.has_next:
        _unlisted_go(provider, beat)
    followed = _titles_follow_up([title.pk for title in titles], beat)
    if followed:
        generation.bump_on_commit()  # the calendar and the news show what was seen
    provider.home_at = timezone.now()
    Provider.objects.filter(pk=provider.pk).update(home_at=provider.home_at)
    return followed


def _unlisted_go(provider: Provider, beat: Callable[[], None]) -> None:
    """The library lists all that it has: a title that it lists no more (a folder that is a shelf now, or was renamed) is gone,
    and so are its ways to play. Other providers' home pages list a part.
    """
    for title in ProviderTitle.objects.filter(provider=provider, home_rank=None, gone_at=None).exclude(title=""):
        beat()
        with transaction.atomic():
            title_gone(title=title)
            sources_sync(title=title)


def _titles_follow_up(title_ids: Collection[int], beat: Callable[[], None]) -> int:
    """Do what the rows say is undone, so that a look that was cut short is finished by the next; to how many titles."""
    stored = ProviderTitle.objects.filter(pk__in=title_ids).select_related("provider", "anime").order_by("home_rank")
    unmatched = list(stored.filter(match_state=MatchState.OPEN))
    is_back = Q(gone_at__isnull=False)
    unread = list(stored.filter(Q(episodes_at__isnull=True) | Q(released_at__gt=F("episodes_at")) | is_back))
    for title in unmatched:
        beat()
        title_match(title=title)
    for title in unread:
        beat()
        enrichment_request(key_of=title)
    return len({title.pk for title in (*unmatched, *unread)})


@job_kind(HOME_JOB)
def home_work(context: JobContext) -> dict[str, Any]:
    """The job: one provider's home page."""
    context.report(stage="home")
    provider = Provider.objects.get(name=context.payload["provider"])
    return {"titles": home_refresh(provider=provider, beat=context.report)}
