"""Hostile pages: links that lead elsewhere, slugs that are paths, endless lists and depths, texts without end."""

import time

import pytest

from providers.adapters.animasu import parse_detail, parse_episodes, parse_home, parse_mirrors
from providers.adapters.parsing.documents import MAX_CHARACTERS, document
from providers.adapters.parsing.links import Links, slug_after, slug_read
from providers.errors import PageUnreadable

pytestmark = pytest.mark.once
BASE = "https://v1.animasu.app"
URL = f"{BASE}/anime/hoshi-no-niwa/"
DETAIL = '<div class="infox"><h1>{}</h1></div><ul id="daftarepisode">{}</ul>'
ROW = '<li><span class="lchx"><a href="/x-episode-{0}/">X Episode {0}</a></span></li>'
CARD = '<div class="bsx"><a href="{}"><div class="tt">{}</div></a></div>'


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "ftp://files.example.org/x",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://printer.local/",
        "http://db.internal:5432/",
        "http://intranet/",
        "https://user:secret@example.org/",
        "https://example.org\\@evil.example/",
        "https://",
        "//",
        "#top",
        "",
        "https://example.org/" + "a" * 1000,
        "https://example.org/\x00",
    ],
)
def test_links_that_are_not_followed(href: str) -> None:
    assert Links(BASE).read(href) == ""


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/anime/x/", f"{BASE}/anime/x/"),
        ("//img.example.net/a.jpg", "https://img.example.net/a.jpg"),
        ("../x", f"{BASE}/anime/x"),
        ("https://Example.ORG/a#b", "https://example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/星 1?q=ü", "https://example.org/%E6%98%9F%201?q=%C3%BC"),
        ("https://例え.jp/a", "https://xn--r8jz45g.jp/a"),
        ("http://8.8.8.8/x", "http://8.8.8.8/x"),
        ("http://example.org:443/x", "http://example.org:443/x"),
        ("http://example.org:80/x", "http://example.org/x"),
        ("HTTPS://example.org:443/x", "https://example.org/x"),
    ],
)
def test_links_become_absolute(href: str, url: str) -> None:
    assert Links(URL).read(href) == url


def test_the_provider_s_own_host_is_good_wherever_it_is() -> None:
    assert Links("http://192.168.1.9:8080").read("/a") == "http://192.168.1.9:8080/a"
    assert Links("http://192.168.1.9:8080").read("http://192.168.1.8:8080/a") == ""


def test_slugs_are_one_part_of_a_path() -> None:
    assert slug_read("%E6%98%9F") == "星"
    for part in ("..", ".", "", "a%2Fb", "a%5Cb", "a%00b", "%ff", "a%0ab", "x" * 256):
        assert slug_read(part) == ""
    assert slug_after(f"{BASE}/anime/x/?a=/b", "anime") == "x"
    assert slug_after(f"{BASE}/genre/x/", "anime") == ""
    assert slug_after(f"{BASE}/anime/", "anime") == ""


def test_ten_thousand_episodes_are_kept_and_no_more() -> None:
    rows = "".join(ROW.format(number) for number in range(12_000, 0, -1))
    episodes = parse_episodes(DETAIL.format("X", rows), URL)
    assert [episode.first for episode in episodes] == list(range(1, 10_001))


def test_duplicate_slugs_and_emoji_titles() -> None:
    page = '<div class="listupd">' + CARD.format("/anime/x/", "🌸👩‍🚀") * 300 + "</div>"
    cards = parse_home(page, BASE).cards
    assert [(card.slug, card.title) for card in cards] == [("x", "🌸👩‍🚀")]


def test_what_is_too_long_is_left_out() -> None:
    page = '<div class="listupd">' + CARD.format("/anime/x/", "t" * 501) + CARD.format("/anime/y/", "Y") + "</div>"
    assert [card.slug for card in parse_home(page, BASE).cards] == ["y"]
    with pytest.raises(PageUnreadable):
        parse_detail(DETAIL.format("t" * 501, ""), URL)
    row = f'<li><a href="/long/">{"l" * 301}</a></li>'
    assert parse_episodes(DETAIL.format("X", row + ROW.format(1)), URL)[0].label == "X Episode 1"
    with pytest.raises(PageUnreadable):
        document("x" * (MAX_CHARACTERS + 1))


def test_what_cannot_be_seen_is_not_kept() -> None:
    assert parse_detail(DETAIL.format("Ho\u202eshi\x07 \n\t no\u2066 Niwa", ""), URL).title == "Hoshi no Niwa"


@pytest.mark.parametrize("text", ["", " ", "\x00", "<!-- -->", "\ud800", "<" * 10_000, "&" * 10_000])
def test_texts_without_a_page_are_unreadable(text: str) -> None:
    for parse in (parse_home, parse_detail, parse_episodes, parse_mirrors):
        with pytest.raises(PageUnreadable):
            parse(text, URL)


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000,
        '<div class="bsx"><a href="/anime/x/">' * 100_000,
        '<div class="listupd">' + CARD.format("/anime/x/", "(" * 1_000) * 2_000,
        DETAIL.format("X", '<li><ul class="lchx">' * 50_000),
        DETAIL.format("X", '<div class="eplister"><ul><li><a href="/x-episode-1/">' * 30_000),
        DETAIL.format("-" * 900 + " " + "(" * 900, ROW.format("1" * 5_000) * 300),
        DETAIL.format("X", '<li><a href="/x/">' + "Episode 1-" * 3_000 + "</a></li>" + ROW.format(2) * 5_000),
        '<select class="mirror">' + f'<option value="{"<iframe " * 900}">x' * 300,
        '<select class="mirror">' + f'<option value="{"A" * 7_996}">x' * 300,
    ],
    ids=["depth", "cards", "brackets", "rows", "lists", "dashes", "ranges", "frames", "base64"],
)
def test_no_page_takes_long(page: str) -> None:
    start = time.process_time()
    for parse in (parse_home, parse_detail, parse_episodes, parse_mirrors):
        try:
            parse(page, URL)
        except PageUnreadable:
            continue
    assert time.process_time() - start < 6  # a second alone; twice the page takes twice as long
