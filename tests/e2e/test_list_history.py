"""The history of a list on a telephone, in Russian: what happened has the width, the arrow that undoes stands beside it."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import faults_of
from tests.e2e.test_lists import listed
from tests.e2e.test_site import display_choose


def test_lines_read_downwards_on_a_telephone(page: Page, site: Site) -> None:
    sign_up(page, "history_person")
    listed(page, site, count=2)
    page.locator(".entry").first.get_by_role("button", name="Count episode 1").click()
    expect(page.locator("[data-toast]")).to_contain_text("Episode 1 counted")
    display_choose(page, "language", "ru")
    expect(page.locator("html[lang=ru]")).to_be_attached()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/list/history")
    line = page.locator(".history-line").first
    what, undo = line.locator(".history-what").bounding_box(), line.locator(".history-undo button").bounding_box()
    when, whole = line.locator("time").bounding_box(), line.bounding_box()
    assert what
    assert undo
    assert when
    assert whole
    assert what["width"] > 0.75 * whole["width"]
    assert undo["x"] >= what["x"] + what["width"]
    assert when["y"] >= what["y"] + what["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".history-day h2").first).to_have_text(re.compile(r"^[А-Я][а-я]+, \d+ [а-я]+ \d{4}$"))
    assert faults_of(page) == []
    line.get_by_role("button").click()
    expect(page.locator(".history-line").first.locator(".badge")).to_contain_text("Отменено")
