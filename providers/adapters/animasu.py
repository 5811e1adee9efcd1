"""Animasu: a site on the AnimeStream theme, with Indonesian subtitles; the theme's stock class names are read too."""

import datetime
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from catalog.facade import AnimeStatus
from providers.adapters.contract import Ask
from providers.adapters.drafts import Card, CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.adapters.parsing.cards import MAX_LOOKED_AT, cards_once
from providers.adapters.parsing.documents import Element, document, first, line_of, marked, select, taken, text_of
from providers.adapters.parsing.episodes import episode_rows
from providers.adapters.parsing.links import Links
from providers.adapters.parsing.mirrors import frame_address, mirror_of, mirror_option, mirrors_once
from providers.adapters.parsing.numbers import newest_of
from providers.adapters.parsing.pager import pager_has_next
from providers.adapters.parsing.wordpress import DetailMarks, card_linked, detail_read
from providers.adapters.parsing.words import kind_of, status_of
from providers.adapters.wordpress import Parsers, WordPress

FOLDERS = ("anime", "series")

_LIST = select("div.listupd, div.bixbox div.releases")
_CARDS = select("div.bsx")
_CARD_TITLE = select("div.tt, span.tt")
_CARD_KIND = select("div.typez, span.typez")
_CARD_EPISODE = select("span.epx, div.epx")
_CARD_STATUS = select("span.sb, div.status")

_DETAIL = select("div.infox, div.bigcontent")
_EPISODE_LIST = select("ul#daftarepisode, div#daftarepisode, div.eplister")
_PLAYER = select("div#pembed, select.mirror")
_MARKS = DetailMarks(
    heading=select("div.infox h1, div.bigcontent h1, h1.entry-title"),
    player=_PLAYER,
    cover=select("div.bigcontent div.thumb img, div.thumbook div.thumb img"),
    facts=select("div.spe span"),
    synopsis=select("div.sinopsis p, div.entry-content[itemprop=description] p"),
    score=select("span[itemprop=ratingValue], div.rating strong"),
    genres=select("div.genxed a"),
    other_titles=select("span.alter, div.alter"),
)

_FRAMES = select("div#pembed iframe")
_OPTIONS = select("select.mirror option")


def parse_home(text: str, base_url: str) -> CardPage:
    """What airs now, then what was added; cards that link to an episode stand for its title."""
    return _card_page(text, base_url)


def parse_search(text: str, base_url: str) -> CardPage:
    return _card_page(text, base_url)


def parse_detail(text: str, url: str, *, today: datetime.date | None = None) -> Detail:
    """A title's page: the box about the title or the list of its episodes tells that it is one."""
    tree = document(text)
    lists = taken(tree, _EPISODE_LIST)
    if not lists:
        marked(tree, _DETAIL, kind=_("a title's page"))
    episodes = episode_rows(lists, Links(url), today=today)
    return detail_read(tree, url, marks=_MARKS, folders=FOLDERS, episodes=episodes)


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
    return CardPage(cards_once(_card(card, links) for card in _CARDS(tree)[:MAX_LOOKED_AT]), pager_has_next(tree))


def _card(card: Element, links: Links) -> Card | None:
    draft = card_linked(card, links, heading=_card_heading(card), folders=FOLDERS)
    if draft is None:
        return None
    newest, badge = text_of(first(_CARD_EPISODE(card))), text_of(first(_CARD_STATUS(card)))
    episode = newest_of(newest)
    status = status_of(badge) or status_of(newest)
    return replace(
        draft,
        kind=kind_of(text_of(first(_CARD_KIND(card)))) or kind_of(newest),
        # "RAW ⏳" beside a number waits for the next episode's subtitles, not for the title.
        status="" if episode and status == AnimeStatus.UPCOMING else status,
        episode=episode,
    )


def _card_heading(card: Element) -> str:
    """The theme writes the title twice, as text and as a heading below it; the text alone is the title."""
    heading = first(_CARD_TITLE(card))
    return (line_of(heading.text) if heading is not None else "") or text_of(heading)


class Animasu(WordPress):
    name = "animasu"
    label = "Animasu"
    base_url = "https://v1.animasu.app"
    variant = ("sub", "id")
    parsers = Parsers(home=parse_home, search=parse_search, detail=parse_detail)

    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        page = ask.get(episode.url)
        return parse_mirrors(page.text, page.url)
