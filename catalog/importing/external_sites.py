"""Ids of an anime on other sites, out of their names and addresses."""

import re
from collections.abc import Iterable

from catalog.models import Site

IDENTITY_ORDER = (
    Site.HIROBA,
    Site.MAL,
    Site.SHIKIMORI,
    Site.ANILIST,
    Site.ANIDB,
    Site.BANGUMI,
    Site.KITSU,
    Site.LIVECHART,
    Site.ANISEARCH,
    Site.ANIMEPLANET,
    Site.ANIMENEWSNETWORK,
    Site.SIMKL,
    Site.TMDB,
    Site.TVDB,
)
"""Which id says most about which anime it is; TheTVDB and TMDB count shows, not seasons."""

NEVER_IDENTIFY = frozenset({Site.TMDB.value, Site.TVDB.value, Site.SIMKL.value})
"""Sites where several anime share one id."""

IDENTIFYING_SITES = tuple(site for site in IDENTITY_ORDER if site.value not in NEVER_IDENTIFY)
"""Sites whose ids name one anime, the strongest first."""

_NAMES = {
    "mal": Site.MAL,
    "myanimelist": Site.MAL,
    "anilist": Site.ANILIST,
    "kitsu": Site.KITSU,
    "shikimori": Site.SHIKIMORI,
    "anidb": Site.ANIDB,
    "animedb": Site.ANIDB,
    "tvdb": Site.TVDB,
    "thetvdb": Site.TVDB,
    "tmdb": Site.TMDB,
    "bangumi": Site.BANGUMI,
    "bgm": Site.BANGUMI,
    "ann": Site.ANIMENEWSNETWORK,
    "anime news network": Site.ANIMENEWSNETWORK,
    "livechart": Site.LIVECHART,
    "anisearch": Site.ANISEARCH,
    "anime-planet": Site.ANIMEPLANET,
    "animeplanet": Site.ANIMEPLANET,
    "simkl": Site.SIMKL,
}

_ADDRESSES = (
    (re.compile(r"https?://(?:www\.)?myanimelist\.net/anime/(\d+)"), Site.MAL),
    (re.compile(r"https?://(?:www\.)?anilist\.co/anime/(\d+)"), Site.ANILIST),
    (re.compile(r"https?://(?:www\.)?kitsu\.(?:io|app)/anime/([\w-]+)"), Site.KITSU),
    (re.compile(r"https?://(?:www\.)?shikimori\.(?:one|io|org|me)/animes/[a-z]*(\d+)"), Site.SHIKIMORI),
    (re.compile(r"https?://(?:www\.)?anidb\.net/(?:anime/|a)(\d+)"), Site.ANIDB),
    (re.compile(r"https?://(?:www\.)?anidb\.(?:info|net)/perl-bin/animedb\.pl\?(?:\S*&)?aid=(\d+)"), Site.ANIDB),
    (re.compile(r"https?://(?:www\.)?anime-planet\.com/anime/([\w-]+)"), Site.ANIMEPLANET),
    (re.compile(r"https?://(?:www\.)?animenewsnetwork\.com/encyclopedia/anime\.php\?id=(\d+)"), Site.ANIMENEWSNETWORK),
    (re.compile(r"https?://(?:www\.)?livechart\.me/anime/(\d+)"), Site.LIVECHART),
    (re.compile(r"https?://(?:www\.)?anisearch\.com/anime/(\d+)"), Site.ANISEARCH),
    (re.compile(r"https?://(?:www\.)?simkl\.com/anime/(\d+)"), Site.SIMKL),
    (re.compile(r"https?://(?:www\.)?(?:bgm\.tv|bangumi\.tv|chii\.in)/subject/(\d+)"), Site.BANGUMI),
    (re.compile(r"https?://(?:www\.)?themoviedb\.org/((?:tv|movie)/\d+)"), Site.TMDB),
)
_NUMBER = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_SHAPES: dict[str, re.Pattern[str]] = {
    Site.TMDB.value: re.compile(r"(?:(?:tv|movie)/)?[1-9][0-9]{0,9}", re.ASCII),
    Site.ANIMEPLANET.value: re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", re.ASCII),
    Site.HIROBA.value: re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII),
}
_VALUE = re.compile(r"\A[\w./-]{1,64}\Z", re.ASCII)


def site_of_name(name: str) -> Site | None:
    """The site that `name` means ("aniList", "AnimeDB"), or None."""
    return _NAMES.get(name.strip().lower())


def id_is_formed(site: str, value: str) -> bool:
    """Whether `value` looks like an id that `site` gives: a number from 1 on almost everywhere. Asked of everything that
    people's files and programs say; the catalogue's own sources are read as they are.
    """
    return site in Site.values and _SHAPES.get(site, _NUMBER).fullmatch(value) is not None


def id_of_address(address: str) -> tuple[str, str] | None:
    """(site, id) that an address of one of the known databases names, or None."""
    for pattern, site in _ADDRESSES:
        if found := pattern.match(address):
            return site.value, found[1][:64]
    return None


def is_id(value: str) -> bool:
    """Whether `value` may be stored as an id: letters, digits, `. / - _`, at most 64."""
    return bool(_VALUE.match(value))


def ids_ordered(ids: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each (site, id) once, the strongest identity first."""
    order = {site.value: place for place, site in enumerate(IDENTITY_ORDER)}
    return sorted(dict.fromkeys(ids), key=lambda pair: order[pair[0]])
