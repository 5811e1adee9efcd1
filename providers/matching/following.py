"""The index in step with the database: built once, then what changed stands beside it until that is much."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from catalog.facade import (
    CatalogState,
    catalog_changes_since,
    catalog_is_behind,
    catalog_state_now,
    names_of,
)
from core import generation
from providers.matching.candidates import Lead, Search
from providers.matching.evidence import Evidence
from providers.matching.index import Index

OVERLAY_LIMIT = 1_500
"""Changed anime that stand beside the index; with more it is built anew."""
_FOLLOWED = frozenset({Evidence.SEQUEL, Evidence.SIDE})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`base` without the anime in `replaced`, and `overlay` with what they are now."""

    base: Index
    overlay: Index | None = None
    replaced: frozenset[int] = frozenset()

    def search(self, title: str) -> Iterator[tuple[Search, list[Lead]]]:
        """The leads of a title, by index."""
        search = Search(self.base, title)
        leads = search.run()
        if self.overlay is None:
            yield search, leads
            return
        yield search, [lead for lead in leads if self._is_current(lead)]
        beside = Search(self.overlay, title)
        yield beside, beside.run()

    def _is_current(self, lead: Lead) -> bool:
        """An anime that changed may still be reached from another: as what that one is followed by."""
        if lead.anime_id not in self.replaced:
            return True
        is_there = self.overlay is not None and lead.anime_id in self.overlay.facts
        return is_there and lead.evidence[0][0] in _FOLLOWED


class Follower:
    """Keeps the catalogue of one process. Threads wait for the first build and for nothing later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Catalogue | None = None
        self._generation = -1
        self._state: CatalogState | None = None

    def catalogue(self) -> Catalogue:
        """The catalogue as it is now; inside a transaction built for this one call."""
        if connection.in_atomic_block:
            return Catalogue(Index(names_of()))
        held = self._held
        if held is not None and self._generation == generation.current():
            return held
        if not self._lock.acquire(blocking=held is None):
            return held  # type: ignore[return-value]  # another thread is at it: not None, or we had waited
        try:
            return self._follow()
        finally:
            self._lock.release()

    def _follow(self) -> Catalogue:
        now = generation.current()  # read first: what comes later is noticed next time
        held, state = self._held, self._state
        if held is None or state is None:
            held = self._build()
        elif self._generation != now and catalog_is_behind(state):
            changes = catalog_changes_since(state)
            changed = held.replaced | changes.anime_ids
            if changes.is_everything or len(changed) > OVERLAY_LIMIT:
                held = self._build()
            else:
                held = Catalogue(held.base, _overlay(held.base, changed), changed)
                self._state = changes.state
        self._held, self._generation = held, now
        return held

    def _build(self) -> Catalogue:
        self._state = catalog_state_now()
        return Catalogue(Index(names_of()))


def _overlay(base: Index, changed: frozenset[int]) -> Index:
    """An index of the changed anime alone that knows of the others what following them needs."""
    overlay = Index(names_of(changed))
    others = {key: facts for key, facts in base.facts.items() if key not in changed}
    overlay.weights_keep(base)
    overlay.facts = others | overlay.facts
    overlay.scarcity, overlay.scarcity_of_new = base.scarcity, base.scarcity_of_new
    return overlay
