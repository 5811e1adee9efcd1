"""What airs now, from the home pages of all enabled providers, each anime once."""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from catalog.facade import Audience, Site, external_ids_of
from core import generation
from providers.matching.normalise import name_read
from providers.models import MatchState, Provider, ProviderRole, ProviderTitle
from providers.numbering.belief import number_is_believed
from providers.selectors.home_names import name_clean
from providers.selectors.title_visibility import MATCHED, titles_audience

if TYPE_CHECKING:
    from catalog.models import Anime

KEPT_SECONDS = 5 * 60


@dataclass(frozen=True, slots=True)
class HomeTitle:
    """One anime that airs now. `provider` and `slug` are the preferred provider's; `sources` all of them, preferred first.

    `name` is how the preferred provider calls it, without marks of language or episode. `anime_id` and `mal_id` are None
    while it is no anime of the catalogue; `episode` is the highest number told that the anime may have, `released_at` (UTC)
    when it was first seen.
    """

    name: str
    cover: str
    slug: str
    provider: str
    sources: tuple[str, ...]
    provider_slugs: dict[str, str]
    url: str
    anime_id: int | None = None
    mal_id: int | None = None
    episode: int | None = None
    released_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class HomeProvider:
    """A provider whose home page is read."""

    name: str
    label: str
    home_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Home:
    """All of it, as it was put together."""

    generated_at: datetime.datetime
    providers: tuple[HomeProvider, ...] = ()
    titles: tuple[HomeTitle, ...] = field(default=())


def home_of(*, adult: bool = False, shows_hidden: bool = False) -> Home:
    """What airs now, kept for five minutes; a change of the catalogue, of a provider's settings or of its list ends that.

    One query where it is kept, four at most. Hidden anime, and without `adult` adult ones, are left out with all their
    titles, and so is what may be one of them; so are titles that the matcher has not looked at, of which nobody can say
    that yet, and every provider that is off.
    """
    rows = list(Provider.objects.filter(role=ProviderRole.TITLES, is_enabled=True).order_by("position", "name"))
    facts = [[row.pk, row.position, row.label, row.updated_at, row.home_at] for row in rows]
    digest = hashlib.sha256(orjson.dumps([generation.current(), adult, shows_hidden, facts])).hexdigest()
    key = f"providers-home:{digest[:40]}"
    kept: Home | None = None if connection.in_atomic_block else cache.get(key)
    if kept is None:
        titles = tuple(_titles(rows, adult=adult, shows_hidden=shows_hidden))
        providers = tuple(HomeProvider(row.name, row.label, row.home_at) for row in rows)
        kept = Home(timezone.now(), providers, titles)
        if not connection.in_atomic_block:  # what is seen in there may never be committed
            cache.set(key, kept, KEPT_SECONDS)
    return kept


@dataclass(slots=True)
class _Group:
    """Titles of one anime, the preferred provider's first."""

    rows: list[ProviderTitle]
    anime: "Anime | None" = None


def _titles(providers: list[Provider], *, adult: bool, shows_hidden: bool) -> list[HomeTitle]:
    place = {row.pk: number for number, row in enumerate(providers)}
    listed = ProviderTitle.objects.filter(provider__in=providers, home_rank__isnull=False, gone_at__isnull=True)
    looked_at = listed.exclude(match_state=MatchState.OPEN)
    rows = list(looked_at.select_related("anime").defer("synopsis", "reasons", "studios"))
    rows.sort(key=lambda row: (row.home_rank, place[row.provider_id], row.pk))
    groups = _shown(_grouped(rows), adult=adult, shows_hidden=shows_hidden)
    names = {row.pk: row.name for row in providers}
    ids = external_ids_of({group.anime.pk for group in groups if group.anime}, sites=[Site.MAL])
    for group in groups:
        group.rows.sort(key=lambda row: place[row.provider_id])
    return [_title(group, names, ids) for group in groups]


def _grouped(rows: Iterable[ProviderTitle]) -> list[_Group]:
    """One group for each anime; titles without one join those of the same name and season, matched or not."""
    by_anime: dict[int, _Group] = {}
    by_name: dict[tuple[str, int, int], _Group] = {}
    ordered = list(rows)
    for row in ordered:
        if row.anime is not None and row.match_state in MATCHED:
            group = by_anime.setdefault(row.anime.pk, _Group([], row.anime))
            by_name.setdefault(_name_key(row), group)
            group.rows.append(row)
    for row in ordered:
        if row.anime is None or row.match_state not in MATCHED:
            by_name.setdefault(_name_key(row), _Group([])).rows.append(row)
    found = {id(group): group for group in (*by_anime.values(), *by_name.values())}
    first = {row.pk: number for number, row in enumerate(ordered)}
    return sorted(found.values(), key=lambda group: min(first[row.pk] for row in group.rows))


def _name_key(row: ProviderTitle) -> tuple[str, int, int]:
    """Folded name, season and part; a name that folds to nothing joins no other."""
    read = name_read(name_clean(row.title))
    return (read.base or f"#{row.pk}", read.marks.season or 1, read.marks.part or 1)


def _shown(groups: list[_Group], *, adult: bool, shows_hidden: bool) -> list[_Group]:
    """Those that may be seen: as the anime may, and where there is none only where each title may."""
    unmatched = titles_audience([row for group in groups if group.anime is None for row in group.rows])
    shown = []
    for group in groups:
        audience = Audience.of(group.anime) if group.anime else Audience()
        for row in () if group.anime else group.rows:
            audience |= unmatched[row.pk]
        if audience.has(adult=adult, shows_hidden=shows_hidden):
            shown.append(group)
    return shown


def _title(group: _Group, names: dict[int, str], ids: dict[int, dict[str, list[str]]]) -> HomeTitle:
    primary, anime = group.rows[0], group.anime
    mal_ids = ids.get(anime.pk, {}).get(Site.MAL, []) if anime else []
    count = anime.episode_count if anime else None
    numbers = [row.latest_episode for row in group.rows if row.latest_episode]
    slugs: dict[str, str] = {}
    for row in group.rows:
        slugs.setdefault(names[row.provider_id], row.slug)
    return HomeTitle(
        name=name_clean(primary.title),
        cover=next((row.cover_url for row in group.rows if row.cover_url), ""),
        slug=primary.slug,
        provider=names[primary.provider_id],
        sources=tuple(slugs),
        provider_slugs=slugs,
        url=primary.url,
        anime_id=anime.pk if anime else None,
        mal_id=int(mal_ids[0]) if mal_ids else None,
        episode=max((number for number in numbers if number_is_believed(number, count)), default=None),
        released_at=max((row.released_at for row in group.rows if row.released_at), default=None),
    )
