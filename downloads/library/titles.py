"""The catalogue's titles, asked for many names at once."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalog.facade import NamedAnime, Names, names_of, title_fold, title_season_fold, titles_search_many

WHOLE_FROM = 150
"""From so many different titles on, all names of the catalogue are read at once instead of looked for one by one."""
NEAR = 6
MIN_RATIO = 80.0
_UNKEPT = re.compile(r"[\s_.:/\\?*<>|\"]+")
_RANKS = {"main": 3, "official": 2}


@dataclass(frozen=True, slots=True)
class TitleHit:
    """An anime that has the name, or one like it. `likeness` 0–100 (100: the very name), `rank` 3 the main title, 2 an official
    one, 1 a synonym or another language's. `is_written`: with the same signs, too ("K-ON!" is not "K-ON!!").
    """

    anime_id: int
    likeness: float
    rank: int
    is_written: bool = False


class TitleBook:
    """Names of one scan. `prepare` tells it what will be asked, so that a series of 50 files costs one look-up."""

    def __init__(self) -> None:
        self.anime: dict[int, NamedAnime] = {}
        self.sequels: dict[int, set[int]] = defaultdict(set)
        self._exact: dict[str, dict[int, int]] = {}
        self._written: dict[str, set[int]] = {}
        self._by_anime: dict[int, list[tuple[str, int]]] = defaultdict(list)
        self._hits: dict[str, list[TitleHit]] = {}
        self._is_whole = False

    def prepare(self, titles: Iterable[str]) -> None:
        """Look up what is not known yet of these titles."""
        asked = sorted({title for title in titles if title and title not in self._hits})
        if len(asked) >= WHOLE_FROM:
            self.take_whole(names_of)
        wanted = [title for title in asked if not self._is_whole or key_of(title) not in self._exact]
        found = titles_search_many(wanted, limit=NEAR, include_adult=True, include_hidden=True)
        if not self._is_whole:
            self._take(names_of({hit.anime_id for hits in found.values() for hit in hits} - self.anime.keys()))
        for title in asked:
            near = {hit.anime_id for hit in found.get(title, ())}
            self._hits[title] = self._hits_of(title, near)

    def take_whole(self, names: Callable[[], Names]) -> None:
        """Read all names of the catalogue at once; nothing when that was done."""
        if not self._is_whole:
            self._is_whole = True
            self._take(names())

    def find(self, title: str) -> list[TitleHit]:
        """The anime with the name or one like it, best first; the very name leaves no room for others."""
        if title not in self._hits:
            self.prepare([title])
        return self._hits.get(title, [])

    def find_exact(self, title: str) -> list[TitleHit]:
        """The anime with the very name alone."""
        return [hit for hit in self.find(title) if hit.likeness >= 100]

    def load(self, anime_ids: Iterable[int]) -> None:
        """Make sure that the facts of these anime are at hand."""
        missing = set(anime_ids) - self.anime.keys()
        if missing and not self._is_whole:
            self._take(names_of(missing))

    def _take(self, names: Names) -> None:
        self.anime.update(names.anime)
        for name in names.names:
            key = key_of(name.text)
            if not key:
                continue
            self._written.setdefault(written_of(name.text), set()).add(name.anime_id)
            rank = _RANKS.get(name.kind, 1)
            ranks = self._exact.setdefault(key, {})
            ranks[name.anime_id] = max(rank, ranks.get(name.anime_id, 0))
            self._by_anime[name.anime_id].append((key, rank))

    def _hits_of(self, title: str, near: set[int]) -> list[TitleHit]:
        key = key_of(title)
        same = self._exact.get(key)
        if same:
            written = self._written.get(written_of(title), set())
            hits = [TitleHit(anime_id, 100.0, rank, anime_id in written) for anime_id, rank in same.items()]
        else:
            hits = [hit for anime_id in sorted(near) if (hit := self._near(key, anime_id)) is not None]
        return sorted(hits, key=lambda hit: (-hit.likeness, -hit.rank, -self._popularity(hit.anime_id), hit.anime_id))

    def _near(self, key: str, anime_id: int) -> TitleHit | None:
        best, best_rank = 0.0, 1
        for name, rank in self._by_anime.get(anime_id, ()):
            ratio = fuzz.ratio(key, name)
            if ratio > best:
                best, best_rank = ratio, rank
        return TitleHit(anime_id, min(99.0, best), best_rank) if best >= MIN_RATIO else None

    def _popularity(self, anime_id: int) -> int:
        found = self.anime.get(anime_id)
        return found.popularity if found else 0


def key_of(title: str) -> str:
    """What titles are compared by: folded, seasons as numbers, without spaces."""
    return title_season_fold(title_fold(title)).words.replace(" ", "")


def written_of(title: str) -> str:
    """A title with its signs, as far as file systems keep them."""
    return _UNKEPT.sub("", title.casefold())
