"""Notifications in browsers: the bell moves at once, other tabs follow, the panel by keyboard, new ones on top of the list."""

import time
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, Watcher, wait_until
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import faults_of

WITHIN = 1.0
"""Seconds from the answer to what somebody did until the other's badge has moved (issue 5)."""
COUNT = "document.querySelector('.bell-count')"
ONE_MORE = "{type: 'notification.created', data: {kind: 'followed', unread: 3, text: 'One more', url: '/'}}"
"""What a page hears that draws the open panel anew."""
_numbers = count(1)


@pytest.fixture
def people(chromium: Browser, site: Site) -> Iterator[tuple[Page, Page]]:
    """The reader and somebody who does things, each in a browser of their own and on the schedule."""
    contexts = [
        chromium.new_context(viewport={"width": 1200, "height": 900}, base_url=site.url, locale="en-US")
        for _person in range(2)
    ]
    pages, watchers = [], []
    for context in contexts:
        page = context.new_page()
        page.set_default_timeout(15_000)
        watchers.append(Watcher(page, site))
        sign_up(page, f"bell_{next(_numbers)}_x")
        page.goto("/schedule")
        pages.append(page)
    yield pages[0], pages[1]
    for context in contexts:
        context.close()
    assert [fault for watcher in watchers for fault in watcher.faults] == []


def call(page: Page, path: str, body: dict[str, str] | None = None) -> int:
    """POST to the API as whoever is signed in on the page; the status."""
    return page.evaluate(
        """async ([path, body]) => {
          const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
          const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
          return (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).status;
        }""",
        [f"/api/v1/{path}", body],
    )


def who(page: Page) -> str:
    return page.evaluate("fetch('/api/v1/auth/me').then((answer) => answer.json()).then((me) => me.id)")


def ready(page: Page) -> None:
    """Until the page's socket is there and has brought its snapshot."""
    page.add_init_script("document.addEventListener('live', () => (window.seenLive = true))")
    page.reload()
    wait_until(page, "window.seenLive")


def seconds_until(page: Page, number: int) -> float:
    """How long until the bell shows the number."""
    began = time.monotonic()
    wait_until(page, f"{COUNT}.textContent === '{number}' && !{COUNT}.hidden")
    return time.monotonic() - began


@pytest.mark.timed
def test_the_badge_moves_within_a_second_and_other_tabs_follow(people: tuple[Page, Page]) -> None:
    reader, other = people
    tab = reader.context.new_page()
    tab.goto("/notifications")
    for page in (reader, tab):
        ready(page)
    expect(tab.get_by_role("heading", name="Nothing yet")).to_be_visible()
    me = who(reader)
    assert call(other, f"users/{me}/follow") < 300
    took = [seconds_until(reader, 1)]
    expect(reader.locator(".bell > summary")).to_have_attribute("aria-label", "Notifications, unread: 1")
    expect(reader.locator(".toasts")).to_contain_text("started to follow you.")
    assert reader.title().startswith("(1) ")
    expect(tab.locator(".notice.is-unread")).to_contain_text("started to follow you.")  # on top, without a reload
    expect(tab.locator("[data-notice-said][role=status]")).to_contain_text("started to follow you.")
    assert call(other, "friends/request", {"user_id": me}) < 300
    took.append(seconds_until(reader, 2))
    assert max(took) < WITHIN, took
    expect(tab.locator(".notice").first).to_contain_text("would like to be your friend.")
    tab.locator(".notice", has_text="started to follow you").get_by_role("button", name="Mark read").click()
    expect(reader.locator(".bell-count")).to_have_text("1")
    tab.get_by_role("button", name="Mark all read").click()
    expect(reader.locator(".bell-count")).to_be_hidden()
    assert not reader.title().startswith("(")
    assert faults_of(tab) == []


def test_the_panel_is_walked_by_keyboard_and_leads_to_the_place(people: tuple[Page, Page]) -> None:
    reader, other = people
    me = who(reader)
    assert call(other, f"users/{me}/follow") < 300
    assert call(other, "friends/request", {"user_id": me}) < 300
    reader.reload()
    reader.locator(".header .search input").first.focus()
    for _ in range(30):
        if not reader.evaluate("document.activeElement.matches('.bell > summary')"):
            reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    expect(reader.locator(".bell-list li")).to_have_count(2)
    wait_until(reader, "document.activeElement.closest('.bell-panel')")
    assert faults_of(reader) == []
    reader.keyboard.press("Escape")
    expect(reader.locator(".bell-panel")).to_be_hidden()
    expect(reader.locator(".bell > summary")).to_be_focused()
    reader.keyboard.press("Space")
    expect(reader.locator(".bell-list")).to_be_visible()
    wait_until(reader, "document.activeElement.closest('.bell-panel')")
    reader.evaluate("document.activeElement.dataset.held = ''")
    reader.evaluate(f"document.dispatchEvent(new CustomEvent('live', {{detail: {ONE_MORE}}}))")
    wait_until(reader, "!document.querySelector('[data-held]') && document.activeElement.closest('.bell-panel')")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("ArrowUp")
    wait_until(reader, "document.activeElement.textContent.includes('friend')")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/friends*")
    expect(reader.locator(".bell-count")).to_have_text("1")
    reader.locator(".bell > summary").click()
    reader.get_by_role("button", name="Mark all read").click()
    expect(reader.locator(".bell-count")).to_be_hidden()


def test_deleting_is_taken_back_and_all_goes_after_a_question(people: tuple[Page, Page]) -> None:
    reader, other = people
    assert call(other, f"users/{who(reader)}/follow") < 300
    reader.goto("/notifications")
    reader.get_by_role("button", name="Delete: ").click()
    expect(reader.get_by_role("heading", name="Nothing yet")).to_be_visible()
    reader.get_by_role("button", name="Undo").click()
    expect(reader.locator(".notice")).to_have_count(1)
    reader.get_by_text("Delete all…").click()
    reader.get_by_role("button", name="Delete all", exact=True).click()
    expect(reader.get_by_role("heading", name="Nothing yet")).to_be_visible()
    expect(reader.locator(".bell-count")).to_be_hidden()


def test_wishes_for_one_anime_are_chosen_on_its_page(people: tuple[Page, Page], site: Site) -> None:
    reader, _other = people
    reader.goto(f"/anime/{site.demo_id}")
    reader.locator(".wish-menu > summary").click()
    reader.get_by_label("Tell me nothing").check()
    reader.locator(".wish-panel").get_by_role("button", name="Save").click()
    expect(reader.locator(".toasts")).to_contain_text("Saved.")
    reader.goto("/settings/notifications")
    expect(reader.locator(".wish-own")).to_contain_text("Nothing")
    assert faults_of(reader) == []
    expect(reader.locator("input[name=wish]").first).to_be_attached()
