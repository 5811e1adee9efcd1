"""Any feed as a provider: RSS, Atom, JSON Feed or a JSON list; its items are releases named as people name them."""

from collections.abc import Mapping
from typing import Any

from providers.adapters.contract import Adapter, Ask, Capability
from providers.adapters.drafts import Card, CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.adapters.parsing.feed_items import items_read
from providers.adapters.parsing.feed_titles import FeedTitle, titles_grouped
from providers.adapters.parsing.searching import cards_found
from providers.errors import TitleGone
from providers.fetching.pages import Page

ON_HOME = 100
Options = Mapping[str, Any]


class FeedAdapter(Adapter):
    """The row's base address is the feed. `options` say where a JSON list keeps things: {"items": "data.items", "title":
    "name", "link": "url", "episode": "ep"}, also show, season, date, cover, video; dots go deeper.
    """

    name = "feed"
    label = "RSS or JSON feed"
    capabilities = frozenset(Capability)
    is_base_page = True

    def home(self, ask: Ask) -> CardPage:
        page = _feed(ask)
        return parse_home(page.text, page.url, options=ask.options)

    def search(self, ask: Ask, query: str, page: int = 1) -> CardPage:
        feed = _feed(ask)
        return parse_search(feed.text, feed.url, options=ask.options, query=query, page=page)

    def detail(self, ask: Ask, slug: str) -> Detail:
        page = _feed(ask)
        return parse_detail(page.text, page.url, options=ask.options, slug=slug)

    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        page = _feed(ask)
        return parse_mirrors(page.text, episode.url, options=ask.options, base_url=page.url)


def parse_home(text: str, base_url: str, *, options: Options | None = None) -> CardPage:
    """A card for each of the newest titles of the feed."""
    titles = list(titles_grouped(items_read(text, base_url, options or {})).values())
    return CardPage(tuple(map(_card, titles[:ON_HOME])), has_next=len(titles) > ON_HOME)


def parse_search(
    text: str, base_url: str, *, options: Options | None = None, query: str = "", page: int = 1
) -> CardPage:
    """The titles of the feed that have every word of the query in them."""
    titles = titles_grouped(items_read(text, base_url, options or {}))
    return cards_found(titles.values(), _card, query=query, page=page)


def parse_detail(text: str, url: str, *, options: Options | None = None, slug: str = "") -> Detail:
    """What the feed tells of one title (of the newest without a `slug`). Raises `TitleGone` when it is not in the feed."""
    title = _title(text, url, options, slug)
    if title is None:
        raise TitleGone()
    return Detail(
        slug=title.slug,
        title=title.title,
        url=title.url,
        cover_url=title.cover_url,
        year=title.year,
        episodes=title.episodes(),
    )


def parse_episodes(text: str, url: str, *, options: Options | None = None, slug: str = "") -> tuple[EpisodeDraft, ...]:
    """The episodes of one title that the feed lists; none of a title that is not in it."""
    title = _title(text, url, options, slug)
    return title.episodes() if title else ()


def parse_mirrors(
    text: str, url: str, *, options: Options | None = None, base_url: str = ""
) -> tuple[MirrorDraft, ...]:
    """The videos that the item at `url` encloses."""
    items = items_read(text, base_url or url, options or {})
    titles = titles_grouped(item for item in items if item.url == url)
    entries = [entry for title in titles.values() for entry in title.entries]
    return tuple(
        MirrorDraft(
            f"{name.resolution}p" if name.resolution else "", video, kind=_kind(video, kind), quality=name.resolution
        )
        for item, name in entries
        for video, kind in item.videos
    )


def _feed(ask: Ask) -> Page:
    return ask.get("")


def _title(text: str, url: str, options: Options | None, slug: str) -> FeedTitle | None:
    titles = titles_grouped(items_read(text, url, options or {}))
    return titles.get(slug) if slug else next(iter(titles.values()), None)


def _card(title: FeedTitle) -> Card:
    return Card(title.slug, title.title, title.url, title.cover_url, episode=title.newest, year=title.year)


def _kind(video: str, media_type: str) -> str:
    is_playlist = "mpegurl" in media_type.lower() or video.partition("?")[0].lower().endswith(".m3u8")
    return "hls" if is_playlist else "mp4"
