"""Which pages keep programs out, and which only look a little like it."""

import time

import pytest

from providers.fetching.blocked import block_reason

pytestmark = pytest.mark.once
ARTICLE = "<p>" + "A long page about an anime that airs on Sundays. " * 60 + "</p>"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>", "challenge"),
        ("<html><title>Attention Required! | Cloudflare</title></html>", "challenge"),
        ("<html><title>DDoS-Guard</title><script src='/.well-known/ddos-guard/js-challenge'></script>", "challenge"),
        ("<html><title>x</title><script>window._cf_chl_opt={}</script>", "challenge"),
        ("<html><body><div class='g-recaptcha' data-sitekey='x'></div>Prove it</body></html>", "captcha"),
        ("<html><body><div class=h-captcha></div><script>" + "x" * 9000 + "</script></body></html>", "captcha"),
        ("<html><body><form><input name=u><input type='password' name=p>Sign in</form></body></html>", "login"),
        ("<html><body>Are you over 18? <form><button>Enter</button></form></body></html>", "age"),
        ("<html><body><div id='age-verification'><button>Yes</button></div></body></html>", "age"),
    ],
)
def test_walls(page: str, reason: str) -> None:
    assert block_reason(page) == reason


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>Hoshi no Niwa Episode 7</title>" + ARTICLE,
        "<html><title>x</title>" + ARTICLE + "<form><div class='g-recaptcha'></div></form>",
        "<html><title>x</title>" + ARTICLE + "<form><input type=password></form>",
        "<html><title>No results</title>" + "<li><a href=/x>x</a>" * 30 + "<form><input type=password></form>",
        "<html><title>x</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>" + ARTICLE,
        "<html><title>R 18+</title>" + ARTICLE + "<button>18+</button>",
        '{"title": "Just a moment...", "html": "<form id=\\"challenge-form\\">"}',
        "<?xml version='1.0'?><rss><channel><title>Just a moment...</title></channel></rss>",
        "",
    ],
)
def test_pages_that_answer(page: str) -> None:
    assert block_reason(page) == ""


def test_a_header_says_it_too() -> None:
    assert block_reason("<html>", headers_say="challenge") == "challenge"


@pytest.mark.parametrize("piece", ["<script", "<title", "<", "type=password<", "<form>18"])
def test_hostile_pages_take_linear_time(piece: str) -> None:
    start = time.perf_counter()
    block_reason(piece * (149_000 // len(piece)) + "g-recaptcha type=password")
    assert time.perf_counter() - start < 1
