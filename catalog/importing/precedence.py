"""Which source may overwrite which: people above imports, MAL's data above the others, and locks above all.

A source may write a field when nobody locked it and the field is empty, or came from that same source, or came from one
of lower rank. Where a field came from says `FieldProvenance`; without a row it came from the anime's `origin`.
"""

STAFF = "staff"
JIKAN = "jikan"
BANGUMI_DATA = "bangumi-data"
OFFLINE_DATABASE = "offline-database"
ANIMEAPI, ANIDB_TITLES = "animeapi", "anidb-titles"
"""They add ids and names, and write no field."""
STUB = "stub"
"""Made of what a person's list or collection said: every source knows better."""

ANILIST, KITSU, SHIKIMORI = "anilist", "kitsu", "shikimori"
RANKS = {
    STAFF: 100,
    JIKAN: 30,
    ANILIST: 28,
    SHIKIMORI: 26,
    KITSU: 24,
    BANGUMI_DATA: 20,
    OFFLINE_DATABASE: 10,
    STUB: 0,
    "": 0,
}
_UNRANKED = 5
"""Sites with episodes, which copy what they say of a work from others: they fill what is empty."""
IDENTITIES = ("mal", "shikimori")
"""Ids of these sites name one anime each (a constraint), and are the same numbers."""


def rank_of(source: str) -> int:
    """The rank of a source; one without a place in the table stands below all that have one."""
    return RANKS.get(source, _UNRANKED)


def may_write(source: str, *, holder: str, is_locked: bool, is_empty: bool) -> bool:
    """Whether `source` may write a field that `holder` filled."""
    return not is_locked and (is_empty or source == holder or rank_of(source) > rank_of(holder))
