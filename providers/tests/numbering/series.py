"""A series in three anime, for the tests of this folder."""

import itertools
from dataclasses import dataclass
from typing import Any

from catalog.models import Anime, Relation
from catalog.tests import factories as make
from providers.models import ProviderTitle
from providers.tests.factories import ProviderTitleFactory


@dataclass(frozen=True)
class Series:
    """Two seasons, the second in two parts; MAL ids 101, 102, 103."""

    first: Anime
    second: Anime
    part: Anime


def series_make(*, counts: tuple[int | None, int | None, int | None] = (12, 12, 12)) -> Series:
    names = ("Hoshi no Niwa", "Hoshi no Niwa 2nd Season", "Hoshi no Niwa 2nd Season Part 2")
    anime = [
        make.AnimeFactory.create(title=name, episode_count=count, mal_id=101 + place)
        for place, (name, count) in enumerate(zip(names, counts, strict=True))
    ]
    for before, after in itertools.pairwise(anime):
        make.RelationFactory.create(from_anime=before, to_anime=after, kind="sequel")
        make.RelationFactory.create(from_anime=after, to_anime=before, kind="prequel")
    assert Relation.objects.count() == 4
    return Series(*anime)


def title_of(anime: Anime | None, **fields: Any) -> ProviderTitle:
    """A provider's title that is this anime."""
    return ProviderTitleFactory.create(anime=anime, match_state="auto" if anime else "open", **fields)
