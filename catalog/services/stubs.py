"""Anime that somebody names before the catalogue knows them: a row with what little is known, for imports to fill."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, connection, transaction

from catalog.importing.external_sites import id_is_formed
from catalog.importing.languages import language_of
from catalog.importing.matching import ids_find
from catalog.importing.naming import slug_of
from catalog.importing.precedence import IDENTITIES, STUB
from catalog.models import Anime, AnimeKind, ExternalId, FieldProvenance, Rating, Site, Title, TitleKind
from catalog.services.changes import catalog_change_record, catalog_touch

_CHUNK = 50
"""Stubs made in one transaction: SQLite has one writer, and others wait for it."""
_REST = 0.02
"""Seconds between two such transactions, for others to write."""


@dataclass(frozen=True, slots=True)
class StubDraft:
    """What is known: `ids` are (site, id there), at least one of `IDENTITIES` (a stub of a known one is that anime) or a
    title; `episode_count` None is unknown.

    Strangers say it. So ids that are not well-formed and ids of ours are not taken, and an id that does not name one anime
    alone (AniList, AniDB…) only where no anime has it yet.
    """

    title: str
    ids: tuple[tuple[str, str], ...] = ()
    kind: str = AnimeKind.UNKNOWN
    episode_count: int | None = None


def anime_stubs_create(drafts: Sequence[StubDraft]) -> list[int]:
    """Our ids of the drafts, in their order; those that exist by an identity are taken, the others made, 50 a transaction.

    A stub yields every field to any import (rank 0) and is shown nowhere in public until one fills it; its page, its card
    and the lists that hold it work. Of its names and ids only those stay then that the import says too.
    """
    found: list[int] = []
    for start in range(0, len(drafts), _CHUNK):
        if start and not connection.in_atomic_block:
            time.sleep(_REST)
        found += _chunk_create([_cleaned(draft) for draft in drafts[start : start + _CHUNK]])
    return found


def anime_stubs_delete(anime_ids: Iterable[int]) -> int:
    """Delete those that are still stubs and that nobody rated; how many. The caller knows that nothing of its own names them."""
    ids = sorted(anime_ids)
    count = 0
    for start in range(0, len(ids), _CHUNK):
        with transaction.atomic():
            rated = Rating.objects.filter(anime_id__in=ids[start : start + _CHUNK]).values("anime_id")
            stubs = Anime.objects.select_for_update().filter(pk__in=ids[start : start + _CHUNK], origin=STUB)
            stubs = stubs.exclude(pk__in=rated)
            gone = list(stubs.values_list("pk", flat=True))
            Anime.objects.filter(pk__in=gone).delete()
            if gone:
                catalog_change_record(anime_ids=gone)
            count += len(gone)
    return count


def stub_ids_doubt(anime: Anime) -> None:
    """Staff describe a stub themselves: of what strangers said it is elsewhere only its identities stay, until a source
    confirms them too. Ids that staff locked are theirs. The caller holds a transaction.
    """
    noted, is_new = FieldProvenance.objects.get_or_create(anime=anime, field="external_ids", defaults={"source": STUB})
    if is_new or not noted.is_locked:
        ExternalId.objects.filter(anime=anime).exclude(site__in=IDENTITIES).delete()


def _cleaned(draft: StubDraft) -> StubDraft:
    """With the first well-formed id of each site alone; MAL's and Shikimori's are one number, the first that is said."""
    ids: dict[str, str] = {}
    for site, value in draft.ids:
        if site == Site.HIROBA or not id_is_formed(site, value):
            continue
        said = next((ids[twin] for twin in IDENTITIES if twin in ids), value)
        if site not in IDENTITIES or said == value:
            ids.setdefault(site, value)
    return replace(draft, ids=tuple(ids.items()))


def _chunk_create(drafts: Sequence[StubDraft]) -> list[int]:
    with transaction.atomic():
        known = _known(drafts)
        taken = set(ids_find(pair for draft in drafts for pair in draft.ids if pair[0] not in IDENTITIES))
        made: list[int] = []
        found = []
        for draft in drafts:
            anime_id = next((known[pair] for pair in draft.ids if pair in known), None)
            if anime_id is None:
                free = replace(draft, ids=tuple(pair for pair in draft.ids if pair not in taken))
                anime_id, is_new = _stub_create(free)
                made.extend([anime_id] if is_new else [])
                known.update({(s, v): anime_id for site, v in free.ids if site in IDENTITIES for s in IDENTITIES})
                taken.update(pair for pair in free.ids if pair[0] not in IDENTITIES)
            found.append(anime_id)
        catalog_touch(anime_ids=made)
    return found


def _known(drafts: Iterable[StubDraft]) -> dict[tuple[str, str], int]:
    """{identity: our id}; Shikimori's numbers are MAL's, so that either site's is enough."""
    numbers = {value for draft in drafts for site, value in draft.ids if site in IDENTITIES}
    carried = ids_find((site, value) for site in IDENTITIES for value in numbers)
    found: dict[tuple[str, str], int] = {}
    for number in numbers:
        ids = next((ids for site in IDENTITIES if (ids := carried.get((site, number)))), None)
        if ids:
            found.update({(site, number): min(ids) for site in IDENTITIES})
    return found


def _stub_create(draft: StubDraft) -> tuple[int, bool]:
    """(our id, whether it was made). Somebody who made the same one at the same moment wins."""
    try:
        with transaction.atomic():
            title = draft.title.strip()[:500] or "?"
            anime = Anime.objects.create(
                title=title,
                slug=slug_of(title),
                kind=draft.kind if draft.kind in AnimeKind.values else AnimeKind.UNKNOWN,
                episode_count=draft.episode_count or None,
                origin=STUB,
            )
            ExternalId.objects.bulk_create(ExternalId(anime=anime, site=site, value=value) for site, value in draft.ids)
            Title.objects.create(
                anime=anime, text=title, language=language_of(title, latin="ja-Latn"), kind=TitleKind.MAIN
            )
            return anime.pk, True
    except IntegrityError:
        known = _known([draft])
        if not known:
            raise
        return next(iter(known.values())), False
