"""What holds for every adapter of the registry, with the pages of its folder in `fixtures/` (see its README)."""

import random
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from core.egress.errors import EgressRefused
from core.egress.urls import url_read
from providers.adapters import adapter_classes
from providers.adapters.parsing.library_paths import path_of
from providers.errors import PageUnreadable, TitleGone
from providers.tests.adapters.fixture_pages import (
    IS_UPDATING,
    FixturePage,
    drafts_within,
    fixture_pages,
    outcome_of,
    parser_of,
)

ADAPTERS = sorted(adapter_classes())
pytestmark = pytest.mark.once
PAGES = [page for name in ADAPTERS for page in fixture_pages(name)]
LIMITS = {
    "title": 500,
    "label": 300,
    "slug": 255,
    "native_title": 500,
    "english_title": 500,
    "url": 1000,
    "cover_url": 1000,
}
LISTS = {"alternative_titles": 500, "genres": 100, "studios": 100}
KINDS = {"", "tv", "tv_short", "movie", "ova", "ona", "special", "tv_special", "music", "pv", "cm", "unknown"}
STATUSES = {"", "upcoming", "airing", "finished", "hiatus", "cancelled", "unknown"}


def questions_of(page: FixturePage) -> list[str]:
    """The questions that a page is put to: its own, or all of its adapter's for one of no kind."""
    if page.question != "any":
        return [page.question]
    return sorted(adapter_classes()[page.adapter].capabilities)


@pytest.mark.parametrize("name", ADAPTERS)
def test_each_capability_has_a_parsing_function_and_a_page(name: str) -> None:
    shown = {page.question for page in fixture_pages(name)}
    for capability in adapter_classes()[name].capabilities:
        assert parser_of(name, capability), f"providers.adapters.{name} has no parse_{capability}"
        assert capability in shown, f"no page of providers/tests/fixtures/{name}/ shows {capability}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_gives_what_stands_beside_it_every_time(page: FixturePage) -> None:
    assert page.expected_path.exists(), f"{page.expected_path} is missing"
    expected, arguments = page.expected(), page.arguments()
    told = {key: expected[key] for key in ("result", "error") if key in expected}
    for question in questions_of(page):
        parse = parser_of(page.adapter, question)
        outcome = outcome_of(parse, page.text, expected["url"], arguments)
        assert outcome_of(parse, page.text, expected["url"], arguments) == outcome
        if IS_UPDATING:
            told = outcome
            rest = {key: expected[key] for key in expected if key not in ("result", "error")}
            page.expected_path.write_bytes(orjson.dumps(rest | outcome, option=orjson.OPT_INDENT_2) + b"\n")
        assert outcome == told


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_spoilt_page_gives_drafts_or_is_unreadable(page: FixturePage) -> None:
    text, url, arguments = page.text, page.expected()["url"], page.arguments()
    for question in questions_of(page):
        parse = parser_of(page.adapter, question)
        for spoilt in spoilt_texts(text):
            try:
                answer = parse(spoilt, url, **arguments)
            except (PageUnreadable, TitleGone):
                continue
            assert_is_safe(answer, url)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_what_is_read_has_safe_links_and_short_plain_texts(page: FixturePage) -> None:
    expected = page.expected()
    for question in questions_of(page):
        if "error" in expected:
            with pytest.raises(PageUnreadable):
                parser_of(page.adapter, question)(page.text, expected["url"], **page.arguments())
        else:
            assert_is_safe(
                parser_of(page.adapter, question)(page.text, expected["url"], **page.arguments()), expected["url"]
            )


def spoilt_texts(text: str) -> list[str]:
    """The page cut at several places, with bytes in disorder, and with hostile pieces put in."""
    chance = random.Random(7)
    raw = bytearray(text.encode())
    cut = [text[: len(text) * part // 7] for part in range(7)]
    shuffled = []
    for rate in (0.001, 0.01, 0.2):
        copy = bytearray(raw)
        for _ in range(int(len(copy) * rate) + 1 if copy else 0):
            here, there = chance.randrange(len(copy)), chance.randrange(len(copy))
            copy[here], copy[there] = copy[there], copy[here]
        shuffled.append(copy.decode("utf-8", "replace"))
    hostile = [
        text.replace("https://", "javascript:"),
        text.replace("https://", "http://127.0.0.1/"),
        text.replace('href="', 'href="data:text/html,'),
        text.replace(">", ">\x00\ud800🌸", 50),
    ]
    return cut + shuffled + hostile


def assert_is_safe(answer: Any, url: str) -> None:
    """Links are plain http(s) to public hosts or the provider's own; texts are within their limits and one line each."""
    own = urlsplit(url).hostname
    for draft in drafts_within(answer):
        for name, limit in LIMITS.items():
            value = getattr(draft, name, "")
            assert len(value) <= limit, (name, value[:80])
            assert value == " ".join(value.split()), (name, value[:80])
        for name, limit in LISTS.items():
            values = getattr(draft, name, ())
            assert all(0 < len(value) <= limit for value in values), name
            assert len(set(values)) == len(values), name
        for link in (getattr(draft, "url", ""), getattr(draft, "cover_url", ""), *getattr(draft, "more_urls", ())):
            assert_link_is_safe(link, own)
        assert getattr(draft, "kind", "") in KINDS | {"embed", "hls", "mp4", "local"}
        assert getattr(draft, "status", "") in STATUSES
        first, last = getattr(draft, "first", None), getattr(draft, "last", None)
        assert (first is None) == (last is None)
        assert first is None or 0 <= first <= last


def assert_link_is_safe(link: str, own: str | None) -> None:
    if not link:
        return
    if link.startswith("library:"):  # a file of the operator's, below the library's folder
        assert path_of(link)[:1] not in ("", "/")
        assert ".." not in path_of(link).split("/")
        return
    try:
        target = url_read(link)
    except EgressRefused:
        pytest.fail(f"no plain link: {link[:120]!r}")
    is_private = target.is_literal or "." not in target.host or target.host.endswith((".local", ".internal"))
    assert not is_private or target.host == own, link[:120]
