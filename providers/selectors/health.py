"""How providers do: the last hours of their hosts, what their breakers say, what waits for a person."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db.models import Count, Max
from django.utils import timezone

from core import egress
from providers.models import HostHour, MatchState, PageFailure, Provider, ProviderTitle

HOURS = 48


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in some time. Times are milliseconds; `success` is 0–100, None when nothing was asked."""

    requests: int = 0
    failures: int = 0
    blocked: int = 0
    unread: int = 0
    paced: int = 0
    unchanged: int = 0
    milliseconds: int = 0
    slowest: int = 0

    @property
    def success(self) -> int | None:
        """The share of requests that ended in a page that could be read."""
        if not self.requests:
            return None
        bad = min(self.requests, self.failures + self.blocked + self.unread)
        return round(100 * (self.requests - bad) / self.requests)

    @property
    def mean(self) -> int | None:
        """Milliseconds of a request on average."""
        return round(self.milliseconds / self.requests) if self.requests else None


@dataclass(slots=True)
class HostHealth:
    host: str
    counts: Counts
    state: egress.HostState


@dataclass(slots=True)
class ProviderHealth:
    """One provider. `hours` holds (hour, counts) of the last 48, the oldest first, empty ones too."""

    provider: Provider
    counts: Counts
    hosts: list[HostHealth] = field(default_factory=list)
    hours: list[tuple[datetime.datetime, Counts]] = field(default_factory=list)
    titles: int = 0
    queued: int = 0
    last_failure: PageFailure | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing needs a look: off, or asked and answering."""
        if any(host.state.state != "closed" for host in self.hosts):
            return False
        return self.counts.success is None or self.counts.success >= 80


_SUMS = ("requests", "failures", "blocked", "unread", "paced", "unchanged", "milliseconds")


def providers_health(providers: Iterable[Provider], *, now: datetime.datetime | None = None) -> list[ProviderHealth]:
    """The health of the providers over the last 48 hours, in their order; four queries, whatever their number."""
    now = now or timezone.now()
    rows = list(providers)
    since = now.replace(minute=0, second=0, microsecond=0) - datetime.timedelta(hours=HOURS - 1)
    by_hour, by_host = _hours_of(rows, since)
    titles = _titles_of(rows)
    failures = _failures_of(rows)
    return [
        ProviderHealth(
            provider=row,
            counts=_total(by_host[row.pk].values()),
            hosts=[
                HostHealth(host, counts, egress.host_state(host))
                for host, counts in sorted({**_own_host(row), **by_host[row.pk]}.items())
            ],
            hours=[
                (hour, by_hour[row.pk].get(hour, Counts()))
                for hour in (since + datetime.timedelta(hours=n) for n in range(HOURS))
            ],
            titles=titles[row.pk][0],
            queued=titles[row.pk][1],
            last_failure=failures.get(row.pk),
        )
        for row in rows
    ]


def host_of(provider: Provider) -> str:
    """The host that a provider lives at, with its port where the address names one; "" for one without an address."""
    return urlsplit(provider.base_url).netloc.rpartition("@")[2].lower()


def queue_length() -> int:
    """How many titles wait for a person's decision: those that `queue.next_queued` gives one after the other."""
    return ProviderTitle.objects.filter(match_state=MatchState.QUEUED, gone_at=None).count()


def _own_host(provider: Provider) -> dict[str, Counts]:
    host = host_of(provider)
    return {host: Counts()} if host else {}


def _hours_of(
    rows: list[Provider], since: datetime.datetime
) -> tuple[dict[int, dict[datetime.datetime, Counts]], dict[int, dict[str, Counts]]]:
    found = HostHour.objects.filter(provider__in=rows, hour__gte=since).order_by()
    hours: dict[int, dict[datetime.datetime, Counts]] = defaultdict(dict)
    hosts: dict[int, dict[str, Counts]] = defaultdict(dict)
    for provider_id, host, hour, *numbers in found.values_list("provider_id", "host", "hour", *_SUMS, "slowest"):
        counts = Counts(**dict(zip((*_SUMS, "slowest"), numbers, strict=True)))
        hours[provider_id][hour] = _total([hours[provider_id].get(hour, Counts()), counts])
        hosts[provider_id][host] = _total([hosts[provider_id].get(host, Counts()), counts])
    return hours, hosts


def _total(parts: Iterable[Counts]) -> Counts:
    found = list(parts)
    sums = {name: sum(getattr(part, name) for part in found) for name in _SUMS}
    return Counts(**sums, slowest=max((part.slowest for part in found), default=0))


def _titles_of(rows: list[Provider]) -> dict[int, tuple[int, int]]:
    counted: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    states = ProviderTitle.objects.filter(provider__in=rows, gone_at=None).order_by()
    for provider_id, state, number in states.values_list("provider_id", "match_state").annotate(n=Count("pk")):
        titles, queued = counted[provider_id]
        counted[provider_id] = (titles + number, queued + (number if state == MatchState.QUEUED else 0))
    return counted


def _failures_of(rows: list[Provider]) -> dict[int, PageFailure]:
    newest = PageFailure.objects.filter(provider__in=rows).order_by().values("provider").annotate(pk_=Max("pk"))
    found = PageFailure.objects.filter(pk__in=[one["pk_"] for one in newest]).defer("body")
    return {failure.provider_id: failure for failure in found}


__all__ = ["HOURS", "Counts", "HostHealth", "ProviderHealth", "host_of", "providers_health", "queue_length"]
