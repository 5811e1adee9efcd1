"""Which anime is called like a play: the very name alone, namesakes told apart by the year."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.facade import AnimeOutline, anime_outlines, titles_search
from lists.scrobbling.plays import Play

STRICT = 0.95
"""How alike a title must be (1 is the very name): a wrong anime on somebody's list is worse than none."""
MARGIN = 0.01
"""Two anime whose names are this equally alike are told apart by the year alone."""
LENGTHS, LENGTHS_OF_SEASONS = 0.85, 0.6
"""How much longer one of two names may be: the search holds a beginning for as good as the whole, which here it is not.
Seasons are written in many ways ("Season 2", "II"): there the number itself is compared besides."""
NEIGHBOURS = 8
FILMS = frozenset({"movie", "special", "tv_special", "ova", "ona", "unknown"})


@dataclass(frozen=True, slots=True)
class NameHit:
    """An anime found by title. `likeness` 0–1 of the two names' lengths."""

    anime_id: int
    score: float
    likeness: float

    def is_sure(self, lengths: float = LENGTHS) -> bool:
        return self.score >= STRICT and self.likeness >= lengths


def names_find(title: str) -> list[NameHit]:
    """The anime whose names are most like `title`, best first, adult ones too; none where this host has no index."""
    try:
        found = titles_search(title, limit=NEIGHBOURS, include_adult=True) if title else []
    except OSError:  # no index on this host: ids still match
        return []
    return [NameHit(hit.anime_id, hit.score, _likeness(title, hit.matched_title)) for hit in found]


def _likeness(one: str, other: str) -> float:
    lengths = sorted(sum(map(str.isalnum, text)) for text in (one, other))
    return lengths[0] / lengths[1] if lengths[1] else 0.0


def name_pick(sure: Sequence[NameHit], play: Play, *, films: bool) -> int | None:
    """The one anime that is called so; of several the one of the year. A series is no film of the same name."""
    if not sure:
        return None
    outlines = anime_outlines([hit.anime_id for hit in sure])
    fitting = [hit for hit in sure if hit.anime_id in outlines and kind_fits(outlines[hit.anime_id], films=films)]
    best = max((hit.score for hit in fitting), default=0.0)
    same = [hit.anime_id for hit in fitting if hit.score >= best - MARGIN]
    if play.year is not None and len(same) > 1:
        same = [anime_id for anime_id in same if outlines[anime_id].year == play.year]
    return same[0] if len(same) == 1 else None


def kind_fits(outline: AnimeOutline, *, films: bool) -> bool:
    """Whether an anime may be the film (`films`) or the series that was played."""
    if films:
        return outline.kind in FILMS and outline.episode_count in (None, 1)
    return outline.kind != "movie"
