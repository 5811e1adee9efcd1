"""The feed adapter beyond its pages: search, addresses of titles, and the way through `Ask`."""

import orjson
import pytest

from providers.adapters.feed import FeedAdapter, parse_detail, parse_home, parse_search
from providers.errors import PageUnreadable, TitleGone
from providers.fetching.asking import ask_of
from providers.tests.servers import answer, provider_site

pytestmark = pytest.mark.once
BASE = "https://releases.example.org/rss.xml"


def rss(*titles: str) -> str:
    items = "".join(f"<item><title>{title}</title><link>/view/{n}</link></item>" for n, title in enumerate(titles))
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


def test_spellings_of_one_title_are_one() -> None:
    page = parse_home(rss("[A] Hoshi no Niwa - 02", "Hoshi.no.Niwa.E03.1080p", "HOSHI NO NIWA - 04!"), BASE)
    assert [(card.slug, card.episode) for card in page.cards] == [("hoshi-no-niwa", 4)]


def test_seasons_and_years_are_titles_of_their_own() -> None:
    page = parse_home(rss("Hoshi - 01", "Hoshi S2 - 01", "Hoshi (2019) - 01", "Hoshi S1 - 02"), BASE)
    assert [card.slug for card in page.cards] == ["hoshi", "hoshi-season-2", "hoshi-2019"]
    assert [card.year for card in page.cards] == [None, None, 2019]


def test_a_special_belongs_to_no_season_and_openings_are_left_out() -> None:
    detail = parse_detail(rss("Hoshi - 01", "Hoshi - SP1", "Hoshi - NCED2", "Hoshi - PV3", "Hoshi - 02.5"), BASE)
    assert [(draft.first, draft.season) for draft in detail.episodes or ()] == [(1, None), (None, None), (1, 0)]


def test_search_pages() -> None:
    feed = rss(*(f"Hoshi {chr(65 + n // 26)}{chr(65 + n % 26)} - 01" for n in range(60)), "Kaze - 01")
    first, second = (parse_search(feed, BASE, query="HOSHI", page=page) for page in (1, 2))
    assert (len(first.cards), first.has_next, len(second.cards), second.has_next) == (50, True, 10, False)
    assert parse_search(feed, BASE, query="nothing such").cards == ()


def test_a_search_without_words_finds_all_and_pages_begin_at_one() -> None:
    feed = rss("Hoshi - 01", "Kaze - 01")
    found = [parse_search(feed, BASE, query=" ", page=page) for page in (-1, 0, 1)]
    assert [[card.slug for card in page.cards] for page in found] == [["hoshi", "kaze"]] * 3
    assert parse_search(feed, BASE, page=10**9).cards == ()


def test_numbers_of_json_count_however_they_are_written_and_a_yes_is_no_name() -> None:
    items = [
        {"title": "Hoshi", "url": "/1", "episode": 7.0, "season": "2"},
        {"title": True, "name": "Kaze - 03", "url": "/2"},
        {"title": False, "url": "/3"},
    ]
    cards = parse_home(orjson.dumps(items).decode(), BASE).cards
    assert [(card.slug, card.episode) for card in cards] == [("hoshi-season-2", 7), ("kaze", 3)]


def test_an_empty_feed_is_an_answer_and_another_page_is_none() -> None:
    assert parse_home(rss(), BASE).cards == ()
    assert parse_home('{"items": []}', BASE).cards == ()
    for page in ("<html><body><p>hello</p></body></html>", '"text"', "7", "", '{"items": {}}'):
        with pytest.raises(PageUnreadable):
            parse_home(page, BASE)


@pytest.mark.parametrize("options", [{"items": "a.b"}, {"items": "a.7"}, {"items": ".."}])
def test_a_place_that_holds_no_list_is_said(options: dict[str, str]) -> None:
    with pytest.raises(PageUnreadable):
        parse_home('{"a": [1], "items": []}', BASE, options=options)


@pytest.mark.django_db
def test_a_provider_row_is_all_that_a_feed_needs() -> None:
    pages = {"/list.json": answer(b'{"rows": [{"name": "Hoshi", "ep": 3, "at": "/e/3", "file": "/3.m3u8"}]}')}
    with provider_site(pages) as (provider, site):
        provider.base_url = f"{site.base_url}/list.json"
        provider.options = {"items": "rows", "title": "name", "link": "at", "episode": "ep", "video": "file"}
        adapter, ask = FeedAdapter(), ask_of(provider)
        assert [(card.title, card.episode) for card in adapter.home(ask).cards] == [("Hoshi", 3)]
        assert adapter.search(ask, "kaze").cards == ()
        detail = adapter.detail(ask, "hoshi")
        (episode,) = adapter.episodes(ask, detail)
        (mirror,) = adapter.mirrors(ask, episode)
        assert (episode.url, mirror.url, mirror.kind) == (f"{site.base_url}/e/3", f"{site.base_url}/3.m3u8", "hls")
        with pytest.raises(TitleGone):
            adapter.detail(ask, "other")
