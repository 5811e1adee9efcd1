"""Markdown of strangers: what it becomes, and what it never becomes."""

import json
import os
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.markup import markdown_read, seen_text

pytestmark = pytest.mark.once

ALLOWED = {"href", "class", "rel", "data-seconds", "data-username", "tabindex", "dir", "start", "src", "srcset", "alt"}
ALLOWED |= {"width", "height", "loading", "decoding", "type", "sizes"}


class Seen(HTMLParser):
    """Elements and attributes of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def html_of(text: str, **options: str) -> str:
    return markdown_read(text, **options).html()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a ||*b* c|| d", '<p dir="auto">a <span class="spoiler" tabindex="0"><em>b</em> c</span> d</p>'),
        ("**a ||b** c|| d", '<p dir="auto">**a <span class="spoiler" tabindex="0">b** c</span> d</p>'),
        ("a||b||c", '<p dir="auto">a<span class="spoiler" tabindex="0">b</span>c</p>'),
        ("`||x||` |||| || ||", '<p dir="auto"><code>||x||</code> |||| || ||</p>'),
        ("||a", '<p dir="auto">||a</p>'),
        ("a\nb", '<p dir="auto">a<br>\nb</p>'),
        ("# Big", '<h3 dir="auto">Big</h3>'),
        ("Title\n---", '<p dir="auto">Title</p>\n<hr>'),
        ("<b>x</b>", '<p dir="auto">&lt;b&gt;x&lt;/b&gt;</p>'),
        ("~~x~~", '<p dir="auto"><s>x</s></p>'),
        ("me@example.org", '<p dir="auto">me@example.org</p>'),
    ],
)
def test_what_text_becomes(text: str, html: str) -> None:
    assert html_of(text).strip() == html


def test_links_lead_out_without_our_word() -> None:
    reading = markdown_read(
        "[a](https://example.org/?a=1&b=2) http://www.example.org [b](/anime/1) [c](javascript:alert(1))"
    )
    assert reading.links == ("https://example.org/?a=1&b=2", "http://www.example.org", "/anime/1")
    html = reading.html()
    assert html.count('rel="nofollow ugc noopener noreferrer"') == 3
    assert "[c](javascript:alert(1))" in html


def test_pictures_from_elsewhere_are_links() -> None:
    reading = markdown_read("![a](https://example.org/x.png) ![b](image:one) ![c](image:other)")
    assert reading.images == ("one", "other")
    html = reading.html(image_html=lambda id, alt: f'<img src="/media/{id}.webp" alt="{alt}">' if id == "one" else None)
    assert '<img src="/media/one.webp" alt="b">' in html
    assert html.count("<img") == 1
    assert '<a href="https://example.org/x.png"' in html


def test_only_people_that_exist_are_named() -> None:
    reading = markdown_read("@Maria, @nobody; a@maria.org x@maria `@maria` https://example.org/@maria")
    assert reading.mentions == ("maria", "nobody")
    html = reading.html(people={"maria": "/users/maria"})
    assert html.count('class="mention"') == 1
    assert '<a class="mention" href="/users/maria" data-username="Maria"' in html


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("at 12:34", [754]),
        ("1:02:03 and 0:05", [3723, 5]),
        ("16:9, 25:61, 1.12:30, a12:30, 12:30:5", []),
        ("`12:30`", []),
    ],
)
def test_times_are_places_beside_a_video(text: str, seconds: list[int]) -> None:
    found = Seen(html_of(text, watch_path="/watch/1/2")).attributes
    assert [int(value or "") for name, value in found if name == "data-seconds"] == seconds
    assert 'class="place"' not in html_of(text)


def test_an_excerpt_covers_spoilers() -> None:
    reading = markdown_read("# So\n\n> she ||dies|| *there*, @maria\n\n```\ncode\n```")
    assert reading.excerpt() == "So she ▮▮▮ there, @maria code"
    assert markdown_read("word " * 100).excerpt(20) == "word word word word…"


def test_text_that_deceives_is_made_plain() -> None:
    assert seen_text("a\u202eb\u2066c\x00\x1b[0m\ufeff\r\nd") == "abc[0m\nd"
    piled = "e" + "\u0316\u0317\u0318\u0319\u031c\u031d"
    assert seen_text(piled) == piled[:5]
    assert seen_text("Việt ไม่ได้ שָׁלוֹם 👨‍👩‍👧 नमस्ते") == "Việt ไม่ได้ שָׁלוֹם 👨‍👩‍👧 नमस्ते"


@pytest.mark.data
def test_naughty_strings_are_inert() -> None:
    strings: list[str] = json.loads((Path(os.environ["HIROBA_DATA"]) / "chat" / "blns.json").read_text())
    for text in strings:
        seen = Seen(html_of(text, watch_path="/watch/1/2"))
        assert not {"script", "style", "iframe", "svg", "img", "input", "form", "object", "meta", "link"} & set(
            seen.tags
        )
        for name, value in seen.attributes:
            assert name in ALLOWED, (text, name)
            assert not (name == "href" and (value or "").strip().lower().startswith(("javascript", "data", "vbscript")))


@pytest.mark.parametrize("part", ["[", "![", "*a ", "||a", "@a ", "[a](b", "<", "1:", "~~a", "`a ", "||[", ">", "- "])
def test_no_text_takes_long(part: str) -> None:
    """Twice the text takes about twice the work: counted in tokens, since clocks of busy machines lie."""
    short, long = (markdown_read(part * (size // len(part))) for size in (2_000, 4_000))

    def size(tokens: list) -> int:
        return sum(1 + len(token.children or ()) for token in tokens)

    assert size(long.tokens) <= 2 * size(short.tokens) + 10
    assert len(long.html()) <= 2 * len(short.html()) + 200


@pytest.mark.parametrize(
    "text",
    [
        "xn--a." * 3_000,
        "https://" + "xn--a." * 3_000,
        "http://[" * 2_500,
        "http://a" * 2_500,
        "http://((" * 2_000,
        "http://-/" * 2_222,
        "|a" * 100 + "\n" + "|-" * 100 + "\n" + "a\n" * 9_000,
        "a|b\n-|-\n" * 2_500,
        "@ab " * 5_000,
        "12:34 " * 3_300,
        "http://a " * 2_200,
        "![" * 10_000,
        ">" * 20_000,
        "`a" * 10_000,
    ],
    ids=lambda text: text[:8],
)
def test_no_text_takes_long_or_makes_much_of_itself(text: str) -> None:
    """linkify-it took hours for the first of these; tables made seventy times their length."""
    text = text[:20_000]
    began = time.process_time()
    html = markdown_read(text, watch_path="/watch/1/1").html(people={"ab": "/users/ab"})
    assert time.process_time() - began < 3
    assert len(html) < 8 * len(text)


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("See https://example.org/a_b_(c).", "https://example.org/a_b_(c)"),
        ("**http://a.b/c**", "http://a.b/c"),
        ("||http://a.b||", "http://a.b"),
        ("(http://a.b/x)", "http://a.b/x"),
        ("「https://a.jp」です", "https://a.jp"),
        ("[http://a.b](http://c.d)", "http://c.d"),
        ("http://a.b/?t=12:34#@me", "http://a.b/?t=12:34#@me"),
    ],
)
def test_an_address_becomes_a_link_as_far_as_it_goes(text: str, href: str) -> None:
    found = markdown_read(text, watch_path="/w")
    assert found.links == (href,)
    assert found.html().count("<a ") == 1


@pytest.mark.parametrize("text", ["xhttp://a.b", "http://", "http://.", "`http://a.b`", "ftp://a.b", "http://[a"])
def test_what_is_no_address_stays_text(text: str) -> None:
    assert markdown_read(text).links == ()
