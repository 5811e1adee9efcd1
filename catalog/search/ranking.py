"""How alike a query and a name are: edit distance, beginnings, word order, parts; popularity only decides near-ties."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from catalog.search.normalise import Key, script_of

# What the ways of being alike are worth beside the very name (1). Chosen on the query set and on what people type.
PREFIX_WEIGHT = 0.97
WHOLE_WORDS_WEIGHT = 0.96
TOKEN_SORT_WEIGHT = 0.9
PART_WEIGHT = 0.85

PRIOR_WEIGHT = 0.04
"""What the most popular anime gains over an unknown one: one edit in twenty-five characters."""

NUMBER_PENALTY = 0.03
"""For a name that lacks a number of the query: `titan 3` means the third, however alike the others are."""


FOREIGN_PENALTY = 0.03
"""For each character, up to two, of a short mistyped CJK query that the name lacks. Not for alphabets: all names have those."""

SHORT_LENGTH = 10


def prefix_similarity(query: str, name: str) -> float:
    """0–1: how well `query` is the beginning of `name`, whatever follows (both without spaces)."""
    length = len(query)
    if len(name) < length - 2:
        return 0.0
    edits = min(OSA.distance(query, name[:size]) for size in (length - 1, length, length + 1) if size > 0)
    return 1.0 - edits / length


class _Form:
    """One way of folding the query, with all that is compared prepared once."""

    __slots__ = ("compact", "is_short_cjk", "numbers", "padded", "sorted", "words")

    def __init__(self, key: Key) -> None:
        self.words = key.words
        self.compact = key.compact
        self.is_short_cjk = len(key.compact) <= SHORT_LENGTH and script_of(key.compact) == "cjk"
        self.padded = f" {key.words} "
        tokens = key.words.split(" ")
        self.sorted = " ".join(sorted(tokens)) if len(tokens) > 1 else ""
        self.numbers = {token for token in tokens if token.isdecimal()}

    def alike(self, words: str, compact: str) -> float:
        """0–1 for a folded name, with and without its spaces."""
        best = OSA.normalized_similarity(self.compact, compact)
        if best == 1.0:
            return best
        best = max(best, PREFIX_WEIGHT * prefix_similarity(self.compact, compact))
        # Each way is tried only while it could still win: these lines run for every candidate of every query.
        if len(self.compact) < len(compact) and best < WHOLE_WORDS_WEIGHT and self.padded in f" {words} ":
            best = WHOLE_WORDS_WEIGHT
        if self.sorted and best < TOKEN_SORT_WEIGHT:
            name_sorted = " ".join(sorted(words.split(" ")))
            best = max(best, TOKEN_SORT_WEIGHT * Levenshtein.normalized_similarity(self.sorted, name_sorted))
        if best < PART_WEIGHT:
            needed = 100 * best / PART_WEIGHT
            if self.sorted:
                best = max(best, PART_WEIGHT * fuzz.token_set_ratio(self.words, words, score_cutoff=needed) / 100)
            if len(self.compact) < len(compact):
                best = max(best, PART_WEIGHT * fuzz.partial_ratio(self.compact, compact, score_cutoff=needed) / 100)
        if best < TOKEN_SORT_WEIGHT and self.is_short_cjk:
            best -= FOREIGN_PENALTY * min(2, sum(character not in compact for character in self.compact))
        if self.numbers and not self.numbers.issubset(words.split(" ")):
            best -= NUMBER_PENALTY
        return best


class Ranker:
    """Scores names against one query that was folded in one or more ways."""

    def __init__(self, keys: list[Key]) -> None:
        self._forms = [_Form(key) for key in keys]

    def score(self, words: str, prior: float) -> float:
        """0–1.04: 1 is the very name; `words` is the folded name, `prior` its popularity (0–1)."""
        compact = words.replace(" ", "")
        return max(form.alike(words, compact) for form in self._forms) + PRIOR_WEIGHT * prior
