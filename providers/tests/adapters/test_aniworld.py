"""What AniWorld is asked for: a search with a second way, and one page a season."""

import pytest

from core.egress import EgressUnavailable
from providers.adapters.aniworld import Aniworld, parse_search
from providers.adapters.contract import Capability
from providers.errors import PageUnreadable, TitleGone
from providers.tests.adapters.fake_ask import FakeAsk
from providers.tests.adapters.fixture_pages import fixture_text

pytestmark = pytest.mark.once
BASE = "https://aniworld.to"
TITLE = f"{BASE}/anime/stream/garden-of-stars"


def test_search_asks_the_form_only_when_the_quicker_answer_is_none() -> None:
    quick, form = fixture_text("aniworld/search.page.json"), fixture_text("aniworld/search-form.page.json")
    ask = FakeAsk(BASE, {"/ajax/seriesSearch?keyword=garden": quick, "POST /ajax/search": form})
    assert [card.slug for card in Aniworld().search(ask, "garden").cards] == ["garden-of-stars", "winter-and-train"]
    assert Aniworld().search(ask, "garden", page=2).cards == ()
    assert ask.asked == ["/ajax/seriesSearch?keyword=garden"]

    ask = FakeAsk(BASE, {"/ajax/seriesSearch?keyword=garden": "<html>", "POST /ajax/search": form})
    assert [card.slug for card in Aniworld().search(ask, "garden").cards] == ["garden-of-stars", "garden-and-gate"]
    assert ask.forms == [{"keyword": "garden"}]


def test_episodes_are_gathered_from_every_season_films_last() -> None:
    ask = FakeAsk(
        BASE,
        {
            "/anime/stream/garden-of-stars": fixture_text("aniworld/detail.html"),
            f"{TITLE}/staffel-1": fixture_text("aniworld/episodes.html"),
            f"{TITLE}/staffel-2": fixture_text("aniworld/episodes.html").replace("staffel-1", "staffel-2"),
            f"{TITLE}/filme": fixture_text("aniworld/episodes-films.html"),
        },
    )
    detail = Aniworld().detail(ask, "garden-of-stars")
    assert detail.episodes is None
    episodes = Aniworld().episodes(ask, detail)
    assert [(episode.season, episode.first) for episode in episodes] == [(1, 1), (1, 2), (2, 1), (2, 2), (0, 1)]
    assert episodes[0].variants == (("dub", "de"), ("sub", "de"), ("sub", "en"))
    assert ask.asked[1:] == [f"{TITLE}/staffel-1", f"{TITLE}/staffel-2", f"{TITLE}/filme"]


def test_it_tells_no_home_page_and_no_way_to_play() -> None:
    ask = FakeAsk(BASE, {})
    assert Aniworld.capabilities == {Capability.SEARCH, Capability.DETAIL, Capability.EPISODES}
    assert Aniworld().home(ask).cards == ()
    assert Aniworld().mirrors(ask, None) == ()
    assert ask.asked == []


def test_failures_of_asking_pass() -> None:
    with pytest.raises(TitleGone):
        Aniworld().detail(FakeAsk(BASE, {}), "gone")
    with pytest.raises(EgressUnavailable):
        Aniworld().search(FakeAsk(BASE, {"/ajax/seriesSearch?keyword=x": EgressUnavailable()}), "x")


@pytest.mark.parametrize("text", ["", "null", "{}", '"x"', "<html></html>", "[" * 100_000, "[1", "\ud800"])
def test_what_is_no_list_is_unreadable(text: str) -> None:
    with pytest.raises(PageUnreadable):
        parse_search(text, BASE)
