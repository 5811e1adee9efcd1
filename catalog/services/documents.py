"""Writing the ready-made JSON of anime."""

import datetime
import hashlib
from collections.abc import Callable, Iterable, Sequence

import orjson
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from catalog.documents import VERSION, card_build, detail_build, facts_load
from catalog.importing.rows import rows_insert
from catalog.models import Anime, AnimeDocument, Episode
from core import generation

BATCH = 500
_COLUMNS = ("anime_id", "card", "detail", "etag", "version", "updated_at")


def documents_rebuild(*, anime_ids: Iterable[int] | None = None) -> int:
    """Write the documents of these anime (None: of all) and remove those of anime that are gone; returns how many were written.

    A constant number of queries per 500 anime, each 500 in a transaction. Whoever calls it for a change uses
    `changes.catalog_touch`.
    """
    if anime_ids is None:
        anime_ids = Anime.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5_000)
    count = 0
    for batch in _batches(sorted(set(anime_ids))):
        with transaction.atomic():
            count += _batch_write(batch)
    return count


def documents_rebuild_stale(*, progress: Callable[[int, float], None] = lambda done, share: None) -> int:
    """Write every document that is missing, marked stale or of an older version; returns how many.

    `progress` gets (documents done, share 0–1) after each batch. Caches notice; the search index does not need to.
    """
    stale = list(
        Anime.objects.filter(merged_into=None)
        .filter(Q(document=None) | ~Q(document__version=VERSION))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    count = 0
    for batch in _batches(stale):
        with transaction.atomic():
            count += _batch_write(batch)
            generation.bump_on_commit()
        progress(count, count / len(stale))
    return count


def documents_rebuild_aired() -> int:
    """Write anew the documents of which an episode has aired since they were written: they name the latest one.

    Looks a year back, the longest that a site may have stood still.
    """
    today = timezone.now().date()
    aired = Episode.objects.filter(
        aired_on__gte=today - datetime.timedelta(days=366),
        aired_on__lte=today,
        aired_on__gt=TruncDate("anime__document__updated_at"),
    )
    with transaction.atomic():
        count = documents_rebuild(anime_ids=set(aired.values_list("anime_id", flat=True)))
        if count:
            generation.bump_on_commit()
    return count


def _batches(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _batch_write(keys: Sequence[int]) -> int:
    moment = timezone.now()
    rows = []
    for facts in facts_load(keys):
        card = card_build(facts)
        detail = orjson.dumps(detail_build(facts, card))
        etag = hashlib.blake2b(detail, digest_size=16).hexdigest()
        rows.append((facts.values["id"], orjson.dumps(card).decode(), detail.decode(), etag, VERSION, moment))
    AnimeDocument.objects.filter(anime_id__in=keys).delete()
    rows_insert(AnimeDocument, _COLUMNS, rows)
    return len(rows)
