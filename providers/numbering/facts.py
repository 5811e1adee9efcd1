"""All that placing the episodes of one title needs, loaded in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, F, Min, Q

from catalog.facade import (
    AnimeKind,
    EpisodeNumbers,
    SerialPart,
    Site,
    anime_ids_by_external,
    anime_outlines,
    episode_numbers,
    external_ids_of,
    serial_of,
)
from providers.models import EpisodeRedirect, NumberingOverride, ProviderTitle
from providers.numbering.rules import Place
from providers.numbering.seasons import REGULAR, same_season, seasons_of

SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Redirect:
    """`first`–`last` of an anime of ours are those of `anime_id` (None: the catalogue has it not) from `target_first` on."""

    first: int
    last: int | None
    anime_id: int | None
    target_first: int
    target_last: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Of the title's anime and what follows it. `counts` are known numbers of episodes, `highest` the last one that the
    catalogue has; `by_season` ({(season, number): place}) and `by_absolute` hold only what is one episode alone.

    `is_split`: TheTVDB counts the anime itself in several seasons. `begins_at` is the absolute number of the anime's first
    episode, `lowest` the smallest number that the provider lists without a season, `listed` how many it lists.
    """

    anime_id: int | None = None
    is_film: bool = False
    is_split: bool = False
    overrides: tuple[NumberingOverride, ...] = ()
    parts: tuple[SerialPart, ...] = ()
    seasons: Mapping[int, list[SerialPart]] = field(default_factory=dict)
    counts: Mapping[int, int] = field(default_factory=dict)
    highest: Mapping[int, int] = field(default_factory=dict)
    by_season: Mapping[tuple[int, int], Place] = field(default_factory=dict)
    by_absolute: Mapping[int, Place] = field(default_factory=dict)
    redirects: tuple[Redirect, ...] = ()
    begins_at: int | None = None
    lowest: int | None = None
    listed: int = 0
    announced: int = 0


def facts_load(title: ProviderTitle) -> Facts:
    """The facts of a title; without an anime its overrides alone. At most ten queries."""
    overrides = tuple(title.overrides.order_by(F("season").asc(nulls_last=True), "-first"))
    if title.anime_id is None:
        return Facts(overrides=overrides)
    serial = serial_of(title.anime_id)
    redirects = _redirects(title.anime_id)
    ids = {title.anime_id, *(part.id for part in serial), *(row.anime_id for row in redirects if row.anime_id)}
    outlines = anime_outlines(ids)
    numbers = episode_numbers(ids)
    own = [row for row in numbers if row.anime_id == title.anime_id]
    outline = outlines.get(title.anime_id)
    lowest, listed = _listed(title)
    begins_at = _begins_at(own)
    return Facts(
        anime_id=title.anime_id,
        is_film=outline is not None and (outline.kind == AnimeKind.MOVIE or outline.episode_count == 1),
        is_split=len({row.season for row in own if row.kind == REGULAR and row.season}) > 1,
        overrides=overrides,
        parts=tuple(same_season(serial)),
        seasons=seasons_of(serial),
        counts={key: found.episode_count for key, found in outlines.items() if found.episode_count},
        highest=_highest(numbers),
        by_season=_by_season(numbers, title.anime_id),
        by_absolute=_by_absolute(numbers) if begins_at is not None else {},
        redirects=redirects,
        begins_at=begins_at,
        lowest=lowest,
        listed=listed,
        announced=title.episode_count or 0,
    )


def _begins_at(own: Iterable[EpisodeNumbers]) -> int | None:
    """The absolute number of the first episode; None where they are not known or count specials in between as well."""
    offsets = {row.absolute - row.number for row in own if row.kind == REGULAR and row.absolute}
    return offsets.pop() + 1 if len(offsets) == 1 else None


def _listed(title: ProviderTitle) -> tuple[int | None, int]:
    rows = title.episodes.filter(gone_at=None, is_batch=False, first__gt=0)
    found = rows.aggregate(lowest=Min("first", filter=Q(season=None)), listed=Count("pk"))
    return found["lowest"], found["listed"]


def _redirects(anime_id: int) -> tuple[Redirect, ...]:
    ids = external_ids_of([anime_id], sites=[Site.MAL]).get(anime_id, {}).get(Site.MAL, [])
    rows = list(
        EpisodeRedirect.objects.filter(mal_id__in=[int(one) for one in ids if one.isdecimal()]).order_by("first")
    )
    targets = anime_ids_by_external((Site.MAL.value, str(row.target_mal_id)) for row in rows) if rows else {}
    return tuple(
        Redirect(
            row.first,
            row.last,
            min(targets.get((Site.MAL.value, str(row.target_mal_id)), ()), default=None),
            row.target_first,
            row.target_last,
        )
        for row in rows
    )


def _highest(numbers: Iterable[EpisodeNumbers]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for row in numbers:
        if row.kind == REGULAR:
            found[row.anime_id] = max(found[row.anime_id], row.number)
    return found


def _by_season(numbers: Iterable[EpisodeNumbers], anime_id: int) -> dict[tuple[int, int], Place]:
    """Regular episodes of every season, and of season 0 the specials of the anime itself."""
    found: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for row in numbers:
        is_wanted = row.kind == REGULAR if row.season else row.kind == SPECIAL and row.anime_id == anime_id
        if row.season is not None and row.season_number and is_wanted:
            found[row.season, row.season_number].append(Place(row.anime_id, row.kind, row.number))
    return {key: places[0] for key, places in found.items() if len(places) == 1}


def _by_absolute(numbers: Iterable[EpisodeNumbers]) -> dict[int, Place]:
    found: dict[int, list[Place]] = defaultdict(list)
    for row in numbers:
        if row.kind == REGULAR and row.absolute:
            found[row.absolute].append(Place(row.anime_id, row.kind, row.number))
    return {number: places[0] for number, places in found.items() if len(places) == 1}
