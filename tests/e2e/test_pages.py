"""Pages in a real browser: nothing from elsewhere, no script error, nothing wider than the window, no serious barrier."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site

PATHS = [
    "/",
    "/browse",
    "/browse?view=list&status=airing",
    "/search?q=hiroba",
    "/anime/{demo}",
    "/schedule",
    "/accounts/login/",
    "/nowhere",
]


@pytest.fixture
def faults() -> list[str]:
    """What went wrong on the page of the test."""
    return []


@pytest.fixture(params=[(390, "dark"), (1440, "light")], ids=["phone-dark", "desk-light"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: Site, faults: list[str]) -> Iterator[Page]:
    """A fresh visitor; requests that leave the site and script errors are collected."""
    width, theme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="en-GB", timezone_id="UTC")
    context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda sent: sent.url.startswith((site.url, "data:", "blob:")) or faults.append(sent.url))
    yield page
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_page_is_sound(page: Page, site: Site, faults: list[str], path: str) -> None:
    page.goto(site.url + path.format(demo=site.demo_id))
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    barriers = [
        f"{item['id']}: {item['nodes'][0]['html'][:120]}" for item in found if item["impact"] in ("serious", "critical")
    ]
    assert barriers == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert faults == []


def test_search_as_you_type_by_keyboard(page: Page, site: Site, faults: list[str]) -> None:
    page.goto(site.url)
    page.keyboard.press("/")
    page.keyboard.type("hiroba no akri")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=combobox]")).to_have_attribute("aria-activedescendant", "search-option-1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/anime/{site.demo_id}-*")
    assert faults == []


def test_filters_change_results_and_address(page: Page, site: Site, faults: list[str]) -> None:
    page.goto(f"{site.url}/browse")
    if page.locator(".filters-toggle summary").is_visible():
        page.click(".filters-toggle summary")
    before = page.inner_text(".browse-count")
    page.check("input[name=has_video]", force=True)
    page.wait_for_url("**/browse?has_video=true")
    page.locator("#browse-results .chip >> nth=0").wait_for()
    expect(page.locator("#browse-results .card")).to_have_count(1)
    page.click("#browse-results .chip >> nth=0")
    page.wait_for_url("**/browse")
    expect(page.locator(".browse-count")).to_have_text(before, use_inner_text=True)
    assert faults == []


def test_theme_is_switched_at_once_and_kept(page: Page, site: Site, faults: list[str]) -> None:
    page.goto(site.url)
    page.click("summary[aria-label='Appearance and language']")
    page.click("form[data-theme-switch] button[value=light]")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert faults == []


def test_anonymous_viewer_continues_and_removes(page: Page, site: Site, faults: list[str]) -> None:
    page.goto(site.url)
    page.evaluate(
        """id => localStorage.setItem("hiroba.progress", JSON.stringify(
            [{anime_id: id, episode_num: 2, timecode: 30, duration: 78, updated_at: new Date().toISOString()}]))""",
        site.demo_id,
    )
    page.reload()
    card = page.locator("[data-resume] .card")
    card.wait_for()
    assert card.locator("a").get_attribute("href") == f"/watch/{site.demo_id}/2"
    card.hover()
    card.locator("button").click()
    card.wait_for(state="detached")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-resume] .card").count() == 0
    assert faults == []
