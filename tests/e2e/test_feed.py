"""The feed in a browser: a friend's sentence, the own line taken out and brought back, reading on by scrolling."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import faults_of
from tests.e2e.test_lists import listed


def test_own_lines_are_told_taken_out_and_brought_back(page: Page, site: Site) -> None:
    sign_up(page, "feed_person")
    listed(page, site, count=2)
    page.locator(".entry").first.get_by_role("button", name="Count episode 1").click()
    expect(page.locator("[data-toast]")).to_contain_text("Episode 1 counted")
    page.goto("/feed")
    expect(page.get_by_role("heading", name="Activity", exact=True)).to_be_visible()
    expect(page.get_by_text("Nobody else sees what you do.")).to_be_visible()
    page.get_by_role("link", name="Mine").click()
    expect(page.get_by_role("link", name="Mine")).to_have_attribute("aria-current", "page")
    rows = page.locator(".feed-row")
    expect(rows.first.locator(".feed-words")).to_contain_text("feed_person")
    before = rows.count()
    assert faults_of(page) == []
    remove = rows.first.get_by_role("button", name="Remove")
    remove.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toasts")).to_contain_text("Taken out of your activity")
    expect(rows).to_have_count(before - 1)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(before)
    page.get_by_role("link", name=re.compile("Change")).click()
    expect(page).to_have_url(re.compile("/settings/privacy"))


def test_it_fits_a_narrow_telephone(page: Page, site: Site) -> None:
    sign_up(page, "narrow_feed_person")
    listed(page, site, count=2)
    page.locator(".entry").first.get_by_role("button", name="Count episode 1").click()
    expect(page.locator("[data-toast]")).to_contain_text("Episode 1 counted")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/feed?tab=mine")
    expect(page.locator(".feed-row").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults_of(page) == []
