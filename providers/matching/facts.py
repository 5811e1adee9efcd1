"""What a page says besides the title: year, type, number of episodes, cover."""

from providers.matching.evidence import Evidence
from providers.matching.index import Facts
from providers.matching.queries import Query
from providers.matching.scoring import Found

COVER_WITHIN = 12
"""Bits of 64 in which covers of one picture differ at most."""
COVER_SAME_WITHIN = 6
_FAMILIES = (
    frozenset({"tv", "tv_short", "ona"}),
    frozenset({"special", "tv_special", "ova", "ona"}),
    frozenset({"movie"}),
    frozenset({"music", "pv", "cm"}),
)


def facts_compare(query: Query, facts: Facts, covers: dict[int, int]) -> Found:
    """Evidence of everything that both know. `covers` are the distances of covers near the query's, by anime."""
    found: Found = []
    if query.year and facts.year:
        distance = abs(query.year - facts.year)
        if distance == 0:
            found.append((Evidence.GIVEN_YEAR_SAME, 1.0))
        else:
            found.append((Evidence.GIVEN_YEAR_NEAR if distance == 1 else Evidence.GIVEN_YEAR_DIFFERS, 1.0))
    if query.kind and facts.kind and "unknown" not in (query.kind, facts.kind):
        is_same = query.kind == facts.kind or any({query.kind, facts.kind} <= family for family in _FAMILIES)
        found.append((Evidence.GIVEN_KIND_SAME if is_same else Evidence.GIVEN_KIND_DIFFERS, 1.0))
    if query.episodes and facts.episodes:
        if query.episodes == facts.episodes:
            found.append((Evidence.GIVEN_EPISODES_SAME, 1.0))
        elif query.episodes > facts.episodes:  # fewer are simply not out yet, or not all there
            found.append((Evidence.GIVEN_EPISODES_DIFFER, 1.0))
    if (bits := covers.get(facts.id)) is not None:
        found.append((Evidence.COVER_SAME if bits <= COVER_SAME_WITHIN else Evidence.COVER_ALIKE, 1.0))
    return found
