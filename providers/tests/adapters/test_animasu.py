"""What Animasu is asked for, and what is made of its pages beyond its fixtures."""

import datetime

import pytest

from core.egress import EgressTimeout
from providers.adapters.animasu import Animasu, parse_detail, parse_home, parse_mirrors
from providers.adapters.drafts import EpisodeDraft
from providers.errors import PageUnreadable, ProviderBlocked, TitleGone
from providers.tests.adapters.fake_ask import FakeAsk
from providers.tests.adapters.fixture_pages import fixture_text

pytestmark = pytest.mark.once
BASE = "https://v1.animasu.app"


def test_home_and_search_ask_for_one_page_each() -> None:
    ask = FakeAsk(
        BASE,
        {
            "/": fixture_text("animasu/home.html"),
            "/?s=hoshi+%26+niwa": fixture_text("animasu/search.html"),
            "/page/2/?s=hoshi+%26+niwa": fixture_text("animasu/search-empty.html"),
        },
    )
    assert [card.slug for card in Animasu().home(ask).cards][:2] == ["hoshi-no-niwa-s2", "kaze-wo-matsu"]
    assert Animasu().search(ask, "hoshi & niwa").has_next
    assert Animasu().search(ask, "hoshi & niwa", page=2).cards == ()
    assert ask.asked == ["/", "/?s=hoshi+%26+niwa", "/page/2/?s=hoshi+%26+niwa"]


def test_detail_brings_the_episodes_so_that_no_further_page_is_asked() -> None:
    ask = FakeAsk(BASE, {"/anime/hoshi-no-niwa/": fixture_text("animasu/detail.html")})
    detail = Animasu().detail(ask, "hoshi-no-niwa")
    assert [episode.first for episode in Animasu().episodes(ask, detail)] == [1, 2, 4, None, 5]
    assert ask.asked == ["/anime/hoshi-no-niwa/"]


def test_a_slug_is_one_part_of_the_path_whatever_is_in_it() -> None:
    ask = FakeAsk(BASE, {})
    for slug in ("../../wp-admin", "🌸", "a?b#c"):
        with pytest.raises(TitleGone):
            Animasu().detail(ask, slug)
    assert ask.asked == ["/anime/..%2F..%2Fwp-admin/", "/anime/%F0%9F%8C%B8/", "/anime/a%3Fb%23c/"]


def test_mirrors_are_those_of_the_episode_s_page() -> None:
    url = f"{BASE}/nonton-hoshi-no-niwa-episode-7/"
    ask = FakeAsk(BASE, {url: fixture_text("animasu/mirrors.html")})
    mirrors = Animasu().mirrors(ask, EpisodeDraft("Episode 7", url, 7, 7))
    assert [mirror.quality for mirror in mirrors] == [480, 720, 1080, 720, 0]


@pytest.mark.parametrize("error", [TitleGone(), ProviderBlocked(), EgressTimeout()])
def test_failures_of_asking_pass(error: Exception) -> None:
    ask = FakeAsk(BASE, {"/anime/gone/": error, "/": error})
    with pytest.raises(type(error)):
        Animasu().detail(ask, "gone")
    with pytest.raises(type(error)):
        Animasu().home(ask)


def test_a_page_of_another_kind_is_unreadable() -> None:
    with pytest.raises(PageUnreadable):
        parse_detail(fixture_text("animasu/mirrors.html"), f"{BASE}/anime/hoshi-no-niwa/")
    with pytest.raises(PageUnreadable):
        parse_mirrors(fixture_text("animasu/detail.html"), f"{BASE}/x/")
    with pytest.raises(PageUnreadable):
        parse_home(fixture_text("animasu/any-block.html"), BASE)


def test_relative_days_are_counted_from_the_day_the_page_was_read() -> None:
    page = fixture_text("animasu/episodes.html").replace("<h1", '<div class="infox"><h1', 1)
    ask = FakeAsk(BASE, {"/anime/kaze-wo-matsu/": page})
    detail = Animasu().detail(ask, "kaze-wo-matsu")
    assert detail.episodes is not None
    assert detail.episodes[0].released_on == datetime.date(2026, 9, 20)


def test_a_title_that_moved_keeps_the_slug_it_is_known_by() -> None:
    class Moved(FakeAsk):
        def get(self, address: str):
            return super().get(f"{BASE}/anime/hoshi-no-niwa/")

    ask = Moved(BASE, {f"{BASE}/anime/hoshi-no-niwa/": fixture_text("animasu/detail.html")})
    detail = Animasu().detail(ask, "hoshi-niwa")
    assert (detail.slug, detail.url) == ("hoshi-niwa", f"{BASE}/anime/hoshi-no-niwa/")
