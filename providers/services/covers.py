"""Hashes of covers: made once for each address, for titles of providers and for the catalogue's posters."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from catalog.facade import AnimePoster, anime_posters, posters_after
from core import egress
from core.errors import DomainError
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists
from core.models import Job
from providers.covers.hashing import cover_hash
from providers.errors import ProviderError
from providers.fetching.network import network
from providers.models import CoverHash, Provider, ProviderRole, ProviderTitle

log = structlog.get_logger("covers")

COVERS_JOB = "providers.covers"
FAILED_SECONDS = 3600
"""How long a cover that could not be had, or says nothing, is left alone."""
MAX_BYTES = 5 * 1024 * 1024
_BATCH = 200
_REPORT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Found:
    """`is_known` False: it could not be had. `value` None: nothing is on it."""

    is_known: bool
    value: int | None = None


def title_cover_hash(*, title: ProviderTitle) -> int | None:
    """The hash of a title's cover, fetched when its address is new; kept in the row. Failures and empty pictures are None.

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
    """The hash of an anime's poster: of our own copy where there is one, else fetched. Kept as a `CoverHash` until the poster
    is another one. None without a poster, and for failures and empty pictures. The caller holds no transaction.
    """
    poster = anime_posters([anime_id]).get(anime_id)
    if poster is None:
        return None
    row = CoverHash.objects.filter(anime=anime_id).only("url", "value").first()
    if row is not None and row.url == _address(poster):
        return row.value
    return _poster_hashed(poster)


def poster_hash_keep(*, anime_id: int, value: int | None) -> None:
    """Note the hash of the poster that an anime has now, made where it was fetched anyway, so that nobody reads it again.

    `value` None: there is nothing on it.
    """
    poster = anime_posters([anime_id]).get(anime_id)
    if poster is not None:
        _hash_keep(anime_id, _address(poster), value)


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
    """Walk through the posters of the catalogue; what has its hash is passed by, so that a killed job goes on where it was."""
    hashed = failed = after = 0
    last = time.monotonic()
    context.report(stage="hashing")
    while posters := posters_after(after, limit=_BATCH):
        after = posters[-1].anime_id
        rows = CoverHash.objects.filter(anime__in=[poster.anime_id for poster in posters])
        known = dict(rows.values_list("anime_id", "url"))
        for poster in posters:
            if known.get(poster.anime_id) == _address(poster) or not _is_reachable(poster):
                continue
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
    address = _address(poster)
    found = _hashed(address, lambda: _poster_read(poster))
    if not found.is_known:
        return None
    _hash_keep(poster.anime_id, address, found.value)
    return found.value


def _hash_keep(anime_id: int, address: str, value: int | None) -> None:
    row = CoverHash.objects.filter(anime=anime_id).first()
    if row is not None and (row.url, row.value) == (address, value):
        return
    with transaction.atomic():
        # Replaced, never changed: `covers.lookup` knows new rows by their ids.
        CoverHash.objects.filter(anime=anime_id).delete()
        if value is not None:
            row = CoverHash(anime_id=anime_id, url=address, value=value, hashed_at=timezone.now())
            CoverHash.objects.bulk_create([row], ignore_conflicts=True)


def _hashed(address: str, read: Callable[[], bytes]) -> _Found:
    """The hash of what `read` gives. What failed, or says nothing, is remembered for an hour and not read again."""
    key = f"providers:cover:{hashlib.sha256(address.encode()).hexdigest()}"
    remembered = cache.get(key)
    if remembered is not None:
        return _Found(remembered == "empty")
    try:
        value = cover_hash(read())
    except egress.EgressPaced:
        return _Found(False)  # it is not the cover's fault: the next one who asks may have it
    except (DomainError, OSError) as error:
        log.info("cover_not_hashed", address=address[:200], error=getattr(error, "code", type(error).__name__))
        cache.set(key, "failed", FAILED_SECONDS)
        return _Found(False)
    if value is None:
        cache.set(key, "empty", FAILED_SECONDS)
    return _Found(True, value)


def _poster_read(poster: AnimePoster) -> bytes:
    if file_name := _file_of(poster):
        with default_storage.open(file_name) as file:
            return file.read()
    policy = egress.Policy(
        hosts=(egress.ANY_PUBLIC_HOST,),
        max_bytes=MAX_BYTES,
        rates=(egress.Rate(2, 1.0),),
        max_wait=10.0,
        obeys_robots=True,
        network=network(),
    )
    answer = egress.fetch(poster.url, policy=policy)
    if answer.status != 200:
        raise ProviderError()  # remembered as a failure, told to nobody
    return answer.body


def _address(poster: AnimePoster) -> str:
    """What names the picture: the file of our own copy, else where it lies. Another picture has another one."""
    return _file_of(poster) or poster.url


def _file_of(poster: AnimePoster) -> str:
    """The smallest file of our own copy, which is fine enough; "" where there is none."""
    variants = poster.image.variants if poster.image else {}
    return variants[min(variants, key=int)].get("webp", "") if variants else ""


def _is_reachable(poster: AnimePoster) -> bool:
    return bool(_file_of(poster) or (poster.url and settings.EGRESS_ENABLED))
