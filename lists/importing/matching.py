"""Which anime of ours a line of somebody's list is about: by its ids elsewhere, the strongest first."""

from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from typing import Any

import structlog

from catalog.facade import Site, anime_ids_by_external, anime_outlines, external_ids_of, titles_search_many
from lists.importing.lines import title_read
from lists.importing.records import ListRecord

log = structlog.get_logger("lists.importing")

Pair = tuple[str, str]
_TWINS = {Site.MAL.value: Site.SHIKIMORI.value, Site.SHIKIMORI.value: Site.MAL.value}
"""Shikimori numbers anime as MAL does."""
_SHOWS = frozenset({Site.TVDB.value, Site.TMDB.value})
"""Ids of whole shows: they never say which season is meant."""
_DECISIVE = frozenset({Site.MAL.value, Site.SHIKIMORI.value, Site.HIROBA.value})
CANDIDATES = 3
SEARCHES = 200
"""Titles looked up while a file is read; the rest are looked up when their page is opened."""
SEARCH_SECONDS = 5.0
SEARCHES_AT_ONCE = 20
EXACT = 1.0


def records_match(records: Sequence[ListRecord]) -> list[int | None]:
    """Our anime of each record, None where no id of it is known here; a query per 400 ids, merged anime followed.

    A weaker id (AniList, Kitsu, AniDB…) counts where it names one anime alone, and not against another MAL id of that anime;
    where it names several, the one of them that is called as the record says.
    """
    asked = [_pairs_of(record) for record in records]
    known = anime_ids_by_external(pair for pairs in asked for pair in pairs)
    found: list[int | None] = []
    weak: dict[int, int] = {}
    shared: dict[int, set[int]] = {}
    for index, pairs in enumerate(asked):
        sure = next((pair for pair in pairs if len(known.get(pair, ())) == 1), None)
        found.append(next(iter(known[sure])) if sure else None)
        anime_id = found[-1]
        if sure is not None and sure[0] not in _DECISIVE and anime_id is not None:
            weak[index] = anime_id
        elif sure is None and (several := set().union(*(known.get(pair, ()) for pair in pairs))):
            shared[index] = several
    for index, anime_id in _called_alike(records, shared).items():
        found[index] = weak[index] = anime_id
    for index in _contradicted(records, weak):
        found[index] = None
    return found


def _pairs_of(record: ListRecord) -> list[Pair]:
    """The record's ids with those of the twin site, without ids of shows."""
    pairs: dict[Pair, None] = {}
    for site, value in record.ids:
        if site not in _SHOWS:
            pairs[site, value] = None
            if site in _TWINS:
                pairs[_TWINS[site], value] = None
    return list(pairs)


def _called_alike(records: Sequence[ListRecord], shared: Mapping[int, set[int]]) -> dict[int, int]:
    """{index: the one anime among those with its ids that has the record's title}; one query where any ids are shared."""
    outlines = anime_outlines(set().union(*shared.values())) if shared else {}
    titles = {anime_id: title_read(outline.title) for anime_id, outline in outlines.items()}
    alike = {
        index: [anime_id for anime_id in several if titles.get(anime_id) == records[index].title]
        for index, several in shared.items()
    }
    return {index: same[0] for index, same in alike.items() if len(same) == 1}


def _contradicted(records: Sequence[ListRecord], weak: dict[int, int]) -> list[int]:
    """Those of the weak matches whose anime has another MAL id than the record."""
    said = {
        index: {value for site, value in records[index].ids if site in _TWINS}
        for index in weak
        if any(site in _TWINS for site, _ in records[index].ids)
    }
    if not said:
        return []
    theirs = external_ids_of({weak[index] for index in said}, sites=list(_TWINS))
    return [
        index
        for index, values in said.items()
        if (own := {value for some in theirs.get(weak[index], {}).values() for value in some}) and not own & values
    ]


def candidates_find_many(titles: Iterable[str], *, include_adult: bool = False) -> dict[str, list[dict[str, Any]]]:
    """{title: at most three anime that are called like it}: `{anime_id, title, score}`, the likeliest first; `score` 0–1.03.

    A title is looked up once, and whether the index is up to date for all together.
    """
    asked = set(titles)
    try:
        found = titles_search_many(asked, limit=CANDIDATES, include_adult=include_adult)
    except OSError:  # no index on this host, and none can be written: the line is still taken as a stub
        log.warning("title_index_away")
        found = {}
    return {
        title: [
            {"anime_id": hit.anime_id, "title": hit.matched_title, "score": round(min(hit.score, 1.03), 3)}
            for hit in found.get(title, ())
        ]
        for title in asked
    }


def candidates_of(
    records: Sequence[ListRecord], *, include_adult: bool = False
) -> dict[int, list[dict[str, Any]] | None]:
    """{position: candidates} of unknown records; None for those that time or number did not allow to be looked up."""
    until = monotonic() + SEARCH_SECONDS
    wanted = list(dict.fromkeys(record.title for record in records))[:SEARCHES]
    known: dict[str, list[dict[str, Any]]] = {}
    for start in range(0, len(wanted), SEARCHES_AT_ONCE):
        if monotonic() >= until:
            break
        known |= candidates_find_many(wanted[start : start + SEARCHES_AT_ONCE], include_adult=include_adult)
    return {record.position: known.get(record.title) for record in records}


def namesake_of(
    record: ListRecord, candidates: Sequence[dict[str, Any]], *, own_stubs: Mapping[str, int] | None = None
) -> int | None:
    """The one anime of exactly this name, for a record that has no id anywhere; else None.

    Stubs are no candidates (the title index hides them): only one of `own_stubs` (title → our id), those on the importing
    person's own list, is theirs by its name.
    """
    if record.ids:
        return None
    same = [candidate["anime_id"] for candidate in candidates if candidate["score"] >= EXACT]
    return same[0] if len(same) == 1 else (own_stubs or {}).get(record.title)
