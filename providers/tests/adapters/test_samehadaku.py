"""What Samehadaku is asked for: pages, and each player of an episode by a form."""

import pytest

from core.egress import EgressTimeout
from providers.adapters.drafts import EpisodeDraft
from providers.adapters.parsing.samehadaku import parse_player, parse_players
from providers.adapters.samehadaku import PLAYERS, Samehadaku, parse_detail
from providers.errors import PageUnreadable, TitleGone
from providers.tests.adapters.fake_ask import FakeAsk
from providers.tests.adapters.fixture_pages import fixture_text

pytestmark = pytest.mark.once
BASE = "https://v2.samehadaku.how"
EPISODE = EpisodeDraft("Episode 12", f"{BASE}/hoshi-no-niwa-episode-12/", 12, 12)


def test_home_search_and_detail_ask_for_one_page_each() -> None:
    ask = FakeAsk(
        BASE,
        {
            "/": fixture_text("samehadaku/home.html"),
            "/?s=hoshi": fixture_text("samehadaku/search.html"),
            "/page/3/?s=hoshi": fixture_text("samehadaku/search-empty.html"),
            "/anime/hoshi-no-niwa/": fixture_text("samehadaku/detail.html"),
        },
    )
    assert len(Samehadaku().home(ask).cards) == 4
    assert not Samehadaku().search(ask, "hoshi").has_next
    assert Samehadaku().search(ask, "hoshi", page=3).cards == ()
    detail = Samehadaku().detail(ask, "hoshi-no-niwa")
    assert str(detail.episodes[-2].released_on) == "2026-09-23"  # "3 hours yang lalu"
    assert ask.asked == ["/", "/?s=hoshi", "/page/3/?s=hoshi", "/anime/hoshi-no-niwa/"]


def test_every_living_player_is_asked_for_once() -> None:
    ask = FakeAsk(
        BASE,
        {
            EPISODE.url: fixture_text("samehadaku/mirrors.html"),
            f"POST {PLAYERS} 1": '<iframe src="https://www.blogger.example/video.g?token=AD6" FRAMEBORDER=0></iframe>',
            f"POST {PLAYERS} 3": "<iframe src=https://wibu.example.net/embed/9></iframe>",
        },
    )
    mirrors = Samehadaku().mirrors(ask, EPISODE)
    assert [(mirror.label, mirror.url, mirror.quality) for mirror in mirrors] == [
        ("Blogspot", "https://www.blogger.example/video.g?token=AD6", 0),
        ("Wibufile 480p", "https://wibu.example.net/embed/9", 480),
        ("Langsung 360p", "https://cdn.example.net/hoshi-12-360.mp4", 360),
        ("Langsung FULLHD", "https://cdn.example.net/hoshi-12-1080.mp4?x=1", 1080),
    ]
    assert ask.forms == [
        {"action": "player_ajax", "post": "37909", "nume": "1", "type": "schtml"},
        {"action": "player_ajax", "post": "37909", "nume": "3", "type": "schtml"},
    ]


@pytest.mark.parametrize(
    "answer",
    ["", "0", "null", "<p>gone</p>", '<iframe src="javascript:alert(1)">', '<iframe src="file:///etc/passwd">'],
)
def test_a_player_without_an_honest_frame_is_none(answer: str) -> None:
    assert parse_player(answer, BASE, "Blogspot") is None


def test_a_form_is_made_of_plain_numbers_and_words_only() -> None:
    option = (
        '<div id="server"><div class="east_player_option" data-post="{}" data-nume="{}" data-type="{}">x</div></div>'
    )
    assert len(parse_players(option.format("1", "1", "schtml"), BASE)) == 1
    for values in (
        ("1&action=delete", "1", "schtml"),
        ("", "1", "schtml"),
        ("1", "1" * 21, "schtml"),
        ("1", "1", "../x"),
    ):
        assert parse_players(option.format(*values), BASE) == ()
    assert len(parse_players("".join(option.format(n, 1, "schtml") for n in range(100)), BASE)) == 20


def test_failures_of_asking_pass() -> None:
    ask = FakeAsk(BASE, {EPISODE.url: fixture_text("samehadaku/mirrors.html"), f"POST {PLAYERS} 1": EgressTimeout()})
    with pytest.raises(EgressTimeout):
        Samehadaku().mirrors(ask, EPISODE)
    with pytest.raises(TitleGone):
        Samehadaku().detail(ask, "gone")


def test_an_episode_s_page_is_no_title() -> None:
    with pytest.raises(PageUnreadable):
        parse_detail(fixture_text("samehadaku/mirrors.html"), f"{BASE}/anime/hoshi-no-niwa/")
