"""Reading the home pages of providers: what airs there now, matched and, where an episode is new, enriched."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from core.jobs import JobContext, job_enqueue
from core.jobs.errors import JobExists
from core.models import Job
from providers.adapters import adapter_class, adapter_classes
from providers.adapters.contract import Ask, Capability
from providers.errors import CapabilityMissing, ProviderDisabled
from providers.fetching.pages import Page
from providers.models import MatchState, Provider, ProviderRole, ProviderTitle

HOME_JOB = "providers.home"
QUEUE = "providers"


class WatchedAsk:
    """An `Ask` that notices whether all pages it read are the ones that were stored by `known_at` already (304)."""

    def __init__(self, ask: Ask, known_at: datetime.datetime | None) -> None:
        self._ask = ask
        self._known_at = known_at
        self._pages: list[bool] = []

    @property
    def base_url(self) -> str:
        return self._ask.base_url

    @property
    def options(self) -> Mapping[str, Any]:
        return self._ask.options

    @property
    def is_unchanged(self) -> bool:
        """Whether pages were read and none of them says anything new."""
        return bool(self._pages) and all(self._pages)

    def get(self, address: str) -> Page:
        return self._noticed(self._ask.get(address))

    def post(self, address: str, form: Mapping[str, str]) -> Page:
        return self._noticed(self._ask.post(address, form))

    def _noticed(self, page: Page) -> Page:
        is_known = page.is_unchanged and self._known_at is not None and page.fetched_at <= self._known_at
        self._pages.append(is_known)
        return page


def home_request(*, provider: Provider) -> Job:
    """Have the home page read soon, whenever it was last; who asks twice gets the same job.

    Raises `ProviderDisabled`, and `CapabilityMissing` for an adapter without home pages.
    """
    if not provider.is_enabled:
        raise ProviderDisabled()
    found = adapter_class(provider.adapter)
    if found is None or Capability.HOME not in found.capabilities:
        raise CapabilityMissing()
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
    waiting = [row for row in rows if row.home_at is None or _is_past(row.home_at, row, now)]
    tried = Job.objects.filter(kind=HOME_JOB, unique_key__in=[row.name for row in waiting]).order_by("created_at")
    last = dict(tried.values_list("unique_key", "created_at")) if waiting else {}
    due = [row for row in waiting if row.name not in last or _is_past(last[row.name], row, now)]
    for row in due:
        home_request(provider=row)
    return len(due)


def _is_past(moment: datetime.datetime, provider: Provider, now: datetime.datetime) -> bool:
    return now - moment >= datetime.timedelta(minutes=provider.refresh_minutes)


def home_refresh(*, provider: Provider, report: Callable[[float], None] = lambda progress: None) -> int:
    """Read the home page and store what is there; how many titles it names, 0 when it is the page that was stored before.

    Titles nobody looked at yet are matched; those whose episodes were never read, or have a newer one since, are enriched.
    `report` is told 0–100. Whatever fails before the page is understood leaves the last known list as it was.
    """
    from providers.fetching.asking import ask_of
    from providers.services.titles import cards_store

    found = adapter_class(provider.adapter)
    if found is None or Capability.HOME not in found.capabilities:
        raise CapabilityMissing()
    ask = WatchedAsk(ask_of(provider), provider.home_at)
    page = found().home(ask)
    if ask.is_unchanged:
        _home_seen(provider)
        return 0
    titles = cards_store(provider=provider, cards=page.cards, is_home=True)
    _titles_follow_up({title.pk for title in titles}, report)
    _home_seen(provider)
    return len(titles)


def _titles_follow_up(title_ids: Iterable[int], report: Callable[[float], None]) -> None:
    """What rows say is undone is done: so a run that was killed half-way is finished by the next."""
    from providers.services.enrichment import enrichment_request
    from providers.services.matching import title_match

    stored = ProviderTitle.objects.filter(pk__in=title_ids)
    unread = Q(episodes_at__isnull=True) | Q(released_at__gt=F("episodes_at"))
    matched = list(stored.filter(match_state=MatchState.OPEN).select_related("provider"))
    behind = set(stored.filter(unread).values_list("pk", flat=True))
    for done, title in enumerate(matched):
        title_match(title=title)
        report(50 * (done + 1) / len(matched))
    for done, title in enumerate(stored.filter(pk__in=behind).select_related("provider", "anime")):
        enrichment_request(key_of=title)
        report(50 + 50 * (done + 1) / len(behind))


def _home_seen(provider: Provider) -> None:
    provider.home_at = timezone.now()
    Provider.objects.filter(pk=provider.pk).update(home_at=provider.home_at)


def home_work(context: JobContext) -> dict[str, Any]:
    """The job: one provider's home page."""
    provider = Provider.objects.get(name=context.payload["provider"])
    context.report(stage="home", progress=1)
    count = home_refresh(provider=provider, report=lambda progress: context.report(stage="titles", progress=progress))
    return {"titles": count}
