"""Animasu: a site on the AnimeStream theme, with Indonesian subtitles; the theme's stock class names are read too."""

import dataclasses
import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from catalog.facade import AnimeStatus
from providers.adapters.contract import Adapter, Ask, Capability
from providers.adapters.drafts import Card, CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.adapters.parsing.cards import card_title, cards_once, series_of
from providers.adapters.parsing.dates import date_of, seconds_of, year_of
from providers.adapters.parsing.documents import (
    Element,
    document,
    first,
    line_of,
    marked,
    paragraphs_of,
    select,
    taken,
    text_of,
    texts_once,
)
from providers.adapters.parsing.episodes import episode_rows
from providers.adapters.parsing.facts import MAX_NAME, Facts
from providers.adapters.parsing.links import Links, slug_after, slug_quoted
from providers.adapters.parsing.mirrors import frame_address, mirror_of, mirror_option, mirrors_once
from providers.adapters.parsing.numbers import newest_of
from providers.adapters.parsing.pager import pager_has_next
from providers.adapters.parsing.titles import title_clean, title_native, titles_split
from providers.adapters.parsing.words import kind_of, score_of, status_of
from providers.errors import PageUnreadable

FOLDERS = ("anime", "series")

_LIST = select("div.listupd, div.bixbox div.releases")
_CARDS = select("div.bsx")
_CARD_TITLE = select("div.tt, span.tt")
_CARD_KIND = select("div.typez, span.typez")
_CARD_EPISODE = select("span.epx, div.epx")
_CARD_STATUS = select("span.sb, div.status")
_IMAGE = select("img")

_HEADING = select("div.infox h1, div.bigcontent h1, h1.entry-title")
_DETAIL = select("div.infox, div.bigcontent")
_COVER = select("div.bigcontent div.thumb img, div.thumbook div.thumb img")
_OTHER_TITLES = select("span.alter, div.alter")
_FACTS = select("div.spe span")
_SYNOPSIS = select("div.sinopsis p, div.entry-content[itemprop=description] p")
_SCORE = select("span[itemprop=ratingValue], div.rating strong")
_GENRES = select("div.genxed a")
_EPISODE_LIST = select("ul#daftarepisode, div#daftarepisode, div.eplister")
_CANONICAL = select("link[rel=canonical]")

_PLAYER = select("div#pembed, select.mirror")
_FRAMES = select("div#pembed iframe")
_OPTIONS = select("select.mirror option")


class Animasu(Adapter):
    name = "animasu"
    label = "Animasu"
    base_url = "https://v1.animasu.app"
    variant = ("sub", "id")
    capabilities = frozenset(Capability)

    def home(self, ask: Ask) -> CardPage:
        return parse_home(ask.get("/").text, ask.base_url)

    def search(self, ask: Ask, query: str, page: int = 1) -> CardPage:
        path = "/" if page < 2 else f"/page/{page}/"
        return parse_search(ask.get(f"{path}?{urlencode({'s': query})}").text, ask.base_url)

    def detail(self, ask: Ask, slug: str) -> Detail:
        page = ask.get(f"/anime/{slug_quoted(slug)}/")
        return dataclasses.replace(parse_detail(page.text, page.url, today=page.fetched_at.date()), slug=slug)

    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        page = ask.get(episode.url)
        return parse_mirrors(page.text, page.url)


def parse_home(text: str, base_url: str) -> CardPage:
    """What airs now, then what was added; cards that link to an episode stand for its title."""
    return _card_page(text, base_url)


def parse_search(text: str, base_url: str) -> CardPage:
    return _card_page(text, base_url)


def parse_detail(text: str, url: str, *, today: datetime.date | None = None) -> Detail:
    tree = document(text)
    lists = taken(tree, _EPISODE_LIST)
    if not lists:
        marked(tree, _DETAIL, kind=_("a title's page"))
    links = Links(url)
    title = title_clean(text_of(first(_HEADING(tree))))
    address, slug = _address(tree, links, url)
    if not title or _PLAYER(tree):
        raise PageUnreadable(_("The page is not about a title."))
    facts = Facts(_FACTS(tree))
    others = titles_split(text_of(first(_OTHER_TITLES(tree))) or facts.text("synonyms"))
    released_on = date_of(facts.text("released"))
    return Detail(
        slug=slug,
        title=title,
        url=address,
        alternative_titles=tuple(other for other in others if other != title),
        native_title=title_native((*titles_split(facts.text("japanese")), *others)),
        english_title=title_clean(facts.text("english")),
        cover_url=links.picture(first(_COVER(tree))),
        synopsis=paragraphs_of(_SYNOPSIS(tree)),
        kind=kind_of(facts.text("kind")),
        status=status_of(facts.text("status")),
        year=released_on.year if released_on else year_of(facts.text("released") or facts.text("season")),
        released_on=released_on,
        duration_seconds=seconds_of(facts.text("duration")),
        episode_count=newest_of(facts.text("count")),
        score=score_of(text_of(first(_SCORE(tree)))),
        genres=facts.names("genres") or texts_once(map(text_of, _GENRES(tree)), longest=MAX_NAME),
        studios=facts.names("studios"),
        episodes=episode_rows(lists, links, today=today),
    )


def parse_episodes(text: str, url: str, *, today: datetime.date | None = None) -> tuple[EpisodeDraft, ...]:
    """The list of a title's page; empty for a title that has none yet."""
    tree = document(text)
    marked(tree, _EPISODE_LIST, _DETAIL, kind=_("an episode list"))
    return episode_rows(_EPISODE_LIST(tree), Links(url), today=today)


def parse_mirrors(text: str, url: str) -> tuple[MirrorDraft, ...]:
    """The mirrors to choose from, then the player of the page where it is none of them."""
    tree = document(text)
    marked(tree, _PLAYER, kind=_("an episode's page"))
    links = Links(url)
    return mirrors_once(
        (
            *(mirror_option(option, links) for option in _OPTIONS(tree)),
            *(mirror_of("Player", frame_address(frame), links) for frame in _FRAMES(tree)),
        )
    )


def _card_page(text: str, base_url: str) -> CardPage:
    tree = document(text)
    marked(tree, _LIST, _CARDS, kind=_("a list of titles"))
    links = Links(base_url)
    return CardPage(cards_once(_card(card, links) for card in _CARDS(tree)[:2_000]), pager_has_next(tree))


def _card(card: Element, links: Links) -> Card | None:
    link = next(card.iter("a"), None)
    if link is None:
        return None
    slug, url, is_episode = series_of(links.read(link.get("href")), links, folders=FOLDERS)
    title = card_title(_card_heading(card, link), is_episode=is_episode)
    if not slug or not title:
        return None
    newest, badge = text_of(first(_CARD_EPISODE(card))), text_of(first(_CARD_STATUS(card)))
    episode = newest_of(newest)
    status = status_of(badge) or status_of(newest)
    return Card(
        slug=slug,
        title=title,
        url=url,
        cover_url=links.picture(first(_IMAGE(card))),
        kind=kind_of(text_of(first(_CARD_KIND(card)))) or kind_of(newest),
        # "RAW ⏳" beside a number waits for the next episode's subtitles, not for the title.
        status="" if episode and status == AnimeStatus.UPCOMING else status,
        episode=episode,
    )


def _card_heading(card: Element, link: Element) -> str:
    """The theme writes the title twice, as text and as a heading below it; the text alone is the title."""
    heading = first(_CARD_TITLE(card))
    own = line_of(heading.text) if heading is not None else ""
    return own or text_of(heading) or line_of(link.get("title"))


def _address(tree: Element, links: Links, url: str) -> tuple[str, str]:
    """(address, slug) of the page: as it was asked for, or as the page names itself."""
    canonical = first(_CANONICAL(tree))
    for address in (links.read(url), links.read(canonical.get("href")) if canonical is not None else ""):
        for folder in FOLDERS:
            if slug := slug_after(address, folder):
                return address.partition("?")[0], slug
    raise PageUnreadable(_("The page's address names no title."))
