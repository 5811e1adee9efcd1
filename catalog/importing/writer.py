"""Storing a batch of planned anime: bulk statements inside the caller's transaction."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models

from catalog.importing.matching import DECISIVE, ids_find
from catalog.importing.planning import AnimePlan, now
from catalog.importing.rows import rows_delete, rows_insert, rows_update
from catalog.importing.stored import FIELDS
from catalog.models import (
    Anime,
    AnimeDocument,
    AnimeStudio,
    AnimeTag,
    BroadcastRule,
    ExternalId,
    ExternalScore,
    FieldProvenance,
    OfficialLink,
    PendingRelation,
    Relation,
    Site,
    Title,
    TitleKind,
)

CHILDREN: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "titles": (Title, ("text", "language", "kind", "position")),
    "external_ids": (ExternalId, ("site", "value")),
    "scores": (ExternalScore, ("site", "value", "votes")),
    "genres": (Anime.genres.through, ("genre_id",)),
    "tags": (AnimeTag, ("tag_id", "rank", "is_spoiler")),
    "studios": (AnimeStudio, ("studio_id", "role")),
    "broadcasts": (BroadcastRule, ("site", "first_at", "ends_at", "period_days", "timezone", "first_episode")),
    "official_links": (OfficialLink, ("site", "url", "regions")),
    "relations": (Relation, ("to_anime_id", "kind")),
    "pending": (PendingRelation, ("kind", "mal_id", "title")),
}
"""Collection → its table and the columns after the anime's id, in the order of the plans' rows."""


def plans_write(plans: Iterable[AnimePlan]) -> dict[int, AnimePlan]:
    """Store every plan that is not empty; gives back the plans by the id of their anime.

    The documents of what changed are marked stale, not rebuilt. The caller holds a transaction.
    """
    plans = [plan for plan in plans if not plan.is_empty]
    if not plans:
        return {}
    moment = now()
    ids = _anime_store(plans, moment)
    written = dict(zip(ids, plans, strict=True))
    _children_delete(plans)
    _children_insert(written, moment)
    _small_updates(plans, moment)
    _provenance_store(written, moment)
    resolved = _relations_store(written)
    documents_stale({*ids, *resolved})
    return written


def documents_stale(anime_ids: Iterable[int]) -> None:
    """Mark documents for `documents_rebuild_stale`; they are served as they are until then."""
    AnimeDocument.objects.filter(anime_id__in=list(anime_ids)).update(version=0)


def _anime_store(plans: list[AnimePlan], moment: datetime.datetime) -> list[int]:
    """Create the new anime, update the others; their ids in the order of `plans`."""
    new = [plan for plan in plans if plan.stored is None]
    created = Anime.objects.bulk_create(
        [
            Anime(
                **plan.values,
                origin=plan.origin or "",
                external_scores_synced_at=moment if plan.touches_scores else None,
            )
            for plan in new
        ]
    )
    ids = iter(anime.pk for anime in created)
    rows, keys = [], []
    for plan in plans:
        stored = plan.stored
        keys.append(stored.id if stored else next(ids))
        if stored and (plan.values or plan.origin):
            values = {**stored.values, **plan.values}
            rows.append((*(values[name] for name in FIELDS), plan.origin or stored.origin, stored.id))
    rows_update(Anime, (*FIELDS, "origin"), rows)
    changed = [plan.stored.id for plan in plans if plan.stored]
    Anime.objects.filter(pk__in=changed).update(updated_at=moment)
    rescored = [plan.stored.id for plan in plans if plan.stored and plan.touches_scores]
    Anime.objects.filter(pk__in=rescored).update(external_scores_synced_at=moment)
    return keys


def _children_delete(plans: list[AnimePlan]) -> None:
    gone: dict[str, list[int]] = defaultdict(list)
    for plan in plans:
        for name, keys in plan.deletes.items():
            gone[name].extend(keys)
    for name, keys in gone.items():
        rows_delete(CHILDREN[name][0], keys)


def _children_insert(written: dict[int, AnimePlan], moment: datetime.datetime) -> None:
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for anime_id, plan in written.items():
        for name, tails in plan.inserts.items():
            rows[name].extend((anime_id, *tail) for tail in tails)
    rows["external_ids"] = _ids_free(rows["external_ids"])
    for name, found in rows.items():
        model, columns = CHILDREN[name]
        if name == "scores":
            columns, found = (*columns, "synced_at"), [(*row, moment) for row in found]
        rows_insert(model, ("anime_id", *columns), found)


def _ids_free(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Without the identities that another anime already has (a MAL or Shikimori id names one anime)."""
    taken = set(ids_find((site, value) for _, site, value in rows if site in DECISIVE))
    free = []
    for row in rows:
        pair = row[1:]
        if pair[0] in DECISIVE:
            if pair in taken:
                continue
            taken.add(pair)
        free.append(row)
    return free


def _small_updates(plans: list[AnimePlan], moment: datetime.datetime) -> None:
    demoted = [key for plan in plans for key in plan.demoted_titles]
    Title.objects.filter(pk__in=demoted).update(kind=TitleKind.OFFICIAL)
    rows_update(
        ExternalScore,
        ("value", "votes", "synced_at"),
        [(value, votes, moment, key) for plan in plans for value, votes, key in plan.rescored],
    )


def _provenance_store(written: dict[int, AnimePlan], moment: datetime.datetime) -> None:
    rows = [
        FieldProvenance(anime_id=anime_id, field=name, source=source, set_at=moment)
        for anime_id, plan in written.items()
        for name, source in plan.provenance.items()
    ]
    FieldProvenance.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["anime", "field"], update_fields=["source", "set_at"]
    )


def _relations_store(written: dict[int, AnimePlan]) -> set[int]:
    """Store relations whose target is there and keep the others pending; the anime whose pending ones came true."""
    drafts = [(anime_id, draft) for anime_id, plan in written.items() for draft in plan.relations]
    targets = ids_find((Site.MAL.value, str(draft.mal_id)) for _, draft in drafts)
    relations, pending = [], []
    for anime_id, draft in drafts:
        target = next(iter(targets.get((Site.MAL.value, str(draft.mal_id)), ())), None)
        if target is None:
            pending.append((anime_id, draft.kind, draft.mal_id, draft.title))
        elif target != anime_id:
            relations.append((anime_id, target, draft.kind))
    rows_insert(Relation, ("from_anime_id", "to_anime_id", "kind"), relations, ignore_conflicts=True)
    rows_insert(PendingRelation, ("from_anime_id", "kind", "mal_id", "title"), pending, ignore_conflicts=True)
    return pending_resolve(
        {
            int(value): key
            for key, plan in written.items()
            for site, value in plan.inserts.get("external_ids", ())
            if site == Site.MAL
        }
    )


def pending_resolve(arrived: dict[int, int]) -> set[int]:
    """Turn pending relations to the MAL ids in `arrived` (→ anime id) into relations; the anime that they are of."""
    waiting = list(
        PendingRelation.objects.filter(mal_id__in=list(arrived)).values_list("pk", "from_anime_id", "kind", "mal_id")
    )
    rows = [(source, arrived[mal_id], kind) for _, source, kind, mal_id in waiting if source != arrived[mal_id]]
    rows_insert(Relation, ("from_anime_id", "to_anime_id", "kind"), rows, ignore_conflicts=True)
    rows_delete(PendingRelation, [key for key, *_ in waiting])
    return {source for _, source, *_ in waiting}
