"""What an episode of ours is called elsewhere."""

from dataclasses import dataclass

from catalog.facade import EpisodeNumbers, Site, episode_numbers, external_ids_of
from providers.models import SeriesNumbering
from providers.numbering.places import MOST
from providers.numbering.seasons import REGULAR
from providers.numbering.series import Numbered, tvdb_place

_SITES = (Site.MAL, Site.ANIDB, Site.TVDB)


@dataclass(frozen=True, slots=True)
class EpisodeIdentity:
    """`mal` is (id, number), `anidb` and `tvdb` (id, season, number), each None where it is not known or not one alone.

    `absolute` counts the whole series. MAL and AniDB number regular episodes as we do; MAL knows no specials. Nothing is known of
    recaps between two episodes.
    """

    mal: tuple[int, int] | None = None
    anidb: Numbered | None = None
    tvdb: Numbered | None = None
    absolute: int | None = None


def episode_identity(anime_id: int, number: int, *, kind: str = REGULAR) -> EpisodeIdentity:
    """The episode at MAL, AniDB and TheTVDB: by what the catalogue says of it, else by the mapping list. Three queries."""
    if not 0 < number <= MOST:
        return EpisodeIdentity()
    ids = external_ids_of([anime_id], sites=_SITES).get(anime_id, {})
    mal_id, anidb_id, tvdb_id = (_single(ids.get(site, [])) for site in _SITES)
    row = next((one for one in episode_numbers([anime_id], number=number) if one.kind == kind), None)
    is_regular = kind == REGULAR
    series = SeriesNumbering.objects.filter(anidb_id=anidb_id).first() if anidb_id else None
    anidb = (anidb_id, int(is_regular), number) if anidb_id else None
    return EpisodeIdentity(
        mal=(mal_id, number) if mal_id and is_regular else None,
        anidb=anidb,
        tvdb=_known(row, tvdb_id) or (tvdb_place(series, int(is_regular), number) if series else None),
        absolute=row.absolute if row and row.absolute else _absolute(series, number) if is_regular else None,
    )


def _known(row: EpisodeNumbers | None, tvdb_id: int | None) -> Numbered | None:
    """What the catalogue's own row says."""
    if row is None or tvdb_id is None or row.season is None or not row.season_number:
        return None
    return tvdb_id, row.season, row.season_number


def _absolute(series: SeriesNumbering | None, number: int) -> int | None:
    """AniDB's numbers are the absolute ones where the list says so."""
    return number if series is not None and series.default_season == "a" else None


def _single(values: list[str]) -> int | None:
    """The id, where there is one alone and it is a number."""
    return int(values[0]) if len(values) == 1 and values[0].isdecimal() else None
