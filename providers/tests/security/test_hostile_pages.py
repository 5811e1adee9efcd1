"""Providers that send what harms: each ends in a clear code, quickly, with nothing stored half."""

import gzip
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from core import egress
from providers.adapters.feed import FeedAdapter
from providers.errors import PageUnreadable, ProviderBlocked, TitleGone
from providers.fetching import policies
from providers.fetching.asking import ask_of
from providers.fetching.failures import failures_kept
from providers.models import HostHour, PageFailure, ProviderTitle, RememberedPage
from providers.tests.factories import ProviderFactory
from providers.tests.servers import Handler, answer, loopback, provider_site

pytestmark = pytest.mark.django_db
HTML = {"Content-Type": "text/html"}
MEGABYTE = 1024 * 1024


def fails_with(error: type[Exception], reply: Handler | bytes, **fields: Any) -> Exception:
    """What reading the page raises; the rows that it may leave are the counts and nothing else."""
    page = reply if callable(reply) else answer(reply, headers=HTML)
    with provider_site({"/": page}, **fields) as (provider, _site), pytest.raises(error) as caught:
        ask_of(provider).get("/")
    assert not RememberedPage.objects.exists()
    assert not ProviderTitle.objects.exists()
    return caught.value


def endless(connection: socket.socket, head: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _megabyte in range(50):
        connection.sendall(b"x" * MEGABYTE)


def test_fifty_megabytes_are_cut_off() -> None:
    start = time.monotonic()
    assert fails_with(egress.EgressTooLarge, endless).code == "egress_too_large"
    assert time.monotonic() - start < 3
    assert HostHour.objects.get().failures == 1


def test_an_announced_size_is_not_even_begun() -> None:
    def announce(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\nx")

    assert fails_with(egress.EgressTooLarge, announce).code == "egress_too_large"


def test_a_gzip_bomb_is_cut_off_while_it_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "PAGE_BYTES", MEGABYTE)
    bomb = gzip.compress(b"\0" * (20 * MEGABYTE))
    packed = answer(bomb, headers={**HTML, "Content-Encoding": "gzip"})
    assert fails_with(egress.EgressTooLarge, packed).code == "egress_too_large"


def test_endless_redirects_end() -> None:
    circle = answer(b"", status="302 Found", headers={"Location": "/"})
    with provider_site({"/": circle}) as (provider, site), pytest.raises(egress.EgressRefused, match="Too many"):
        ask_of(provider).get("/")
    assert len(site.asked) == policies.MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://2130706433/", "file:///etc/passwd",
     "gopher://127.0.0.1/", "http://localhost/", "//evil.example/"],
)  # fmt: skip
def test_redirects_that_lead_away_are_refused(location: str) -> None:
    away = answer(b"", status="302 Found", headers={"Location": location})
    assert fails_with(egress.EgressRefused, away).code == "egress_refused"


@pytest.mark.parametrize("host", ["10.0.0.1", "127.0.0.2", "192.168.1.1", "169.254.169.254", "[::ffff:10.0.0.1]"])
def test_a_provider_may_not_live_at_a_private_address(host: str) -> None:
    with provider_site({}, base_url=f"http://{host}") as (provider, _site), pytest.raises(egress.EgressRefused):
        ask_of(provider).get("/")
    assert not HostHour.objects.exists()


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    provider = ProviderFactory(base_url="http://rebound.example")
    with loopback(names={"rebound.example": [["10.0.0.1"]]}), pytest.raises(egress.EgressRefused):
        ask_of(provider).get("/")
    assert not HostHour.objects.exists()


def test_an_answer_that_drips_is_given_up() -> None:
    def drip(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")
        connection.recv(1)

    with provider_site({"/": drip}) as (provider, _site):
        provider.timeout_seconds = 0.2
        start = time.monotonic()
        with pytest.raises(egress.EgressTimeout):
            ask_of(provider).get("/")
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("garbage", [b"\x00\xff\xfe\x01" * 200, b"not http at all\r\n\r\n"])
def test_what_is_not_http_is_a_bad_answer(garbage: bytes) -> None:
    error = fails_with(egress.EgressBadAnswer, lambda connection, head: connection.sendall(garbage))
    assert error.code == "egress_bad_answer"


def test_an_answer_cut_short_is_not_remembered() -> None:
    def cut(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 900\r\n\r\n<html><li>1</li>')

    assert fails_with(egress.EgressError, cut).code.startswith("egress_")
    assert not RememberedPage.objects.exists()


@pytest.mark.parametrize("page", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00" * 5000, b""])
def test_what_is_no_text_is_unreadable(page: bytes) -> None:
    assert fails_with(PageUnreadable, page).code == "provider_page_unreadable"


@pytest.mark.parametrize(
    "wall",
    [b"<title>Just a moment...</title>", b"<title>DDoS-Guard</title>", b"<div class='h-captcha'></div>",
     b"<form action=/login><input type=password></form>", b"Are you over 18? <form><button>Yes</button></form>"],
)  # fmt: skip
def test_a_wall_is_never_climbed(wall: bytes) -> None:
    page = answer(wall, headers={**HTML, "ETag": '"x"', "Set-Cookie": "clearance=1"})
    with provider_site({"/": page}) as (provider, site):
        for _turn in range(3):
            with pytest.raises(ProviderBlocked):
                ask_of(provider).get("/")
    assert len(site.heads) == 1
    assert "Cookie" not in site.heads[0]
    assert HostHour.objects.get().blocked == 1
    assert not RememberedPage.objects.exists()


def test_robots_is_obeyed() -> None:
    robots = answer(b"User-agent: *\nDisallow: /private\n")
    with provider_site({"/robots.txt": robots, "/open": "yes", "/private/x": "no"}) as (provider, site):
        assert ask_of(provider).get("/open").text == "yes"
        with pytest.raises(egress.EgressRobots):
            ask_of(provider).get("/private/x")
    assert site.asked == ["/open"]
    assert (HostHour.objects.get().requests, HostHour.objects.get().blocked) == (2, 1)


def feed_of(items: str) -> str:
    return f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>"


def ask_feed(body: str | bytes, question: Callable[[FeedAdapter, Any], Any], **fields: Any) -> Any:
    """The feed adapter's answer over HTTP, with the page kept where it cannot be read."""
    raw = body.encode() if isinstance(body, str) else body
    with provider_site({"/rss": answer(raw, headers={"Content-Type": "application/rss+xml"})}, **fields) as (
        provider,
        site,
    ):
        provider.base_url = f"{site.base_url}/rss"
        ask = ask_of(provider)
        with failures_kept(ask, "home"):
            return question(FeedAdapter(), ask)


@pytest.mark.parametrize(
    "body",
    ["<html><body>garbage", "<rss><channel><item>", '{"a": ', "[1, 2", b"\x80\x81\x82" * 99, "plain words",
     "<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><rss><channel><item><title>&b;</title></item></channel></rss>",
     "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><title>&x;</title></channel></rss>",
     "<rss>" * 20_000, "[" * 100_000],
)  # fmt: skip
def test_a_feed_of_garbage_is_kept_to_be_looked_at(body: str | bytes) -> None:
    with pytest.raises(PageUnreadable):
        ask_feed(body, lambda adapter, ask: adapter.home(ask))
    assert PageFailure.objects.get().error_code == "provider_page_unreadable"
    assert not ProviderTitle.objects.exists()


def test_links_that_run_or_read_files_are_dropped() -> None:
    schemes = ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "magnet:?xt=urn:btih:0", "vbscript:x", " javascript:x",
               "http://127.0.0.2/x", "http://user:pass@example.org/", "//[::1]/x")  # fmt: skip
    items = "".join(f"<item><title>Show - {n:02}</title><link>{link}</link></item>" for n, link in enumerate(schemes))
    good = "<item><title>Show - 20</title><link>https://example.org/20</link><enclosure url='javascript:x' type='video/mp4'/></item>"

    def read(adapter: FeedAdapter, ask: Any) -> tuple[Any, Any]:
        detail = adapter.detail(ask, "show")
        return detail, adapter.mirrors(ask, detail.episodes[0])

    detail, mirrors = ask_feed(feed_of(items + good), read)
    assert [episode.url for episode in detail.episodes] == ["https://example.org/20"]
    assert mirrors == ()


def test_ten_thousand_items_emoji_and_twins_are_read_in_time() -> None:
    twin = "<item><title>🌸🌸 - 01</title><link>https://example.org/1</link></item>"
    many = "".join(
        f"<item><title>🔥 - {n}</title><link>https://example.org/f/{n}</link></item>" for n in range(1, 10_001)
    )
    start = time.monotonic()
    page = ask_feed(feed_of(twin * 3 + many), lambda adapter, ask: adapter.home(ask))
    assert time.monotonic() - start < 5
    assert [card.title for card in page.cards] == ["🌸🌸", "🔥"]
    assert len({card.slug for card in page.cards}) == 2


def test_a_title_that_is_not_in_the_feed_is_gone() -> None:
    with pytest.raises(TitleGone):
        ask_feed(feed_of(""), lambda adapter, ask: adapter.detail(ask, "no-such"))
    assert not PageFailure.objects.exists()
