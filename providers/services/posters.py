"""Posters of anime: fetched from where services say they lie, stored here, hashed from the same bytes."""

import datetime
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from catalog.facade import AnimePoster, anime_poster_set, anime_posters, posters_missing
from core import egress
from core.egress.urls import url_read
from core.errors import DomainError
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists, JobRetry
from core.media.images import image_store
from core.models import Job
from providers.covers.hashing import cover_hash
from providers.errors import ProviderError
from providers.fetching.network import network
from providers.metadata.clients import clients_enabled
from providers.models import PosterCopy, Provider, ProviderRole
from providers.services.positions import counts_sum, position_keep
from providers.services.poster_hashes import poster_hash_keep

log = structlog.get_logger("posters")

POSTERS_JOB = "providers.posters"
QUEUE = "providers"
BATCH = 40
"""Posters of one run: there is one every 15 minutes, and storing one takes a processor a fifth of a second."""
ATTEMPTS = 4
"""How often a run is tried, waits for hosts included; what it leaves undone a later one does."""
MAX_BYTES = 5 * 1024 * 1024
RATE = egress.Rate(1, 1.0)
"""For all posters, whoever wants them: the jobs of posters and of covers, and enrichments."""
MISSING_AGE = datetime.timedelta(days=7)
"""How long a poster that is not there, or no picture, is left alone."""
FAILED_AGE = datetime.timedelta(hours=1)
"""How long one is left alone whose host did not answer properly."""
LONGEST_DELAY = 900.0
_DEFAULT_DELAY = 60.0
_HOST_FAILS = (egress.EgressTimeout, egress.EgressUnavailable, egress.EgressBadAnswer)

STORED, FAILED, KEPT = "stored", "failed", "kept"
"""What comes of a poster: it is new here, it could not be had, there was nothing to do."""


class HostRests(Exception):
    """The poster's host wants to be left alone for `delay` seconds, or is by our circuit breaker."""

    def __init__(self, delay: float) -> None:
        super().__init__(delay)
        self.delay = delay


@dataclass(slots=True)
class Fetched:
    """`counts` by what came of a poster; `left` are anime whose hosts rest, for `delay` seconds."""

    counts: dict[str, int] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)
    delay: float = 0.0

    def add(self, anime_id: int) -> None:
        """Fetch this one's, too."""
        try:
            outcome = poster_fetch(anime_id=anime_id)
        except HostRests as rest:
            self.left.append(anime_id)
            self.delay = max(self.delay, rest.delay)
        else:
            self.counts[outcome] = self.counts.get(outcome, 0) + 1


def posters_request() -> Job | None:
    """Have missing posters fetched in the background; None while that is done, and when there is none or nobody to ask."""
    return _enqueue("due", {}) if _is_on() and posters_due(limit=1) else None


def poster_request(anime_id: int) -> Job | None:
    """Have the poster of one anime fetched if it has none here or a new one; None when there is nothing to do or it is being
    done. Cheap, and may be called inside a transaction.
    """
    poster = anime_posters([anime_id]).get(anime_id)
    copy = PosterCopy.objects.filter(anime=anime_id).first()
    if poster is None or not _is_due(poster, copy) or not _is_on():
        return None
    return _enqueue(str(anime_id), {"anime_ids": [anime_id]})


def posters_due(*, limit: int) -> list[int]:
    """The anime whose posters should be fetched next: those without one first, then those whose poster is another now."""
    now = timezone.now()
    resting = dict(PosterCopy.objects.filter(again_at__gt=now).values_list("anime_id", "url"))
    due = [anime_id for anime_id, url in posters_missing() if resting.get(anime_id) != url][:limit]
    ours = PosterCopy.objects.filter(image_id=F("anime__poster_id"), anime__merged_into=None)
    ours = ours.filter(~Q(url=F("anime__poster_url")) | Q(again_at__lte=now)).exclude(anime__poster_url="")
    changed = ours.order_by("-anime__popularity", "anime_id").values_list("anime_id", flat=True)
    return [*due, *changed[: limit - len(due)]]


def posters_fetch(*, anime_ids: Sequence[int], keep: Callable[[int, Fetched], object] | None = None) -> Fetched:
    """Fetch and store the posters of these anime, one after the other; `keep` is called with (how many, what came of them)
    before each. Those of hosts that rest are left. The caller holds no transaction.
    """
    fetched = Fetched()
    for position, anime_id in enumerate(anime_ids):
        if keep is not None:
            keep(position, fetched)
        fetched.add(anime_id)
    return fetched


@job_kind(POSTERS_JOB)
def posters_work(context: JobContext) -> dict[str, int]:
    """The job: what is due is found out once; a run that is taken over goes on behind the last poster."""
    start = {"position": 0, "left": [], "delay": 0.0, "counts": {}}
    if "anime_ids" not in context.payload:
        context.payload = {"anime_ids": posters_due(limit=BATCH), **context.payload}
    before: dict[str, Any] = {**start, **context.payload}
    anime_ids, position = before["anime_ids"], before["position"]

    def keep(done: int, fetched: Fetched) -> None:
        context.payload = {**before, "position": position + done, **_sum(before, fetched)}
        position_keep(context, stage="fetching")

    found = _sum(before, posters_fetch(anime_ids=anime_ids[position:], keep=keep))
    if not found["left"]:
        return found["counts"]
    if context.attempt >= ATTEMPTS:
        _left_note(found["left"])
        return {**found["counts"], "left": len(found["left"])}
    context.payload = {**start, "anime_ids": found["left"], "counts": found["counts"]}
    position_keep(context, stage="fetching")
    delay = min(LONGEST_DELAY, max(found["delay"], 15.0 * 2**context.attempt))
    raise JobRetry(f"asked again in {delay:.0f} s", code="hosts_rest", delay=delay)


def poster_fetch(*, anime_id: int) -> str:
    """Fetch and store the poster of an anime unless that is done, was decided by people or failed lately: `STORED`, `FAILED`
    or `KEPT`. Raises `HostRests`. The caller holds no transaction: another host is asked.
    """
    poster = anime_posters([anime_id]).get(anime_id)
    copy = PosterCopy.objects.filter(anime=anime_id).first()
    if poster is None or not _is_due(poster, copy):
        return KEPT
    try:
        data = _picture(poster.url)
        value = cover_hash(data)
        image = image_store(file=data, purpose="poster")
    except DomainError as error:
        if delay := _rest(error):
            raise HostRests(delay) from error
        log.info("poster_not_fetched", anime_id=anime_id, url=poster.url[:200], error=error.code)
        age = FAILED_AGE if isinstance(error, _HOST_FAILS) else MISSING_AGE
        _failure_keep(anime_id, poster.url, error.code, age)
        return FAILED
    former_id = None if poster.image is None else poster.image.pk
    with transaction.atomic():
        if not anime_poster_set(anime_id=anime_id, image=image, url=poster.url, former_id=former_id):
            # Somebody was faster, or decided otherwise: the poster is none of ours any more.
            PosterCopy.objects.filter(anime=anime_id).exclude(image_id=F("anime__poster_id")).delete()
            return KEPT
        values = {"url": poster.url, "image_id": image.pk, "error": "", "again_at": None}
        PosterCopy.objects.update_or_create(anime_id=anime_id, defaults=values)
        poster_hash_keep(poster=anime_posters([anime_id])[anime_id], value=value)
    return STORED


def _is_on() -> bool:
    return settings.EGRESS_ENABLED and bool(clients_enabled())


def _enqueue(key: str, payload: dict[str, Any]) -> Job | None:
    try:
        return job_enqueue(kind=POSTERS_JOB, payload=payload, unique_key=key, queue=QUEUE, max_attempts=ATTEMPTS)
    except JobExists:
        return None


def _is_due(poster: AnimePoster, copy: PosterCopy | None) -> bool:
    if not poster.url or (poster.image is not None and (copy is None or copy.image_id != poster.image.pk)):
        return False
    if copy is None or copy.url != poster.url:
        return True
    return poster.image is None if copy.again_at is None else copy.again_at <= timezone.now()


def _picture(url: str) -> bytes:
    """What lies there, not looked into. Also over http or at another port where an operator's own service does so."""
    schemes, ports = {"https"}, {443}
    rows = Provider.objects.filter(role=ProviderRole.METADATA, is_enabled=True)
    for base_url in rows.values_list("base_url", flat=True):
        with suppress(egress.EgressRefused):
            service = url_read(base_url)
            schemes.add(service.scheme)
            ports.add(service.port)
    policy = egress.Policy(
        hosts=(egress.ANY_PUBLIC_HOST,),
        schemes=tuple(schemes),
        ports=tuple(ports),
        max_bytes=MAX_BYTES,
        rates=(RATE,),
        max_wait=10.0,
        total_seconds=25.0,
        obeys_robots=True,
        network=network(),
    )
    answer = egress.fetch(url, policy=policy)
    if answer.status != 200:
        raise ProviderError()  # remembered as a failure, told to nobody
    return answer.body


def _rest(error: DomainError) -> float:
    """Seconds that the host is left alone; 0 when the failure is about this picture."""
    said = float(error.headers.get("Retry-After", 0))
    if isinstance(error, egress.EgressPaced):
        return said or _DEFAULT_DELAY
    return said if isinstance(error, egress.EgressUnavailable) else 0.0


def _failure_keep(anime_id: int, url: str, code: str, age: datetime.timedelta) -> None:
    """The picture that is there, if any, stays."""
    values = {"url": url, "error": code, "again_at": timezone.now() + age}
    PosterCopy.objects.update_or_create(anime_id=anime_id, defaults=values)


def _left_note(anime_ids: Sequence[int]) -> None:
    """Posters of hosts that rest for long make room for others in the next runs."""
    for poster in anime_posters(anime_ids).values():
        _failure_keep(poster.anime_id, poster.url, egress.EgressPaced.code, FAILED_AGE)


def _sum(before: dict[str, Any], fetched: Fetched) -> dict[str, Any]:
    return {
        "counts": counts_sum(before["counts"], fetched.counts),
        "left": [*before["left"], *fetched.left],
        "delay": max(before["delay"], fetched.delay),
    }
