"""Works out at night which anime are liked by the same people, and stores it."""

import time
from collections.abc import Callable

import structlog
from django.core.cache import cache
from django.db import transaction

from catalog.facade import anime_ids_existing, ratings_each
from core import generation
from core.ids import uuid7
from core.jobs import JobContext, job_kind
from lists.models import AnimeNeighbour
from lists.recommending.neighbours import Neighbours, neighbours_of
from lists.selectors.recommendations import NIGHT

log = structlog.get_logger("recommending")
CHUNK = 200
"""Anime whose neighbours are replaced in one transaction: short enough for SQLite's other writers."""
BREATH = 0.02
"""Seconds of rest after each chunk: where everything runs in one process, pages are answered meanwhile."""


@job_kind("lists.neighbours")
def neighbours_job(context: JobContext) -> dict[str, int]:
    """The nightly job; killed in the middle it begins anew, and until it is done the night before's stand."""
    last = time.monotonic()

    def between(share: float) -> None:
        nonlocal last
        if time.monotonic() - last > 5:
            last = time.monotonic()
            context.report(progress=100 * share)
            time.sleep(BREATH)

    context.report(stage="reading")
    return {"anime": neighbours_rebuild(between=between)}


def neighbours_rebuild(*, between: Callable[[float], None] = lambda share: None) -> int:
    """Compare everybody's ratings and replace what is stored, chunk by chunk. Returns how many anime have neighbours.

    Readers see each anime's old or new neighbours, never none. Anime that lost all their ratings lose their rows.
    """
    began = time.monotonic()
    seen: set[int] = set()
    chunk: list[tuple[int, Neighbours]] = []
    for found in neighbours_of(ratings_each(), between=between):
        chunk.append(found)
        seen.add(found[0])
        if len(chunk) == CHUNK:
            _replace(chunk)
            chunk = []
    _replace(chunk)
    old = set(AnimeNeighbour.objects.values_list("anime_id", flat=True).distinct()) - seen
    for start in range(0, len(old), 500):
        AnimeNeighbour.objects.filter(anime__in=sorted(old)[start : start + 500]).delete()
    cache.set(NIGHT, uuid7().hex, None)
    generation.bump()
    log.info("neighbours_rebuilt", anime=len(seen), seconds=round(time.monotonic() - began, 1))
    return len(seen)


def _replace(chunk: list[tuple[int, Neighbours]]) -> None:
    known = anime_ids_existing({key for anime, near in chunk for key in (anime, *(other for other, _ in near))})
    rows = [
        AnimeNeighbour(anime_id=anime, neighbour_id=other, similarity=similarity)
        for anime, near in chunk
        if anime in known
        for other, similarity in near
        if other in known
    ]
    with transaction.atomic():
        AnimeNeighbour.objects.filter(anime__in=[anime for anime, _near in chunk]).delete()
        AnimeNeighbour.objects.bulk_create(rows, batch_size=1000)
    time.sleep(BREATH)
