"""Anime that somebody names before the catalogue knows them: a row with what little is known, for imports to fill."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from catalog.importing.languages import language_of
from catalog.importing.matching import ids_find
from catalog.importing.naming import slug_of
from catalog.importing.precedence import STUB
from catalog.models import Anime, AnimeKind, ExternalId, Title, TitleKind
from catalog.services.changes import catalog_touch

IDENTITIES = ("mal", "shikimori", "hiroba")
"""Ids of these sites name one anime each (a constraint): a stub of a known one is that anime."""


@dataclass(frozen=True, slots=True)
class StubDraft:
    """What is known: `ids` are (site, id there), at least one of `IDENTITIES` or a title; `episode_count` None is unknown."""

    title: str
    ids: tuple[tuple[str, str], ...] = ()
    kind: str = AnimeKind.UNKNOWN
    episode_count: int | None = None


def anime_stubs_create(drafts: Sequence[StubDraft]) -> list[int]:
    """Our ids of the drafts, in their order; those that exist by an identity are taken, the others made.

    A stub yields every field to any import (rank 0) and stands in the catalogue like every other anime until then.
    """
    with transaction.atomic():
        known = _known(drafts)
        made: list[int] = []
        found = []
        for draft in drafts:
            anime_id = next((known[pair] for pair in draft.ids if pair in known), None)
            if anime_id is None:
                anime_id, is_new = _stub_create(draft)
                made.extend([anime_id] if is_new else [])
                known.update({pair: anime_id for pair in draft.ids if pair[0] in IDENTITIES})
            found.append(anime_id)
        catalog_touch(anime_ids=made)
    return found


def _known(drafts: Iterable[StubDraft]) -> dict[tuple[str, str], int]:
    pairs = [pair for draft in drafts for pair in draft.ids if pair[0] in IDENTITIES]
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(pairs), 400):
        found.update({pair: min(ids) for pair, ids in ids_find(pairs[start : start + 400]).items() if ids})
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
            ExternalId.objects.bulk_create(
                ExternalId(anime=anime, site=s, value=v[:64]) for s, v in dict.fromkeys(draft.ids)
            )
            Title.objects.create(
                anime=anime, text=title, language=language_of(title, latin="ja-Latn"), kind=TitleKind.MAIN
            )
            return anime.pk, True
    except IntegrityError:
        known = _known([draft])
        if not known:
            raise
        return next(iter(known.values())), False
