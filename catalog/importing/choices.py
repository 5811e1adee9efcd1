"""Plans where staff have chosen a source for some fields: the choice stands in for the ranks there."""

from collections.abc import Mapping
from typing import Any

from catalog.importing.planning import AnimePlan, Planner
from catalog.importing.precedence import RANKS
from catalog.importing.records import AnimeRecord
from catalog.importing.stored import StoredAnime


def plan_chosen(
    planner: Planner, record: AnimeRecord, stored: StoredAnime | None, chosen: Mapping[str, str]
) -> AnimePlan:
    """The importer's plan, with staff's choices (`chosen`: field → source) standing in for ranks."""
    if stored is None:
        return planner.plan(record, None)
    own = {name for name in chosen if chosen[name] == planner.source and _says(record, name)}
    holders = dict(stored.holders)
    for name, source in chosen.items():
        holder, is_locked = stored.holder_of(name)
        if is_locked:
            continue
        if name in own:
            stored.holders[name] = (planner.source, False)
        elif source != planner.source:
            stored.holders[name] = (holder, True)
    plan = planner.plan(record, stored)
    is_open = not stored.holder_of("relations")[1]
    stored.holders = holders
    if plan.relations and is_open:
        plan.relations = [draft for draft in plan.relations if ("mal", str(draft.mal_id)) not in stored.ids]
    for name in own & set(plan_names(plan)):
        if holders.get(name, (stored.origin, False))[0] != planner.source:
            plan.provenance[name] = planner.source
    if planner.source not in RANKS and plan.origin:
        # An anime never becomes the work of a site with episodes, whoever had it before.
        plan.origin, plan.provenance = None, dict.fromkeys(plan_names(plan), planner.source)
    return plan


def plan_names(plan: AnimePlan) -> tuple[str, ...]:
    """The fields and collections that a plan writes, by name."""
    names = {name for name, rows in (*plan.inserts.items(), *plan.deletes.items()) if rows}
    names = {{"scores": "external_scores", "pending": "relations"}.get(name, name) for name in names}
    names |= set(plan.values) if plan.stored else {name for name in plan.values if _says(plan.record, name)}
    names |= {"titles"} if plan.demoted_titles else set()
    names |= {"external_scores"} if plan.rescored else set()
    names |= {"relations"} if plan.relations else set()
    return tuple(sorted(names))


def _says(record: AnimeRecord, name: str) -> bool:
    """Whether the record has anything to say of a field or collection."""
    said: dict[str, Any] = {
        "external_ids": record.ids,
        "official_links": record.links,
        "titles": record.titles,
        "genres": record.genres,
        "tags": record.tags,
        "studios": record.studios,
        "relations": record.relations,
        "broadcasts": record.broadcasts,
    }
    return bool(said[name]) if name in said else record.fields.get(name) not in (None, "", False)
