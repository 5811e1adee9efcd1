"""The names of many anime in memory: marks in arrays, found by hashed keys on several levels and by n-grams."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log, log10
from sys import intern

import numpy as np

from catalog.facade import AnimeName, NamedAnime, Names
from providers.matching.grams import Grams, Ints
from providers.matching.marks import KIND_BITS
from providers.matching.normalise import Name, heads_of, name_read, tails_of

_TELEVISION = re.compile(r" ?\(TV\)", re.IGNORECASE)
"""A title without this mark means the series: it is a name of its own."""
_MASK = (1 << 63) - 1
_RANKS = {"main": 0, "official": 1, "short": 2, "synonym": 2}
OTHER_LANGUAGE = 3
UNKNOWN, LENT_LESS = 1.0, 0.3
"""The weight of what nobody follows, and how much lighter than the season before it a season is, as a rule."""
WHOLE, HEAD, WITHOUT_TV, TAIL = range(4)
"""Where a name comes from: a title as it stands, the beginning of one, one without "(TV)", the end of a main title."""
PARTS = frozenset({HEAD, TAIL})
_FAMILIAR = frozenset({"en", "ja-Latn", "ja", "und"})


class Level:
    """Keys of one kind as sorted hashes, beside the names that have them."""

    __slots__ = ("_hashes", "_order")

    def __init__(self, keys: Iterable[str]) -> None:
        hashes = np.fromiter((hash(key) & _MASK for key in keys), dtype=np.int64)
        order = np.argsort(hashes, kind="stable")
        self._hashes: Ints = hashes[order]
        self._order = order.astype(np.int32)

    def find(self, key: str) -> list[int]:
        """The names whose key this is."""
        value = hash(key) & _MASK
        start = self._hashes.searchsorted(value)
        if start == len(self._hashes) or self._hashes[start] != value:
            return []
        return self._order[start : self._hashes.searchsorted(value, "right")].tolist()


def bag(words: list[str]) -> str:
    """The key of words in any order."""
    return " ".join(sorted(words))


@dataclass(slots=True)
class Facts:
    """What is known of an anime besides its names; `weight` is the power of ten of the people who follow it, `lent` what it
    would be after the seasons before, where nobody is known to (0: unlike them, or not asked).
    """

    id: int
    mal_id: int | None
    kind: str
    year: int | None
    episodes: int | None
    weight: float
    lent: float = 0.0

    @classmethod
    def of(cls, row: NamedAnime) -> "Facts":
        return cls(row.id, row.mal_id, row.kind, row.year, row.episode_count, log10(row.popularity + 10))


class Index:
    """The names of some anime. `words`, `anime`, `rank`, `origin`, `season`, `part`, `kinds`, `symbols` and `text` (strict) are
    by name; a name's beginning before a colon is a name too, and so are a main title's end and a name without its "(TV)".
    `facts` are by anime, `sequels` and `sides` (side stories, summaries) lead from one anime to others; `scarcity` is by word.
    """

    def __init__(self, source: Names) -> None:
        self.facts = {row.id: Facts.of(row) for row in source.anime.values()}
        self.sequels: dict[int, list[int]] = defaultdict(list)
        self.sides: dict[int, list[int]] = defaultdict(list)
        for origin, target, kind in source.relations:
            if kind == "sequel":
                self.sequels[origin].append(target)
            elif kind == "parent":
                self.sides[target].append(origin)
            else:
                self.sides[origin].append(target)
        self.weights_lend()
        self._fill(list(_read(source.names)))

    def weights_lend(self) -> None:
        """Seasons that nobody is known to follow, such as those just announced, are followed like what they continue."""
        unknown = {key for key, facts in self.facts.items() if facts.weight <= UNKNOWN}
        front = [key for key in self.sequels if key in self.facts and key not in unknown]
        while front:
            following = []
            for key in front:
                weight = max(self.facts[key].weight, self.facts[key].lent) - LENT_LESS
                for target in self.sequels.get(key, ()):
                    if target in unknown and weight > max(UNKNOWN, self.facts[target].lent):
                        self.facts[target] = replace(self.facts[target], lent=weight)
                        following.append(target)
            front = following

    def weights_keep(self, base: "Index") -> None:
        """What was lent in `base` stays lent: what an anime continues is not known to an index of a few."""
        for key, facts in self.facts.items():
            if facts.weight <= UNKNOWN and not facts.lent and key in base.facts:
                self.facts[key] = replace(facts, lent=base.facts[key].lent)

    def _fill(self, read: list[tuple[AnimeName, Name, int]]) -> None:
        self.anime = [row.anime_id for row, _, _ in read]
        self.rank = bytes(_rank(row) for row, _, _ in read)
        self.origin = bytes(origin for _, _, origin in read)
        self.words = [" ".join(name.words) for _, name, _ in read]
        self.season = bytes(name.marks.season for _, name, _ in read)
        self.part = bytes(name.marks.part for _, name, _ in read)
        self.kinds = bytes(name.marks.kinds for _, name, _ in read)
        self.year = [name.marks.year for _, name, _ in read]
        self.symbols = [intern(name.symbols) for _, name, _ in read]
        self.text = [name.strict for _, name, _ in read]
        self.written = Level(name.written for _, name, _ in read)
        self.strict = Level(name.strict for _, name, _ in read)
        self.full = Level(name.full for _, name, _ in read)
        self.base = Level(name.base for _, name, _ in read)
        self.bag = Level(bag(name.words) for _, name, _ in read)
        self.grams = Grams([name.base for _, name, _ in read])
        counts = Counter(word for words in dict.fromkeys(self.words) for word in set(words.split()))
        total = max(1, len(self.facts))
        self.scarcity = {word: log(1 + total / count) for word, count in counts.items() if count > 1}
        self.scarcity_of_new = log(1 + total)


def _read(names: Iterable[AnimeName]) -> Iterable[tuple[AnimeName, Name, int]]:
    for row in names:
        name = name_read(row.text)
        if not name.strict:
            continue
        yield row, name, WHOLE
        if name.marks.kinds & KIND_BITS["tv"] and (bare := _TELEVISION.sub("", row.text)) != row.text:
            yield row, name_read(bare), WITHOUT_TV
        for head in heads_of(row.text, name):
            yield row, head, HEAD
        if _rank(row) == 0:
            for tail in tails_of(row.text):
                yield row, tail, TAIL


def _rank(row: AnimeName) -> int:
    rank = _RANKS.get(row.kind, 2)
    return rank if rank == 0 or row.language in _FAMILIAR else OTHER_LANGUAGE
