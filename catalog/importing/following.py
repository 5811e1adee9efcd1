"""What is stored, followed in memory while plans are written: only what they touched is read again."""

from collections.abc import Mapping

from catalog.importing.planning import AnimePlan
from catalog.importing.stored import StoredAnime, stored_reload

_PARTS = {"external_ids": "ids", "official_links": "links", "pending": "relations"}
"""Collections of plans whose part of `StoredAnime` is called something else."""


def stored_follow(stored: dict[int, StoredAnime], plans: Mapping[int, AnimePlan]) -> None:
    """Make `stored` say what the plans, which were written, made of it. A query or two for each part that changed."""
    parts: set[str] = set()
    for key, plan in plans.items():
        found = stored[key]
        found.values = {**found.values, **plan.values}
        found.origin = plan.origin or found.origin
        for name, source in plan.provenance.items():
            found.holders[name] = (source, found.holder_of(name)[1])
        parts |= {_PARTS.get(name, name) for name in (*plan.inserts, *plan.deletes)}
        parts |= {"titles"} if plan.demoted_titles else set()
        parts |= {"scores"} if plan.rescored else set()
        # New ids make relations of others come true that waited for them.
        parts |= {"relations"} if plan.relations or "external_ids" in plan.inserts else set()
    stored_reload(stored, parts)
