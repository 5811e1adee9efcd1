"""Which anime and which episode of ours a play is: by ids, by TheTVDB's seasons, by title; where it is not certain, none.

Media servers count a series in seasons, the catalogue has an anime for each; a number beyond what one has goes over to its
sequel only along relations that leave no choice (`catalog.facade.serial_of`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from catalog.facade import (
    SERIES,
    SerialPart,
    Site,
    anime_ids_by_external,
    anime_outlines,
    episodes_by_tvdb,
    episodes_in_season,
    external_ids_of,
    franchise_ids,
    serial_of,
)
from lists.scrobbling.names import LENGTHS_OF_SEASONS, NameHit, kind_fits, name_pick, names_find
from lists.scrobbling.plays import NEVER_OF_EPISODES, Play

ROOTS = 8
"""How many anime of one show are tried as its beginning."""
ONE_ANIME = (Site.MAL, Site.SHIKIMORI, Site.ANIDB, Site.ANILIST, Site.KITSU)
SHOWS = frozenset({Site.TVDB.value, Site.TMDB.value})


@dataclass(frozen=True, slots=True)
class Match:
    """An episode of ours, and what told it: "id", "episode", "season" or "title"."""

    anime_id: int
    number: int
    by: str


class Unmatched(Exception):
    """`reason` is a code: unknown_title, ambiguous, no_number, special, beyond, season_unknown."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def play_match(play: Play) -> Match:
    """The episode that was played. Raises `Unmatched`."""
    known = _known(play)
    if play.is_film:
        return _film(play, known)
    if play.number is None or not play.number:
        raise Unmatched("no_number")
    if play.season == 0:
        return _special(play, known)
    hits = names_find(play.title)
    shows = {anime_id for (site, _), ids in known.items() if site in SHOWS for anime_id in ids}
    single = _single(known)
    around = {*shows, *(hit.anime_id for hit in hits), *([single] if single else [])}
    told = _told_by_tvdb(play, shows, around)
    if told is not None:
        return told
    if single is not None:
        return _placed(single, play, "id")
    root = _root(shows)
    if root is not None:
        return _placed(root, play, "id")
    return _by_title(play, hits)


def _known(play: Play) -> dict[tuple[str, str], set[int]]:
    """{(site, id): our anime} of the show's ids; Shikimori counts as MAL does."""
    twins = {Site.MAL.value: Site.SHIKIMORI.value, Site.SHIKIMORI.value: Site.MAL.value}
    pairs = [(own, value) for site, value in play.show_ids for own in (site, twins.get(site)) if own]
    return anime_ids_by_external(pairs) if pairs else {}


def _single(known: dict[tuple[str, str], set[int]]) -> int | None:
    """The anime that an id names alone, the strongest site first."""
    for site in ONE_ANIME:
        for (where, _), ids in known.items():
            if where == site and len(ids) == 1:
                return next(iter(ids))
    return None


def _told_by_tvdb(play: Play, shows: set[int], around: set[int]) -> Match | None:
    """The episode that the catalogue itself has under TheTVDB's id, or under its season and number of the show."""
    ids = _tvdb_ids(play)
    if ids and around:
        rows = episodes_by_tvdb(around, ids)
        if len(rows) == 1:
            return Match(*next(iter(rows)), by="episode")
    if shows and play.season and play.number:
        rows = episodes_in_season(shows, season=play.season, number=play.number)
        if len(rows) == 1:
            return Match(*next(iter(rows)), by="season")
    return None


def _tvdb_ids(play: Play) -> list[int]:
    return [int(value) for site, value in play.episode_ids if site == Site.TVDB and value.isdigit() and len(value) < 10]


def _special(play: Play, known: dict[tuple[str, str], set[int]]) -> Match:
    """A special that the catalogue has as an episode of an OVA, a film, a special of its own, told by TheTVDB's numbers.

    TMDB numbers specials otherwise: where a server names TMDB's show as well, the number alone says nothing. An id of a
    site without specials names the anime itself; only where that is one episode is it certain which. Raises `Unmatched`.
    """
    single = _single({pair: ids for pair, ids in known.items() if pair[0] in NEVER_OF_EPISODES})
    if single is not None:
        outline = anime_outlines([single])[single]
        if outline.kind not in SERIES and outline.episode_count == 1:
            return Match(single, 1, "id")
    ids = _tvdb_ids(play)
    if ids:
        rows = episodes_by_tvdb(_relatives(play, known), ids)
    elif any(site == Site.TMDB for site, _ in play.show_ids):
        rows = set()
    else:
        around = _one_show({anime_id for (site, _), found in known.items() if site == Site.TVDB for anime_id in found})
        rows = episodes_in_season(around, season=0, number=play.number or 0) if around else set()
    if len(rows) != 1:
        raise Unmatched("special")
    return Match(*next(iter(rows)), by="episode" if ids else "season")


def _one_show(shows: set[int]) -> set[int]:
    """The anime of a show at TheTVDB with their franchise, whose specials it counts too where no other show is part of it."""
    if not shows:
        return set()
    around = shows | franchise_ids(min(shows))
    return around if len(_tvdb_shows(around)) == 1 else shows


def _relatives(play: Play, known: dict[tuple[str, str], set[int]]) -> set[int]:
    """The anime of the play's show by its ids or its very name, those that share TheTVDB's show with it, its franchise."""
    named = {anime_id for found in known.values() for anime_id in found}
    if not named:
        sure = [hit for hit in names_find(play.title) if hit.is_sure()]
        base = name_pick(sure, play, films=False)
        named = {base} if base is not None else set()
    if not named:
        return set()
    shows = {(Site.TVDB.value, value) for value in _tvdb_shows(named)}
    shared = anime_ids_by_external(shows) if shows else {}
    return named.union(*shared.values()) | franchise_ids(min(named))


def _tvdb_shows(anime_ids: set[int]) -> set[str]:
    theirs = external_ids_of(anime_ids, sites=[Site.TVDB])
    return {value for sites in theirs.values() for values in sites.values() for value in values}


def season_parts(anime_id: int) -> list[SerialPart]:
    """The anime, and what goes on within the same season by its name ("Part 2", "Cour 2"). Three queries."""
    return _same_season(serial_of(anime_id))


def _root(shows: set[int]) -> int | None:
    """Of the anime that share a show's id, the series that all others of them continue."""
    if len(shows) == 1:
        return next(iter(shows))
    kinds = {anime_id: outline.kind for anime_id, outline in anime_outlines(shows).items()}
    series = {anime_id for anime_id, kind in kinds.items() if kind in SERIES}
    roots = []
    for anime_id in sorted(series)[:ROOTS]:
        serial = serial_of(anime_id)
        if serial and not serial[0].has_prequel and series <= {part.id for part in serial}:
            roots.append(anime_id)
    return roots[0] if len(roots) == 1 else None


def _by_title(play: Play, hits: Sequence[NameHit]) -> Match:
    if play.season and play.season > 1:
        seasonal = [hit for hit in names_find(f"{play.title} Season {play.season}") if hit.is_sure(LENGTHS_OF_SEASONS)]
        named = name_pick(seasonal, play, films=False)
        if named is not None:
            serial = serial_of(named)
            if serial and serial[0].named_season == play.season:
                return parts_count(_same_season(serial), play.number or 0, "title")
    sure = [hit for hit in hits if hit.is_sure()]
    base = name_pick(sure, play, films=False)
    if base is None:
        raise Unmatched("ambiguous" if sure else "unknown_title")
    return _placed(base, play, "title")


def _film(play: Play, known: dict[tuple[str, str], set[int]]) -> Match:
    single = _single(known)
    by = "id"
    if single is None:
        ids = {anime_id for found in known.values() for anime_id in found}
        outlines = anime_outlines(ids)
        films = [anime_id for anime_id, outline in outlines.items() if kind_fits(outline, films=True)]
        single = films[0] if len(films) == 1 else None
    if single is None:
        sure = [hit for hit in names_find(play.title) if hit.is_sure()]
        single, by = name_pick(sure, play, films=True), "title"
        if single is None:
            raise Unmatched("ambiguous" if sure else "unknown_title")
    return Match(single, 1, by)


def _placed(anime_id: int, play: Play, by: str) -> Match:
    """The play's season and number counted from this anime on."""
    serial = serial_of(anime_id)
    if not serial:
        raise Unmatched("unknown_title")
    season, number = play.season or 1, play.number or 0
    first = serial[0]
    if season == 1 and not first.has_prequel:
        return parts_count(serial, number, by)
    is_itself = first.named_season == season or (first.has_prequel and first.named_season == 0) or season == 1
    if is_itself:
        return parts_count(_same_season(serial), number, by)
    if first.has_prequel or first.named_season > 1:
        raise Unmatched("season_unknown")
    parts = _season(serial, season)
    if not parts:
        raise Unmatched("season_unknown")
    return parts_count(parts, number, by)


def _same_season(serial: Sequence[SerialPart]) -> list[SerialPart]:
    """The first, and those right after it that go on within its season."""
    return [*serial[:1], *takewhile(lambda part: part.is_later_part, serial[1:])]


def _season(serial: Sequence[SerialPart], season: int) -> list[SerialPart]:
    """The anime of one season: as their names tell, else one after the other."""
    at, found = 0, []
    for index, part in enumerate(serial):
        if part.named_season:
            at = part.named_season
        elif not (index and part.is_later_part):
            at += 1
        if at == season:
            found.append(part)
    return found


def parts_count(parts: Sequence[SerialPart], number: int, by: str) -> Match:
    """`number` counted through the parts. Raises `Unmatched` beyond the last one's count."""
    for part in parts:
        if part.episode_count is None or number <= part.episode_count:
            return Match(part.id, number, by)
        number -= part.episode_count
    raise Unmatched("beyond")
