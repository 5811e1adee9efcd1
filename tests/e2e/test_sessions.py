"""Sessions in the browser: what ends in one browser's settings ends the other's open page; ends of one's own lead where they say."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Site, Watcher, wait_for
from tests.e2e.test_accessibility import faults_of

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


class Sockets:
    """How many sockets of a page are ready, and how many were opened."""

    def __init__(self, page: Any) -> None:
        self.ready = self.opened = 0
        page.on("websocket", self._opened)

    def _opened(self, socket: Any) -> None:
        self.opened += 1
        socket.on("framereceived", lambda frame: self._frame(str(frame)))

    def _frame(self, frame: str) -> None:
        self.ready += '"READY"' in frame


@pytest.fixture
def browser_of(chromium: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """A signed-in page of a browser of its own; any error of its scripts fails the test."""
    opened: list[tuple[Any, Watcher]] = []

    def sign_in(**options: Any) -> Any:
        context = chromium.new_context(base_url=site.url, locale="en-US", **options)
        page = context.new_page()
        page.set_default_timeout(15_000)
        opened.append((context, Watcher(page, site)))
        page.sockets = Sockets(page)
        page.goto("/accounts/login/?next=/schedule")
        page.fill("[name=login]", "admin")
        page.fill("[name=password]", site.password)
        page.click("main form button.button-primary")
        page.wait_for_url("**/schedule")
        return page

    yield sign_in
    for context, watcher in opened:
        context.close()
        assert watcher.faults == []


def _until_ready(page: Any, before: int = 0) -> None:
    wait_for(page, lambda: page.sockets.ready > before, "the page's socket is ready")


@pytest.mark.timed
def test_the_other_browsers_open_page_is_signed_out_within_two_seconds(browser_of: Callable[..., Any]) -> None:
    here, phone = browser_of(), browser_of(user_agent=PHONE)
    _until_ready(phone)
    here.goto("/settings/sessions")
    other = here.locator(".session:not(.session-current)", has_text="Safari on iOS").first
    expect(other).to_contain_text("here now")
    began = time.monotonic()
    other.get_by_role("button", name="Sign out Safari on iOS").click(no_wait_after=True)
    phone.wait_for_url("**/accounts/login/?next=%2Fschedule", wait_until="commit", timeout=5_000)
    assert time.monotonic() - began < 2
    phone.get_by_text("You were signed out.").wait_for()
    here.get_by_text("Safari on iOS is signed out.").wait_for()
    assert here.url.endswith("/settings/sessions")


def test_sign_out_everywhere_else_keeps_this_one(browser_of: Callable[..., Any]) -> None:
    here, others = browser_of(), [browser_of(user_agent=PHONE) for _ in range(2)]
    for page in others:
        _until_ready(page)
    here.goto("/settings/sessions")
    here.get_by_role("button", name="Sign out everywhere else").click(no_wait_after=True)
    for page in others:
        page.wait_for_url("**/accounts/login/**", wait_until="commit", timeout=5_000)
    here.get_by_text("You are signed in nowhere else.").wait_for()
    here.goto("/settings")
    assert here.url.endswith("/settings")


def test_signing_out_oneself_goes_home_and_takes_the_other_tab_along(browser_of: Callable[..., Any]) -> None:
    page = browser_of()
    tab = page.context.new_page()
    tab.sockets = Sockets(tab)
    tab.goto("/browse")
    _until_ready(tab)
    page.goto("/accounts/logout/")
    _until_ready(page, page.sockets.ready)
    page.locator("main form button").click()
    tab.wait_for_url("**/accounts/login/**", wait_until="commit", timeout=5_000)
    page.wait_for_timeout(500)
    assert page.url.rstrip("/").endswith(str(page.context.pages[0].evaluate("location.host")))


def test_a_page_from_the_history_is_checked_again(browser_of: Callable[..., Any]) -> None:
    page, other = browser_of(), browser_of(user_agent=PHONE)
    for address in ("/browse", "/settings/sessions"):
        other.goto(address)
    page.goto("/settings/sessions")
    page.get_by_role("button", name="Sign out everywhere else").click()
    other.wait_for_url("**/accounts/login/**", wait_until="commit", timeout=5_000)
    other.go_back()
    other.wait_for_url("**/accounts/login/**", wait_until="commit", timeout=5_000)
    other.wait_for_load_state()
    expect(other.locator("body[data-signed-in]")).to_have_count(0)


def test_a_hidden_page_lets_go_of_its_socket_and_asks_again_when_it_is_seen(browser_of: Callable[..., Any]) -> None:
    page = browser_of()
    _until_ready(page)
    hide = "(value) => { Object.defineProperty(document, 'hidden', { value, configurable: true });"
    change = " document.dispatchEvent(new Event('visibilitychange')); }"
    page.clock.install()
    closed: list[int] = []
    page.on("websocket", lambda socket: socket.on("close", lambda _: closed.append(1)))
    ready = page.sockets.ready
    page.reload()
    page.clock.run_for(2_000)
    _until_ready(page, ready)
    page.evaluate(hide + change, True)
    page.clock.run_for(21_000)
    wait_for(page, lambda: closed, "the socket is closed")
    page.wait_for_timeout(300)
    assert closed == [1]
    ready = page.sockets.ready
    page.evaluate(hide + change, False)
    _until_ready(page, ready)


def test_without_scripts_the_page_works(chromium: Any, site: Site, browser_of: Callable[..., Any]) -> None:
    signed_in = browser_of()
    plain = chromium.new_context(
        base_url=site.url, locale="en-US", java_script_enabled=False, storage_state=signed_in.context.storage_state()
    )
    page = plain.new_page()
    browser_of(user_agent=PHONE)
    page.goto("/settings/sessions")
    before = page.locator(".session").count()
    page.locator(".session:not(.session-current) button").first.click()
    expect(page.locator(".session")).to_have_count(before - 1)
    plain.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1440, "light"), (1440, "dark")])
def test_nothing_is_cut_off_or_hard_to_read(browser_of: Callable[..., Any], width: int, scheme: str) -> None:
    page = browser_of(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto("/settings/sessions")
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
