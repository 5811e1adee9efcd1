"""Hashes of covers: made once for each address, for titles of providers and for the catalogue's posters."""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage

from catalog.facade import AnimePoster, anime_posters, posters_after
from core import egress
from core.errors import DomainError
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists
from core.models import Job
from providers.covers.hashing import cover_hash
from providers.models import CoverHash, Provider, ProviderRole, ProviderTitle
from providers.services.poster_hashes import poster_address, poster_file, poster_hash, poster_hash_keep
from providers.services.posters import HostRests, poster_fetch

log = structlog.get_logger("covers")

COVERS_JOB = "providers.covers"
FAILED_SECONDS = 3600
"""How long a cover that could not be had, or says nothing, is left alone."""
LONGEST_SECONDS = 3600.0
"""Of one job: other hosts set the pace of posters that are not here yet, and the next night goes on."""
_BATCH = 200
_REPORT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Found:
    """`is_known` False: it could not be had. `value` None: nothing is on it."""

    is_known: bool
    value: int | None = None


def title_cover_hash(*, title: ProviderTitle) -> int | None:
    """The hash of a title's cover, fetched when its address is new; kept in the row. Lasting failures and empty pictures are
    None; failures that pass (`egress.PASSING`) are raised and not remembered.

    The caller holds no transaction: another host is asked.
    """
    url = title.cover_url
    if not url:
        return None
    if title.cover_hashed_url == url:
        return title.cover_hash
    from providers.fetching.pictures import picture_fetch

    found = _hashed(url, lambda: picture_fetch(title.provider, url)) if settings.EGRESS_ENABLED else _Found(False)
    if not found.is_known:
        return None
    title.cover_hash, title.cover_hashed_url = found.value, url
    ProviderTitle.objects.filter(pk=title.pk, cover_url=url).update(cover_hash=found.value, cover_hashed_url=url)
    return found.value


def anime_cover_hash(*, anime_id: int) -> int | None:
    """The hash of an anime's poster: of our own copy, which is fetched first where there is none. Kept as a `CoverHash` until
    the poster is another one. None without a poster, and for failures and empty pictures. The caller holds no transaction.
    """
    poster = anime_posters([anime_id]).get(anime_id)
    if poster is None:
        return None
    value = poster_hash(poster)
    return _poster_hashed(poster) if value is None else value


def covers_request() -> Job | None:
    """Have all posters hashed that are not, in the background; None when that is being done already."""
    try:
        return job_enqueue(kind=COVERS_JOB, unique_key="all", queue="providers")
    except JobExists:
        return None


def covers_request_due() -> Job | None:
    """As `covers_request`, while some provider of titles is on: without one there is nothing to compare posters with."""
    is_needed = Provider.objects.filter(role=ProviderRole.TITLES, is_enabled=True).exists()
    return covers_request() if is_needed else None


@job_kind(COVERS_JOB)
def covers_job(context: JobContext) -> dict[str, int]:
    """Walk through the posters of the catalogue, those that are not here yet are fetched and stored on the way; what has its
    hash is passed by, so that a killed job, or the next one after `LONGEST_SECONDS`, goes on where it was.
    """
    hashed = failed = after = 0
    last = begun = time.monotonic()
    context.report(stage="hashing")
    while posters := posters_after(after, limit=_BATCH):
        after = posters[-1].anime_id
        rows = CoverHash.objects.filter(anime__in=[poster.anime_id for poster in posters])
        known = dict(rows.values_list("anime_id", "url"))
        for poster in posters:
            if known.get(poster.anime_id) == poster_address(poster) or not _is_reachable(poster):
                continue
            if time.monotonic() - begun > LONGEST_SECONDS:
                return {"hashed": hashed, "failed": failed}
            if _poster_hashed(poster) is None:
                failed += 1
            else:
                hashed += 1
            if time.monotonic() - last > _REPORT_SECONDS:
                last = time.monotonic()
                context.report()
        context.report()
    return {"hashed": hashed, "failed": failed}


def _poster_hashed(poster: AnimePoster) -> int | None:
    if not _is_reachable(poster):
        return None
    if not (file_name := poster_file(poster)):
        return _poster_fetched(poster.anime_id)
    found = _hashed(file_name, lambda: _file_read(file_name))
    if found.is_known:
        poster_hash_keep(poster=poster, value=found.value)
    return found.value


def _poster_fetched(anime_id: int) -> int | None:
    """One download gives the stored poster and its hash; failures are remembered where posters are."""
    with suppress(HostRests):
        poster_fetch(anime_id=anime_id)
    poster = anime_posters([anime_id]).get(anime_id)
    return poster_hash(poster) if poster else None


def _hashed(address: str, read: Callable[[], bytes]) -> _Found:
    """The hash of what `read` gives. What failed for good, or says nothing, is remembered for an hour and not read again."""
    key = f"providers:cover:{hashlib.sha256(address.encode()).hexdigest()}"
    remembered = cache.get(key)
    if remembered is not None:
        return _Found(remembered == "empty")
    try:
        value = cover_hash(read())
    except egress.PASSING:
        raise  # it is not the cover's fault: the next one who asks may have it
    except (DomainError, OSError) as error:
        log.info("cover_not_hashed", address=address[:200], error=getattr(error, "code", type(error).__name__))
        cache.set(key, "failed", FAILED_SECONDS)
        return _Found(False)
    if value is None:
        cache.set(key, "empty", FAILED_SECONDS)
    return _Found(True, value)


def _file_read(file_name: str) -> bytes:
    with default_storage.open(file_name) as file:
        return file.read()


def _is_reachable(poster: AnimePoster) -> bool:
    return bool(poster_file(poster) or (poster.url and settings.EGRESS_ENABLED))
