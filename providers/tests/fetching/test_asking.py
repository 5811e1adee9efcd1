"""Asking a provider: addresses, conditions, forms, failures, and what is counted of each."""

from itertools import pairwise

import pytest

from core import egress
from core.tests.egress.clocks import clock_stopped
from providers.errors import PageUnreadable, ProviderBlocked, ProviderDisabled, ProviderError, TitleGone
from providers.fetching.asking import ask_of
from providers.fetching.pauses import pause_forget, pause_left
from providers.models import HostHour, RememberedPage
from providers.tests.factories import ProviderFactory
from providers.tests.servers import answer, loopback, provider_site

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    """The one counted hour, zeros left out; `milliseconds` only tell that time was taken."""
    row = HostHour.objects.get()
    names = ("requests", "failures", "blocked", "unchanged", "paced", "unread")
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def test_a_page_is_read_with_our_name_and_counted() -> None:
    with provider_site({"/anime/x/": "<p>Über 第7話</p>"}) as (provider, site):
        page = ask_of(provider).get("/anime/x/")
    assert (page.text, page.status, page.is_unchanged) == ("<p>Über 第7話</p>", 200, False)
    assert page.url == f"{site.base_url}/anime/x/"
    assert "User-Agent: Hiroba/" in site.heads[0]
    assert counts() == {"requests": 1}
    assert HostHour.objects.get().host == f"127.0.0.1:{site.server.port}"


def test_addresses_are_joined_to_the_base() -> None:
    pages = {"/sub/": "a", "/sub/x?q=a%20b": "b", "/y": "c"}
    with provider_site(pages) as (provider, site):
        provider.base_url = f"{site.base_url}/sub/"
        ask = ask_of(provider)
        read = [ask.get(address).text for address in ("", "x?q=a b", "/y", f"{site.base_url}/y")]
    assert ask.base_url == f"{site.base_url}/sub"
    assert read == ["a", "b", "c", "c"]


@pytest.mark.parametrize(
    "address",
    ["http://elsewhere.example/x", "//elsewhere.example/x", "javascript:alert(1)", "file:///etc/passwd", "http://[",
     "http://user@127.0.0.1/", "data:text/html,x", "http://169.254.169.254/latest"],
)  # fmt: skip
def test_addresses_that_lead_away_are_refused_and_nothing_is_sent(address: str) -> None:
    with provider_site({"/": "home"}) as (provider, site), pytest.raises(egress.EgressRefused):
        ask_of(provider).get(address)
    assert site.asked == []
    assert not HostHour.objects.exists()


def test_the_www_twin_and_named_hosts_are_the_provider_too() -> None:
    names = {name: [["127.0.0.1"]] for name in ("tv.example", "www.tv.example", "pages.example", "other.example")}
    with provider_site({"/": "home"}) as (provider, site), loopback(names=names):
        provider.base_url = f"http://tv.example:{site.server.port}"
        provider.options = {"hosts": ["pages.example", 7, "*"]}
        ask = ask_of(provider)
        for host in ("tv.example", "www.tv.example", "pages.example"):
            assert ask.get(f"http://{host}:{site.server.port}/").text == "home"
        with pytest.raises(egress.EgressRefused):
            ask.get(f"http://other.example:{site.server.port}/")


def test_a_page_that_did_not_change_comes_from_memory() -> None:
    def page(connection, head: bytes) -> None:  # type: ignore[no-untyped-def]
        is_known = b'If-None-Match: "one"' in head and b"If-Modified-Since: Mon, 01 Jan 2024" in head
        headers = {"ETag": '"one"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT", "Content-Type": "text/html"}
        reply = answer(b"", status="304 Not Modified") if is_known else answer("第1話".encode(), headers=headers)
        reply(connection, head)

    with provider_site({"/x": page}) as (provider, _site):
        first, second = ask_of(provider).get("/x"), ask_of(provider).get("/x")
        trial = ask_of(provider, is_trial=True).get("/x")
    assert (first.text, first.is_unchanged) == ("第1話", False)
    assert (second.text, second.is_unchanged, second.status) == ("第1話", True, 304)
    assert not trial.is_unchanged
    assert counts() == {"requests": 3, "unchanged": 1}


def test_large_pages_and_those_without_a_mark_are_not_remembered() -> None:
    large = answer(b"x" * (1024 * 1024 + 1), headers={"ETag": '"l"', "Content-Type": "text/html"})
    with provider_site({"/large": large, "/plain": "x"}) as (provider, site):
        for path in ("/large", "/plain"):
            ask_of(provider).get(path)
            assert not ask_of(provider).get(path).is_unchanged
    assert not RememberedPage.objects.exists()
    assert not any("If-None-Match" in head for head in site.heads)


def test_a_page_whose_mark_has_become_too_long_is_forgotten() -> None:
    marks = iter(["short", "x" * 201, "x"])

    def page(connection, head: bytes) -> None:  # type: ignore[no-untyped-def]
        answer(b"text", headers={"ETag": f'"{next(marks)}"', "Content-Type": "text/html"})(connection, head)

    with provider_site({"/x": page}) as (provider, site):
        kept = []
        for _turn in range(3):
            ask_of(provider).get("/x")
            kept.append(RememberedPage.objects.values_list("etag", flat=True).first())
    assert kept == ['"short"', None, '"x"']
    assert [b"If-None-Match" in head.encode() for head in site.heads if "GET /x" in head] == [False, True, False]


def test_a_304_nobody_asked_for_is_a_failure() -> None:
    with (
        provider_site({"/x": answer(b"", status="304 Not Modified")}) as (provider, _site),
        pytest.raises(ProviderError),
    ):
        ask_of(provider).get("/x")
    assert counts() == {"requests": 1, "failures": 1}


def test_a_form_is_sent_and_never_remembered() -> None:
    reply = answer(b"<iframe>", headers={"ETag": '"e"', "Content-Type": "text/html"})
    with provider_site({"/ajax": reply}) as (provider, site):
        assert ask_of(provider).post("/ajax", {"action": "player", "post": "7"}).text == "<iframe>"
    assert site.heads[0].startswith("POST /ajax")
    assert "application/x-www-form-urlencoded" in site.heads[0]
    assert not RememberedPage.objects.exists()


@pytest.mark.parametrize(
    ("status", "error", "code", "counted"),
    [
        ("404 Not Found", TitleGone, "provider_title_gone", {"requests": 1}),
        ("410 Gone", TitleGone, "provider_title_gone", {"requests": 1}),
        ("401 Unauthorized", ProviderBlocked, "provider_blocked", {"requests": 1, "blocked": 1}),
        ("403 Forbidden", ProviderBlocked, "provider_blocked", {"requests": 1, "blocked": 1}),
        ("429 Slow Down", ProviderBlocked, "provider_blocked", {"requests": 1, "blocked": 1}),
        ("503 Unavailable", ProviderBlocked, "provider_blocked", {"requests": 1, "blocked": 1}),
        ("418 Teapot", ProviderError, "provider_unavailable", {"requests": 1, "failures": 1}),
        ("500 Oops", egress.EgressUnavailable, "egress_unavailable", {"requests": 1, "failures": 1}),
    ],
)
def test_statuses(status: str, error: type[Exception], code: str, counted: dict[str, int]) -> None:
    with provider_site({"/x": answer(b"no", status=status)}) as (provider, _site), pytest.raises(error) as caught:
        ask_of(provider).get("/x")
    assert caught.value.code == code
    assert counts() == counted
    assert not RememberedPage.objects.exists()


def test_after_a_block_the_provider_is_left_alone_for_half_an_hour() -> None:
    wall = answer(b"<title>Just a moment...</title>", status="403 Forbidden")
    with provider_site({"/x": wall, "/y": "fine"}) as (provider, site):
        for path in ("/x", "/y", "/y"):
            with pytest.raises(ProviderBlocked) as caught:
                ask_of(provider).get(path)
            assert 1790 < int(caught.value.headers["Retry-After"]) <= 1800
        assert site.asked == ["/x"]
        assert counts() == {"requests": 1, "blocked": 1}
        assert pause_left(provider.pk) > 1790
        # An operator's own look goes through, and one that is let in ends the pause.
        assert ask_of(provider, is_trial=True).get("/y").text == "fine"
        assert ask_of(provider).get("/y").text == "fine"
        pause_forget(provider.pk)


def test_a_provider_that_is_off_is_not_asked_but_on_trial() -> None:
    with provider_site({"/": "home"}, off=True) as (provider, site):
        with pytest.raises(ProviderDisabled):
            ask_of(provider)
        assert site.asked == []
        assert ask_of(provider, is_trial=True).get("/").text == "home"


def test_a_row_without_an_address_cannot_be_asked() -> None:
    with pytest.raises(egress.EgressRefused):
        ask_of(ProviderFactory(base_url="")).get("/x")


def test_requests_keep_their_distance() -> None:
    with clock_stopped() as clock:
        times: list[float] = []

        def page(connection, head: bytes) -> None:  # type: ignore[no-untyped-def]
            times.append(clock.slept)
            answer(b"page", headers={"Content-Type": "text/html"})(connection, head)

        with provider_site({"/x": page}, interval_seconds=0.1) as (provider, _site):
            for _turn in range(4):
                ask_of(provider).get("/x")
    assert len(times) == 4
    assert min(later - sooner for sooner, later in pairwise(times)) >= 0.1


def test_what_is_no_text_is_unreadable() -> None:
    picture = answer(b"\x89PNG\r\n\x1a\n\x00\x00", headers={"Content-Type": "image/png"})
    hidden = answer(b"MZ\x00\x00\x01binary", headers={"Content-Type": "text/html"})
    empty = answer(b"", headers={"Content-Type": "text/html", "ETag": '"e"'})
    with provider_site({"/a": picture, "/b": hidden, "/c": empty}) as (provider, _site):
        for path in ("/a", "/b", "/c"):
            with pytest.raises(PageUnreadable):
                ask_of(provider).get(path)
    assert counts() == {"requests": 3, "unread": 3}
    assert not RememberedPage.objects.exists()
