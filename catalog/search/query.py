"""Answers a query from one snapshot of the index: candidates, re-ranked, one hit for each anime."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from catalog.search.engine import HEAD_LENGTH, Candidate, Snapshot
from catalog.search.normalise import is_season_only, query_keys, script_of
from catalog.search.ranking import Ranker

CANDIDATES = 200
MAX_CANDIDATES = 1_000
"""Names that are re-ranked: the first number for a page of hits, more when more anime are asked for."""
SCORE_FLOOR = 0.6
SHORT_SCORE_FLOOR = 0.5
"""Names less alike than this are noise and never shown; the lower one is for queries of up to six characters."""


SURE = 0.95
"""With a name this much alike at hand, nobody looks for misspellings."""

MISSPELT_LENGTH = 10
"""Characters up to which misspellings are looked for one by one; longer queries keep enough n-grams."""


class _Scored(NamedTuple):
    score: float
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Hit:
    """An anime that was found, by which of its names, and how sure (0–1.03; 1 is the exact name)."""

    anime_id: int
    matched_title: str
    score: float


def answer(snapshot: Snapshot, query: str, *, limit: int, adult: bool = False, hidden: bool = False) -> list[Hit]:
    """The best `limit` anime for `query`, best first. Empty for a query without a letter or digit; never raises on one."""
    keys = query_keys(query)
    if not keys or limit < 1:
        return []
    scope = {"adult": adult, "hidden": hidden}
    wide = min(MAX_CANDIDATES, max(CANDIDATES, limit))
    if season := is_season_only(query):
        seasonal = snapshot.of_season(season, limit=wide, **scope)
        return _best((_Scored(0.9 + 0.1 * candidate.prior, candidate) for candidate in seasonal), limit)
    ranker = Ranker(keys)
    found = snapshot.similar(keys, limit=wide, **scope)
    for compact in {key.compact for key in keys if len(key.compact) <= HEAD_LENGTH}:
        found += snapshot.named(compact, limit=CANDIDATES // 4, **scope)
        found += snapshot.beginning("^" + compact, limit=wide // 2, **scope)
        found += snapshot.beginning(compact, limit=wide // 2, **scope)
    scored = _scored(found, ranker)
    if max((item.score for item in scored), default=0.0) < SURE:
        scored += _scored(_misspelt(snapshot, keys[0].compact, scope), ranker)
    return _best(scored, limit, floor=SHORT_SCORE_FLOOR if len(keys[0].compact) <= 6 else SCORE_FLOOR)


def _misspelt(snapshot: Snapshot, compact: str, scope: dict[str, bool]) -> list[Candidate]:
    """Names a slip or two away, for queries so short that a slip leaves hardly an n-gram whole."""
    length, is_cjk = len(compact), script_of(compact) == "cjk"
    if not (2 if is_cjk else 3) <= length <= MISSPELT_LENGTH:
        return []
    wide = 3 * CANDIDATES // 2 if length <= HEAD_LENGTH else CANDIDATES // 2
    found = snapshot.misspelt(compact, edits=1, is_prefix=True, limit=wide, **scope)
    edits = 2 if length >= (4 if is_cjk else 5) else 1
    found += snapshot.misspelt(compact, edits=edits, is_prefix=False, limit=CANDIDATES // 2, **scope)
    if is_cjk:
        found += snapshot.containing(compact, limit=CANDIDATES // 2, **scope)
    return found


def _scored(found: list[Candidate], ranker: Ranker) -> list[_Scored]:
    return [_Scored(ranker.score(candidate.words, candidate.prior), candidate) for candidate in found]


def _best(scored: Iterable[_Scored], limit: int, *, floor: float = 0.0) -> list[Hit]:
    """One hit for each anime, by its best name."""
    best: dict[int, _Scored] = {}
    for item in scored:
        held = best.get(item.candidate.anime_id)
        if item.score >= floor and (held is None or item.score > held.score):
            best[item.candidate.anime_id] = item
    ordered = sorted(best.values(), key=lambda item: (-item.score, item.candidate.anime_id))[:limit]
    return [Hit(item.candidate.anime_id, item.candidate.title, round(item.score, 4)) for item in ordered]
