"""Under which numbers episodes are known: ours, TheTVDB's seasons, the absolute ones."""

from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Episode, EpisodeKind


@dataclass(frozen=True, slots=True)
class EpisodeNumbers:
    """`number` counts within (anime, kind); `season` and `season_number` are TheTVDB's, `absolute` counts the whole series."""

    anime_id: int
    kind: str
    number: int
    season: int | None
    season_number: int | None
    absolute: int | None


def episode_numbers(anime_ids: Collection[int], *, number: int | None = None) -> list[EpisodeNumbers]:
    """Every regular episode and special of these anime, or those of one `number`; in order, one query."""
    kinds = [EpisodeKind.REGULAR, EpisodeKind.SPECIAL]
    rows = Episode.objects.filter(anime__in=list(anime_ids), kind__in=kinds)
    if number is not None:
        rows = rows.filter(number=number)
    fields = ("anime_id", "kind", "number", "season__number", "season_number", "absolute_number")
    return [EpisodeNumbers(*row) for row in rows.order_by("anime", "kind", "number").values_list(*fields)]
