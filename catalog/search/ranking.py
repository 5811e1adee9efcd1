"""How alike a query and a name are: edit distance, beginnings, word order, parts; popularity only decides near-ties."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from catalog.search.normalise import Key

PREFIX_WEIGHT = 0.97
TOKEN_SORT_WEIGHT = 0.9
PART_WEIGHT = 0.85
PRIOR_WEIGHT = 0.03
"""What the most popular anime gains over an unknown one: less than one edit in thirty characters."""


def prefix_similarity(query: str, name: str) -> float:
    """0–1: how well `query` is the beginning of `name`, whatever follows (both without spaces)."""
    length = len(query)
    if len(name) < length - 2:
        return 0.0
    best = min(OSA.distance(query, name[:size]) for size in (length - 1, length, length + 1) if size > 0)
    return 1.0 - best / length


class Ranker:
    """Scores names against one query that was folded in one or more ways."""

    def __init__(self, keys: list[Key]) -> None:
        self._forms = [(key.words, key.compact, _sorted_words(key.words)) for key in keys]

    def score(self, words: str, prior: float) -> float:
        """0–1.03: 1 is the very name; `words` is the folded name, `prior` its popularity (0–1)."""
        compact = words.replace(" ", "")
        return max(self._alike(form, words, compact) for form in self._forms) + PRIOR_WEIGHT * prior

    @staticmethod
    def _alike(form: tuple[str, str, str], words: str, compact: str) -> float:
        query, query_compact, query_sorted = form
        best = OSA.normalized_similarity(query_compact, compact)
        if best == 1.0:
            return best
        best = max(best, PREFIX_WEIGHT * prefix_similarity(query_compact, compact))
        if " " in query:
            best = max(best, TOKEN_SORT_WEIGHT * Levenshtein.normalized_similarity(query_sorted, _sorted_words(words)))
            best = max(best, PART_WEIGHT * fuzz.token_set_ratio(query, words) / 100)
        if len(query_compact) < len(compact):
            best = max(best, PART_WEIGHT * fuzz.partial_ratio(query_compact, compact, score_cutoff=best * 100) / 100)
        return best


def _sorted_words(words: str) -> str:
    return " ".join(sorted(words.split(" ")))
