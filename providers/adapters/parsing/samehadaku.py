"""The pages of Samehadaku."""

import datetime
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from providers.adapters.drafts import Card, CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.adapters.parsing.cards import MAX_LOOKED_AT, cards_once
from providers.adapters.parsing.documents import Element, document, first, marked, select, taken, text_of
from providers.adapters.parsing.episodes import episode_linked, episode_rows, episodes_ordered
from providers.adapters.parsing.links import Links
from providers.adapters.parsing.mirrors import frame_address, frame_source, media_is, mirror_of, mirrors_once
from providers.adapters.parsing.numbers import newest_of
from providers.adapters.parsing.pager import pager_has_next
from providers.adapters.parsing.wordpress import DetailMarks, card_linked, detail_read
from providers.adapters.parsing.words import kind_of, status_of

MAX_PLAYERS = 20
FOLDERS = ("anime",)

_LATEST = select("div.post-show")
_LATEST_ROWS = select("div.post-show li")
_ROW_TITLE = select("h2.entry-title")
_ROW_EPISODE = select("author")
_LIST = select("main.site-main, div.relat, article.animpost")
_ARTICLES = select("div.animposx")
_ARTICLE_TITLE = select("div.title")
_ARTICLE_KIND = select("div.content-thumb div.type")
_ARTICLE_STATUS = select("div.data div.type")

_DETAIL = select("div.infoanime, header.info_episode")
_MARKS = DetailMarks(
    heading=select("header.info_episode h1, h1.entry-title, div.infox h2.entry-title"),
    player=select("div.player-area"),
    cover=select("div.infoanime div.thumb img"),
    facts=select("div.spe span"),
    synopsis=select("div.infoanime div.desc p"),
    score=select("span[itemprop=ratingValue]"),
    genres=select("div.genre-info a"),
)
# By a part of the attribute: hundreds of rows are divisions too, and whole class names are costly to compare.
_EPISODE_LIST = select("div[class*=lstepsiode]")
_BATCHES = select("div.listbatch a, a.downloadbatch")

_EPISODE_PAGE = select("div.player-area, div#server, div#pembed, div.player-embed, div.download-eps")
_PLAYERS = select("div#server div.east_player_option")
_DEAD = select("strike")
_FRAMES = select("div#pembed iframe, div.player-embed iframe")
_DOWNLOADS = select("div.download-eps li")
_QUALITY = select("strong")


class Player(NamedTuple):
    """A player that an episode's page offers, and the form that asks for it."""

    label: str
    form: dict[str, str]


def parse_home(text: str, base_url: str) -> CardPage:
    """What was released last; each line links to an episode or to its title."""
    tree = document(text)
    marked(tree, _LATEST, kind=_("the home page"))
    links = Links(base_url)
    cards = [_row_card(row, links) for row in _LATEST_ROWS(tree)[:MAX_LOOKED_AT]]
    cards += [_article_card(card, links) for card in _ARTICLES(tree)[:MAX_LOOKED_AT]]
    return CardPage(cards_once(cards), pager_has_next(tree))


def parse_search(text: str, base_url: str) -> CardPage:
    """The articles of a list; those that only link to a genre are none."""
    tree = document(text)
    marked(tree, _LIST, kind=_("a list of titles"))
    links = Links(base_url)
    return CardPage(
        cards_once(_article_card(card, links) for card in _ARTICLES(tree)[:MAX_LOOKED_AT]), pager_has_next(tree)
    )


def parse_detail(text: str, url: str, *, today: datetime.date | None = None) -> Detail:
    """A title's page; its facts stand below the box that tells what page it is."""
    tree = document(text)
    lists = taken(tree, _EPISODE_LIST)
    marked(tree, _DETAIL, kind=_("a title's page"))
    episodes = _episodes(tree, lists, Links(url), today)
    return detail_read(tree, url, marks=_MARKS, folders=FOLDERS, episodes=episodes)


def parse_episodes(text: str, url: str, *, today: datetime.date | None = None) -> tuple[EpisodeDraft, ...]:
    """The list of a title's page, with its batches at the end; empty for a title that has none yet."""
    tree = document(text)
    marked(tree, _EPISODE_LIST, _DETAIL, kind=_("an episode list"))
    return _episodes(tree, taken(tree, _EPISODE_LIST), Links(url), today)


def parse_mirrors(text: str, url: str) -> tuple[MirrorDraft, ...]:
    """What plays as the page stands: its own frame, and downloads that are media files themselves. Downloads that lead to
    pages of file hosters play nowhere; struck out ones are dead.
    """
    tree = document(text)
    marked(tree, _EPISODE_PAGE, kind=_("an episode's page"))
    links = Links(url)
    frames = [mirror_of("Player", frame_address(frame), links) for frame in _FRAMES(tree)]
    files = [mirror for row in _DOWNLOADS(tree) for mirror in _downloads(row, links) if mirror and media_is(mirror)]
    return mirrors_once((*frames, *files))


def parse_players(text: str, url: str) -> tuple[Player, ...]:
    """The players that the page asks its server for when one is chosen; those struck out are dead."""
    tree = document(text)
    marked(tree, _EPISODE_PAGE, kind=_("an episode's page"))
    players = []
    for option in _PLAYERS(tree):
        form = {"action": "player_ajax"} | {name: option.get(f"data-{name}", "") for name in ("post", "nume", "type")}
        is_sound = form["post"].isdigit() and form["nume"].isalnum() and form["type"].isalnum()
        if is_sound and max(map(len, form.values())) <= 20 and not _DEAD(option):
            players.append(Player(text_of(option), form))
    return tuple(players[:MAX_PLAYERS])


def parse_player(text: str, url: str, label: str) -> MirrorDraft | None:
    """The mirror in the answer to a player's form: a frame; None when there is none in it."""
    return mirror_of(label, frame_source(text.strip()), Links(url)) if text.strip() else None


def _episodes(
    tree: Element, lists: list[Element], links: Links, today: datetime.date | None
) -> tuple[EpisodeDraft, ...]:
    batches = (episode_linked(link, links) for link in _BATCHES(tree))
    rows = episode_rows(lists, links, today=today)
    found = {batch.url: batch for batch in batches if batch}
    return episodes_ordered((*reversed(rows), *found.values())) if found else rows


def _row_card(row: Element, links: Links) -> Card | None:
    draft = card_linked(row, links, heading=text_of(first(_ROW_TITLE(row))), folders=FOLDERS)
    if draft is None:
        return None
    newest = text_of(first(_ROW_EPISODE(row)))
    return replace(draft, kind=kind_of(newest), episode=newest_of(newest))


def _article_card(article: Element, links: Links) -> Card | None:
    draft = card_linked(article, links, heading=text_of(first(_ARTICLE_TITLE(article))), folders=FOLDERS)
    if draft is None:
        return None
    kind, status = first(_ARTICLE_KIND(article)), first(_ARTICLE_STATUS(article))
    return replace(draft, kind=kind_of(text_of(kind)), status=status_of(text_of(status)))


def _downloads(row: Element, links: Links) -> list[MirrorDraft | None]:
    quality = text_of(first(_QUALITY(row)))
    return [mirror_of(f"{text_of(link)} {quality}", link.get("href"), links) for link in row.iter("a")]
