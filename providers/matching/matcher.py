"""The matcher of this process: which anime a title is, how sure that is, and why."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from providers.matching.candidates import Lead, Search
from providers.matching.decision import confidence_of, decision_of
from providers.matching.facts import COVER_WITHIN, facts_compare
from providers.matching.following import Catalogue, Follower
from providers.matching.index import Facts
from providers.matching.marks import Marks
from providers.matching.queries import Query
from providers.matching.reasons import CLOSE_SECOND, SHARED_NAME, reasons_of
from providers.matching.scoring import Found
from providers.matching.weights import WEIGHTS

CANDIDATES = 5
_ALTERNATIVES = 8
"""Other titles of a query that are looked at."""
_ALTERNATIVE_COST = 0.6
_CLOSE = 0.7
ALONE = 9.0
"""The margin of a candidate that is the only one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An anime that it may be; `confidence` 0–100 as if nothing better was there."""

    anime_id: int
    confidence: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """`decision` is `auto` (take it), `queue` (ask a person) or `none`; `anime_id` is the best guess even of a `none`, None
    when nothing is alike at all. `candidates` are at most five, best first.
    """

    anime_id: int | None = None
    mal_id: int | None = None
    confidence: int = 0
    decision: str = "none"
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class _Scored:
    """The best way to one anime."""

    score: float
    evidence: Found
    facts: Facts
    marks: Marks = field(default_factory=Marks)


class Matcher:
    """Matches against the catalogue as it was when this was made. Nothing in it changes: threads share it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def match(self, query: Query) -> Match:
        """Never raises on any text; the cover is looked up in the database when the query has one."""
        covers = _covers(query.cover_hash)
        ranked = sorted(self._scored(query, covers).values(), key=lambda one: (-one.score, one.facts.id))
        if not ranked:
            return Match()
        first = ranked[0]
        margin = first.score - ranked[1].score if len(ranked) > 1 else ALONE
        confidence = confidence_of(first.evidence, score=first.score, margin=margin)
        reasons = self._reasons(first, query, covers)
        if margin < _CLOSE:
            is_shared = ranked[1].evidence[0][0] is first.evidence[0][0]
            reasons += (SHARED_NAME if is_shared else CLOSE_SECOND,)
        candidates = [Candidate(first.facts.id, confidence, reasons)]
        for one in ranked[1:CANDIDATES]:
            behind = confidence_of(one.evidence, score=one.score, margin=one.score - first.score)
            candidates.append(Candidate(one.facts.id, behind, self._reasons(one, query, covers)))
        return Match(
            first.facts.id, first.facts.mal_id, confidence, decision_of(confidence), reasons, tuple(candidates)
        )

    def match_many(self, queries: Iterable[Query]) -> list[Match]:
        """In the order of the queries."""
        return [self.match(query) for query in queries]

    def _scored(self, query: Query, covers: dict[int, int]) -> dict[int, _Scored]:
        best: dict[int, _Scored] = {}
        for place, title in enumerate((query.title, *query.alternative_titles[:_ALTERNATIVES])):
            cost = _ALTERNATIVE_COST if place else 0.0
            for search, leads in self._catalogue.search(title):
                for lead in leads:
                    self._take(best, search, lead, cost)
        for one in best.values():
            if extra := facts_compare(query, one.facts, covers):
                one.evidence = one.evidence + extra
                one.score += sum(WEIGHTS[piece] * amount for piece, amount in extra)
        return best

    def _take(self, best: dict[int, _Scored], search: Search, lead: Lead, cost: float) -> None:
        score = -cost
        for piece, amount in lead.evidence:
            score += WEIGHTS[piece] * amount
        known = best.get(lead.anime_id)
        if known is None or score > known.score:
            best[lead.anime_id] = _Scored(score, lead.evidence, search.index.facts[lead.anime_id], search.name.marks)

    @staticmethod
    def _reasons(one: _Scored, query: Query, covers: dict[int, int]) -> tuple[str, ...]:
        return reasons_of(one.evidence, query=query, marks=one.marks, facts=one.facts, covers=covers)


def _covers(value: int | None) -> dict[int, int]:
    if value is None:
        return {}
    from providers.covers.lookup import covers_near

    return dict(covers_near(value, within=COVER_WITHIN))


_follower = Follower()
_lock = threading.Lock()
_kept: tuple[Catalogue, Matcher] | None = None


def matcher() -> Matcher:
    """The matcher for the catalogue as it is now.

    Building takes seconds and happens once a process; later changes are taken over anime by anime. Ask outside a
    transaction: inside one it is built anew and not kept, since what is seen there may never be committed.
    """
    global _kept
    catalogue = _follower.catalogue()
    with _lock:
        if _kept is None or _kept[0] is not catalogue:
            _kept = (catalogue, Matcher(catalogue))
        return _kept[1]
