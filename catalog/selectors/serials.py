"""Where an episode stands that others count in seasons: by TheTVDB's ids and numbers, and along the sequels of a series."""

import re
from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from catalog.models import Anime, AnimeKind, Episode, EpisodeKind, Relation, RelationKind
from catalog.search.normalise import fold, season_fold
from catalog.selectors.franchise import member_ids

SERIES = frozenset({AnimeKind.TV, AnimeKind.TV_SHORT, AnimeKind.ONA})
"""What seasons are counted of: films and OVAs between them are no season."""
MOST = 40
_PART = re.compile(r"\b(?:part|cour)\s*(?:[2-9]|ii+|iv)\b|第[2-9二三四]クール", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SerialPart:
    """One anime of a series that goes on in others. `episode_count` None: not known."""

    id: int
    kind: str
    names: tuple[str, ...]
    episode_count: int | None
    year: int | None
    has_prequel: bool

    @property
    def named_season(self) -> int:
        """The season that its names tell, 0 when they tell none. "Part 2" and "Cour 2" are parts of one, no season."""
        found = (season_fold(fold(_PART.sub(" ", name))).season for name in self.names)
        return max(found, default=0)

    @property
    def is_later_part(self) -> bool:
        """Whether it goes on within the season of the anime before it, by its names."""
        return any(_PART.search(name) for name in self.names)


def serial_of(anime_id: int) -> list[SerialPart]:
    """The anime and what follows it, each the only series that continues the one before; it ends where two do.

    A film or an OVA between two seasons is stepped over. Three queries; empty for an unknown id.
    """
    ids = member_ids(anime_id) | {anime_id}
    following: dict[int, set[int]] = defaultdict(set)
    kinds = (RelationKind.SEQUEL, RelationKind.PREQUEL)
    edges = Relation.objects.filter(Q(from_anime__in=ids) & Q(to_anime__in=ids), kind__in=kinds)
    for one, other, kind in edges.values_list("from_anime_id", "to_anime_id", "kind"):
        before, after = (one, other) if kind == RelationKind.SEQUEL else (other, one)
        following[before].add(after)
    fields = ("id", "kind", "title", "title_english", "episode_count", "year")
    rows = {row[0]: row for row in Anime.objects.filter(pk__in=ids, merged_into=None).values_list(*fields)}
    kind_of = {key: row[1] for key, row in rows.items()}
    continued = {after for afters in following.values() for after in afters}
    found: list[SerialPart] = []
    here: int | None = anime_id
    while here in rows and len(found) < MOST and all(part.id != here for part in found):
        key, kind, title, english, count, year = rows[here]
        names = tuple(name for name in (title, english) if name)
        found.append(SerialPart(key, kind, names, count, year, key in continued))
        nexts = _next_series(key, following, kind_of)
        here = next(iter(nexts)) if len(nexts) == 1 else None
    return found


def _next_series(anime_id: int, following: dict[int, set[int]], kind_of: dict[int, str]) -> set[int]:
    """The series that come directly after, films and OVAs between stepped over."""
    found: set[int] = set()
    seen = {anime_id}
    queue = deque(following[anime_id])
    while queue:
        here = queue.popleft()
        if here in seen or here not in kind_of:
            continue
        seen.add(here)
        if kind_of[here] in SERIES:
            found.add(here)
        else:
            queue.extend(following[here])
    return found


def episodes_by_tvdb(anime_ids: Collection[int], tvdb_ids: Collection[int]) -> set[tuple[int, int]]:
    """(anime id, number) of the regular episodes of these anime that have one of these ids at TheTVDB; one query."""
    rows = Episode.objects.filter(anime_id__in=list(anime_ids), tvdb_id__in=list(tvdb_ids), kind=EpisodeKind.REGULAR)
    return set(rows.values_list("anime_id", "number"))


def episodes_in_season(anime_ids: Collection[int], *, season: int, number: int) -> set[tuple[int, int]]:
    """(anime id, number) of the regular episodes of these anime that TheTVDB counts so; one query."""
    rows = Episode.objects.filter(
        anime_id__in=list(anime_ids), season__number=season, season_number=number, kind=EpisodeKind.REGULAR
    )
    return set(rows.values_list("anime_id", "number"))
