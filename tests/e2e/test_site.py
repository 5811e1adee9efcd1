"""The site in a real browser: finding, choosing, signing in, the list, every width, and all of it without JavaScript."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, wait_until
from tests.e2e.people import sign_in_by_form, sign_up_by_form

DEMO = "Hiroba no Akari"


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = chromium.new_context(base_url=site.url, locale="en-US", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def sign_out(page: Page) -> None:
    page.click('summary[aria-label="Your account"]')
    page.click('form[action="/accounts/logout/"] button')
    expect(page.locator("body:not([data-signed-in])")).to_be_visible()


def display_choose(page: Page, preference: str, value: str) -> None:
    """Press a button of the menu of appearance and language."""
    page.locator("header details.menu > summary").first.click()
    page.click(f'form[action="/preferences/{preference}"] button[value="{value}"]')


def test_from_a_few_letters_to_a_playing_episode(page: Page, site: Site) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("hiroba no aka", delay=30)
    first = page.locator("#search-list [role=option]").first
    expect(first).to_contain_text(DEMO)
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(page.locator("input[role=combobox]")).to_have_attribute("aria-activedescendant", "search-option-1")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/anime/{site.demo_id}\b"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(DEMO)
    page.locator("main").get_by_role("link", name="Watch", exact=True).click()
    page.wait_for_url(f"**/watch/{site.demo_id}/1")
    page.wait_for_selector("[data-watch][data-ready]")
    page.keyboard.press("k")
    wait_until(page, "document.querySelector('video').currentTime > 1")


def test_the_search_field_forgives_closes_and_leads_to_all_results(page: Page) -> None:
    page.goto("/")
    page.fill("input[role=combobox]", "hirobba no akri")
    expect(page.locator("#search-list [role=option]").first).to_contain_text(DEMO)
    page.keyboard.press("Escape")
    expect(page.locator("#search-list")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator(".card").first).to_contain_text(DEMO)


def test_filters_live_in_the_address(page: Page) -> None:
    page.goto("/browse")
    everything = page.locator(".browse-count b").inner_text()
    with page.expect_response(re.compile(r"/browse\?")):
        page.check('input[name="type"][value="movie"]', force=True)
    page.wait_for_url(re.compile(r"type=movie"))
    expect(page.locator(".browse-count b")).not_to_have_text(everything)
    films = page.locator(".browse-count b").inner_text()
    page.fill('input[name="year_min"]', "2015")
    page.keyboard.press("Tab")
    page.wait_for_url(re.compile(r"year_min=2015"))
    expect(page.locator(".browse-count b")).not_to_have_text(films)
    assert query(page)["type"] == ["movie"]
    kept = page.locator(".browse-count b").inner_text()
    page.reload()
    expect(page.locator(".browse-count b")).to_have_text(kept)
    expect(page.locator('input[name="type"][value="movie"]')).to_be_checked()
    chips = page.locator('ul[aria-label="Chosen filters"] a')
    expect(chips).to_have_count(3)  # two filters and "remove all"
    chips.filter(has_text="2015").click()
    expect(page.locator(".browse-count b")).to_have_text(films)
    assert "year_min" not in query(page)
    page.go_back()
    page.wait_for_url(re.compile(r"year_min=2015"))
    expect(page.locator(".browse-count b")).to_have_text(kept)


def test_nothing_found_says_so_and_offers_a_way_out(page: Page) -> None:
    page.goto("/browse?q=zzzzqqqqxxxx&year_min=2190")
    expect(page.locator(".browse-count b")).to_have_text("0")
    page.get_by_role("link", name="Reset the filters").click()
    page.wait_for_url(re.compile(r"/browse$"))
    expect(page.locator(".card").first).to_be_visible()


def test_the_theme_is_kept(page: Page) -> None:
    page.goto("/")
    display_choose(page, "theme", "light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto("/browse")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    display_choose(page, "theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_the_language_of_the_site_and_of_titles(page: Page, site: Site) -> None:
    page.goto(f"/anime/{site.demo_id}")
    display_choose(page, "language", "ru")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.goto("/browse")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    display_choose(page, "language", "en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"/anime/{site.demo_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(DEMO)
    display_choose(page, "titles", "native")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("[぀-ヿ一-鿿]"))
    assert page.get_by_role("heading", level=1).get_attribute("lang") == "ja"
    display_choose(page, "titles", "english")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^[A-Z][a-z]"))


def test_the_schedule_shows_today_in_the_chosen_zone(page: Page) -> None:
    page.goto("/schedule")
    today = page.locator("section.is-today")
    expect(today).to_have_count(1)
    for zone in ("Asia/Tokyo", "UTC"):
        page.select_option('form[data-zone] select[name="value"]', zone)
        expect(page.locator(f'form[data-zone] option[selected]:has-text("{zone}")')).to_have_count(1)
        expected = page.evaluate(f"new Intl.DateTimeFormat('en-CA', {{timeZone: '{zone}'}}).format(new Date())")
        assert today.locator("h2 time").get_attribute("datetime") == expected
    page.click('a[aria-label="Earlier"]')
    expect(page.locator("section.is-today")).to_have_count(0)
    page.get_by_role("link", name="Today").click()
    expect(page.locator("section.is-today")).to_have_count(1)


def test_a_newcomer_signs_up_and_keeps_a_list(page: Page, site: Site) -> None:
    sign_up_by_form(page, "newcomer")
    sign_out(page)
    sign_in_by_form(page, "newcomer")
    page.goto(f"/anime/{site.demo_id}")
    page.click("#list-menu > summary")
    page.check('#list-menu input[name="status"][value="watching"]')
    page.fill("#list-menu input[name=score]", "8.7")
    page.click("#list-menu .list-save button")
    expect(page.locator("#list-menu > summary")).to_contain_text("8.7")
    page.reload()
    expect(page.locator("#list-menu > summary")).to_contain_text("Watching")
    page.goto("/browse")
    page.check('input[name="on_list"]', force=True)
    page.wait_for_url(re.compile(r"on_list=true"))
    expect(page.locator(".browse-count b")).to_have_text("1")
    expect(page.locator(".card")).to_contain_text(DEMO)
    page.goto(f"/anime/{site.demo_id}")
    page.click("#list-menu > summary")
    page.check('#list-menu input[name="status"][value="none"]')
    page.click("#list-menu .list-save button")
    expect(page.locator("#list-menu > summary")).to_contain_text("Add to list")
    sign_out(page)
    page.goto("/browse?on_list=true")
    expect(page.locator("main")).to_be_visible()


def test_a_wrong_password_is_told_without_saying_which_part(page: Page) -> None:
    texts = []
    for name in ("admin", "nobody_here"):
        page.goto("/accounts/login/")
        page.fill('input[name="login"]', name)
        page.fill('input[name="password"]', "certainly wrong 1")
        page.click('main button[type="submit"]')
        texts.append(
            page.locator("main [role=alert], main .errors, main .errorlist, main .note-error").first.inner_text()
        )
    assert texts[0] == texts[1] != ""


def test_an_address_without_a_page(page: Page) -> None:
    for path in ("/there/is/nothing", "/anime/999999999", "/watch/999999999/1"):
        response = page.goto(path)
        assert response is not None
        assert response.status == 404, path
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.locator("main").get_by_role("link", name="Browse the catalogue").click()
        page.wait_for_url("**/browse")


def test_the_skip_link_comes_first_and_works(page: Page) -> None:
    page.goto("/browse")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 1440, 2560])
def test_no_page_scrolls_sideways(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in (
        "/",
        "/browse",
        "/browse?view=list&type=tv&year_min=2000&sort=score",
        "/search?q=the",
        f"/anime/{site.demo_id}",
        f"/watch/{site.demo_id}/1",
        "/schedule",
        "/accounts/login/",
        "/accounts/signup/",
        "/nothing/here",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_reading_works_without_scripts(plain: Page, site: Site) -> None:
    plain.goto("/")
    expect(plain.locator(".card").first).to_be_visible()
    plain.fill("input[role=combobox]", "hiroba no akari")
    plain.press("input[role=combobox]", "Enter")
    plain.wait_for_url("**/search?q=*")
    plain.locator(".card a").first.click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text(DEMO)
    plain.locator("main").get_by_role("link", name="Watch", exact=True).click()
    expect(plain.locator("noscript, .note").first).to_be_attached()
    plain.goto("/browse")
    plain.fill('input[name="year_min"]', "2015")
    plain.select_option('select[name="sort"]', "score")
    plain.get_by_role("button", name="Show", exact=True).click()
    plain.wait_for_url(re.compile(r"year_min=2015"))
    assert query(plain)["sort"] == ["score"]
    plain.locator('ul[aria-label="Chosen filters"] a').first.click()
    assert "year_min" not in query(plain)
    plain.goto("/schedule")
    plain.select_option('form[data-zone] select[name="value"]', "Asia/Tokyo")
    plain.get_by_role("button", name="Set", exact=True).click()
    expect(plain.locator('form[data-zone] select[name="value"]')).to_have_value("Asia/Tokyo")
    display_choose(plain, "theme", "light")
    expect(plain.locator("html")).to_have_attribute("data-theme", "light")


def test_forms_work_without_scripts(plain: Page, site: Site) -> None:
    sign_up_by_form(plain, "plain_reader")
    sign_out(plain)
    sign_in_by_form(plain, "plain_reader")
    plain.goto(f"/anime/{site.demo_id}")
    plain.click("#list-menu > summary")
    plain.check('#list-menu input[name="status"][value="completed"]')
    plain.fill("#list-menu input[name=score]", "6.4")
    plain.click("#list-menu .list-save button")
    plain.wait_for_url(re.compile(rf"/anime/{site.demo_id}\b"))
    expect(plain.locator("#list-menu > summary")).to_contain_text("6.4")
    plain.goto("/settings")
    plain.fill('input[name="display_name"]', "Plain Reader")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.locator('input[name="display_name"]')).to_have_value("Plain Reader")
    sign_out(plain)
