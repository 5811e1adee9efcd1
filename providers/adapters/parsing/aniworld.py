"""The pages and answers of AniWorld."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

import orjson
from django.utils.translation import gettext_lazy as _

from providers.adapters.drafts import Card, CardPage, Detail, EpisodeDraft
from providers.adapters.parsing.cards import MAX_LOOKED_AT, cards_once
from providers.adapters.parsing.dates import year_of
from providers.adapters.parsing.documents import (
    MAX_CHARACTERS,
    Element,
    document,
    first,
    line_of,
    marked,
    paragraphs_of,
    select,
    text_of,
    texts_once,
)
from providers.adapters.parsing.episodes import MAX_EPISODES, MAX_LABEL
from providers.adapters.parsing.facts import MAX_NAME
from providers.adapters.parsing.links import Links, path_parts, slug_quoted, slug_read
from providers.adapters.parsing.titles import MAX_TITLE, title_clean, title_native, titles_split
from providers.errors import PageUnreadable

MAX_SEASONS = 100
FILMS = 0
"""The season that films are in."""

_CELLS_READ = 60
"""Elements of a row that are looked at."""

_MARKUP = re.compile(r"<[^<>]{0,200}>")
_SEASON_PART = re.compile(r"staffel-(\d{1,4})")
_EPISODE_PART = re.compile(r"(?:episode|film)-(\d{1,5})")
# What a flag's picture says about the sound and the subtitles.
_VARIANTS = {
    "german": ("dub", "de"),
    "japanese-english": ("sub", "en"),
    "japanese-german": ("sub", "de"),
    "english": ("dub", "en"),
}

_TITLE = select("div.series-title h1")
_COVER = select("div.seriesCoverBox img")
_SYNOPSIS = select("p.seri_des")
_GENRES = select("div.genres ul li a")
_YEAR = select("div.series-title span[itemprop=startDate]")
_NAVIGATION = select("div#stream")
_NAVIGATION_LINKS = select("div#stream ul li a")
_TABLE = select("table.seasonEpisodesList, tbody[id^=season]")
_ROWS = select("tr[data-episode-id]")


class _Cells(NamedTuple):
    """One row: its title (German, else English), its link, the number it tells, and what its flags say."""

    title: str
    address: str
    label: str
    number: str
    variants: tuple[tuple[str, str], ...]


def parse_search(text: str, base_url: str) -> CardPage:
    """Titles of either answer; episodes, questions to the support and second mentions are left out."""
    if len(text) > MAX_CHARACTERS:
        raise PageUnreadable(_("The answer is too long."))
    try:
        rows = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise PageUnreadable(_("The answer is not JSON.")) from error
    if not isinstance(rows, list):
        raise PageUnreadable(_("The answer is no list."))
    links = Links(base_url)
    return CardPage(cards_once(_card(row, links) for row in rows[:MAX_LOOKED_AT] if isinstance(row, dict)))


def parse_detail(text: str, url: str) -> Detail:
    """A title's page. The episodes are on the pages of its seasons, unless it has none of those."""
    tree = document(text)
    marked(tree, _TITLE, kind=_("a title's page"))
    links = Links(url)
    slug = _slug(links.read(url))
    heading = first(_TITLE(tree))
    title = title_clean(text_of(heading))
    if not title or not slug or heading is None:
        raise PageUnreadable(_("The page or its address names no title."))
    seasons = _season_urls(tree, links, slug)
    described = first(_SYNOPSIS(tree))
    others = titles_split(line_of(heading.get("data-alternativetitles")))
    return Detail(
        slug=slug,
        title=title,
        url=f"{links.origin}/anime/stream/{slug_quoted(slug)}",
        alternative_titles=tuple(other for other in others if other != title),
        native_title=title_native(others),
        cover_url=links.picture(first(_COVER(tree))),
        synopsis=line_of(described.get("data-full-description") if described is not None else "")[:10_000]
        or paragraphs_of(_SYNOPSIS(tree)),
        year=year_of(text_of(first(_YEAR(tree)))),
        genres=texts_once(map(text_of, _GENRES(tree)), longest=MAX_NAME),
        episodes=None if seasons else seasons_ordered(_rows(tree, links)),
        more_urls=seasons,
    )


def parse_episodes(text: str, url: str) -> tuple[EpisodeDraft, ...]:
    """The episodes of one season's page; empty where its table is."""
    tree = document(text)
    marked(tree, _TABLE, _NAVIGATION, kind=_("a season's page"))
    return seasons_ordered(_rows(tree, Links(url)))


def seasons_ordered(drafts: Iterable[EpisodeDraft]) -> tuple[EpisodeDraft, ...]:
    """By season and number, films last; each address once, at most 10,000."""
    once: dict[str, EpisodeDraft] = {}
    for draft in drafts:
        once.setdefault(draft.url, draft)
    ordered = sorted(once.values(), key=lambda draft: (not draft.season, draft.season or 0, draft.first or 0))
    return tuple(ordered[:MAX_EPISODES])


def _card(row: Mapping[str, Any], links: Links) -> Card | None:
    link, name = row.get("link"), row.get("title") or row.get("name")
    if not isinstance(link, str) or not isinstance(name, str):
        return None
    title = title_clean(_plain(name))
    slug = _slug(links.read(link)) if "/" in link else slug_read(link)
    if not title or not slug:
        return None
    cover, year = row.get("cover"), row.get("productionYear")
    return Card(
        slug=slug,
        title=title,
        url=f"{links.origin}/anime/stream/{slug_quoted(slug)}",
        cover_url=links.read(cover) if isinstance(cover, str) else "",
        year=year_of(str(year)) if isinstance(year, str | int) else None,
    )


def _plain(text: str) -> str:
    """A text without the marks of what was searched and without entities."""
    return line_of(unescape(_MARKUP.sub("", text[: MAX_TITLE * 4])))


def _slug(url: str) -> str:
    """The slug of a title's address, its seasons' too; "" for episodes and all else."""
    parts = path_parts(url)
    if parts[:2] != ["anime", "stream"] or len(parts) not in (3, 4):
        return ""
    return slug_read(parts[2]) if len(parts) == 3 or _season(parts[3]) is not None else ""


def _season(part: str) -> int | None:
    found = _SEASON_PART.fullmatch(part)
    return int(found[1]) if found else FILMS if part == "filme" else None


def _season_urls(tree: Element, links: Links, slug: str) -> tuple[str, ...]:
    """The pages of this title's seasons, in order, its films last."""
    found: dict[str, int] = {}
    for link in _NAVIGATION_LINKS(tree):
        url = links.read(link.get("href"))
        parts = path_parts(url)
        season = _season(parts[3]) if len(parts) == 4 and _slug(url) == slug else None
        if season is not None:
            found[url] = season
    return tuple(sorted(found, key=lambda url: (not found[url], found[url])))[:MAX_SEASONS]


def _rows(tree: Element, links: Links) -> Iterable[EpisodeDraft]:
    """The rows of the season's table, within or without the table's own element."""
    return filter(None, (_row_read(row, links) for row in _ROWS(tree)))


def _row_read(row: Element, links: Links) -> EpisodeDraft | None:
    cells = _cells(row)
    url = links.read(cells.address)
    folder, _, name = url.partition("?")[0].rstrip("/").rpartition("/")
    season = _season_within(folder)
    if season is None or len(cells.label) > MAX_LABEL:
        return None
    counted = cells.number if _is_number(cells.number) else _counted(name)
    number = int(counted) if counted else None
    return EpisodeDraft(
        label=cells.label or name[:MAX_LABEL],
        url=url,
        first=number,
        last=number,
        season=season,
        title=cells.title if len(cells.title) <= MAX_TITLE else "",
        variants=cells.variants,
    )


def _cells(row: Element) -> _Cells:
    """What a row says, in one walk. Attributes are what costs most of it: none is read that is not needed."""
    title = address = label = number = ""
    variants = []
    for element in islice(row.iter("meta", "a", "strong", "span", "img"), _CELLS_READ):
        tag = element.tag
        if tag == "img":
            if variant := _variant(element.get("data-src") or element.get("src") or ""):
                variants.append(variant)
        elif tag == "a":
            if not address and element.get("itemprop") == "url":
                address, label = element.get("href") or "", text_of(element)
        elif tag == "meta":
            if element.get("itemprop") == "episodeNumber":
                number = element.get("content") or ""
        elif not title and _is_title(element):
            title = text_of(element)
    return _Cells(title, address, label, number, tuple(dict.fromkeys(variants)))


def _is_title(element: Element) -> bool:
    """Whether it stands in the cell of titles."""
    cell = next(element.iterancestors("td"), None)
    return cell is not None and "seasonEpisodeTitle" in (cell.get("class") or "")


def _variant(flag: str) -> tuple[str, str] | None:
    """What the picture of a flag says."""
    return _VARIANTS.get(flag.rpartition("/")[2].partition(".")[0])


@lru_cache(maxsize=64)
def _season_within(folder: str) -> int | None:
    """The season whose episodes are below this address: a page's rows share one or two."""
    parts = path_parts(folder)
    return _season(parts[3]) if len(parts) == 4 and parts[:2] == ["anime", "stream"] else None


def _counted(name: str) -> str:
    """The number in the last part of an episode's address."""
    found = _EPISODE_PART.fullmatch(name)
    return found[1] if found else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5
