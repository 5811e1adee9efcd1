"""Friends in a browser: two people meet, live, part and are hidden from each other; every form without scripts too."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, Watcher
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import looked_over

_numbers = count(1)


def newcomer(page: Page) -> str:
    """Somebody new, signed in."""
    name = f"friend_{next(_numbers)}_x"
    sign_up(page, name)
    return name


@pytest.fixture
def second(chromium: Browser, site: Site) -> Iterator[Page]:
    """The browser of somebody else."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=site.url, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(15_000)
    watcher = Watcher(page, site)
    yield page
    context.close()
    assert watcher.faults == []


def test_two_people_meet_and_part(page: Page, second: Page) -> None:
    one, other = newcomer(page), newcomer(second)
    second.goto("/friends?tab=requests")
    expect(second.locator("#people")).to_contain_text("Nobody asks you right now")
    page.goto("/friends")
    page.fill("#people-q", other)
    page.keyboard.press("Enter")
    line = page.locator(".person-line", has_text=f"@{other}")
    line.get_by_role("button", name="Befriend").click()
    expect(line.get_by_role("button", name="Take the request back")).to_be_visible()
    expect(page.locator(".toasts")).to_contain_text("You asked.")

    asking = second.locator(".person-line", has_text=f"@{one}")  # it comes by itself
    expect(asking).to_be_visible()
    expect(second.locator(".people-count.is-new")).to_have_text("1")
    page.goto(f"/users/{other}")
    expect(page.get_by_role("button", name="Take the request back")).to_be_visible()
    asking.get_by_role("button", name="Accept").click()
    expect(asking.locator("summary", has_text="Friends")).to_be_visible()
    expect(page.locator(".profile-head summary", has_text="Friends")).to_be_visible()  # by itself, too
    for reader, friend in ((page, other), (second, one)):
        reader.goto("/friends")
        expect(reader.locator(".person-line")).to_have_count(1)
        expect(reader.locator(".person-line")).to_contain_text(friend)
    second.goto(f"/users/{one}")
    expect(second.locator(".profile-people .faces li")).to_have_count(1)
    follow = second.locator(".profile-head").get_by_role("button", name="Follow")
    follow.click()
    expect(second.locator(".profile-head").get_by_role("button", name="Following")).to_have_attribute(
        "aria-pressed", "true"
    )

    second.locator(".profile-head summary[aria-label^='More about']").click()
    second.locator(".profile-head").get_by_role("link", name="Block…").click()
    expect(second.get_by_role("heading", level=1)).to_have_text(f"Block {one}?")
    second.locator("main").get_by_role("button", name="Block", exact=True).click()
    second.wait_for_url("**/friends?tab=blocked")
    expect(second.locator(".person-line")).to_contain_text(one)
    for reader, gone in ((page, other), (second, one)):
        answer = reader.goto(f"/users/{gone}")
        assert answer is not None
        assert answer.status == 404
        reader.goto(f"/friends?q={gone}")
        expect(reader.locator(".person-line")).to_have_count(0)
        reader.goto("/friends")
        expect(reader.locator(".person-line")).to_have_count(0)
    second.goto("/friends?tab=blocked")
    second.get_by_role("button", name="Unblock").click()
    expect(second.locator(".person-line").get_by_role("button", name="Befriend")).to_be_visible()


def test_who_befriends_by_keyboard_goes_on_from_there(page: Page, second: Page) -> None:
    """The button goes with the piece that htmx replaces; the focus goes to what can be done next, not to the page's top."""
    name = newcomer(page)
    newcomer(second)
    second.goto(f"/users/{name}")
    second.get_by_role("button", name="Befriend").focus()
    second.keyboard.press("Enter")
    back = second.get_by_role("button", name="Take the request back")
    expect(back).to_be_focused()
    second.keyboard.press("Enter")
    expect(second.get_by_role("button", name="Befriend")).to_be_focused()


def test_what_happens_before_a_page_has_its_socket_shows_too(page: Page, second: Page) -> None:
    one, other = newcomer(page), newcomer(second)
    page.goto(f"/users/{other}")
    page.locator(".profile-head").get_by_role("button", name="Befriend").click()
    expect(page.get_by_role("button", name="Take the request back")).to_be_visible()
    page.add_init_script("window.requestIdleCallback = (run) => (window.socketOpen = run)")
    page.reload()
    second.goto(f"/users/{one}")
    second.locator(".profile-head").get_by_role("button", name="Accept").click()
    expect(second.locator(".profile-head summary", has_text="Friends")).to_be_visible()
    expect(page.get_by_role("button", name="Take the request back")).to_be_visible()
    page.evaluate("window.socketOpen()")
    expect(page.locator(".profile-head summary", has_text="Friends")).to_be_visible()


def test_all_of_it_without_scripts(chromium: Browser, site: Site, second: Page) -> None:
    other = newcomer(second)
    context = chromium.new_context(base_url=site.url, locale="en-US", java_script_enabled=False)
    plain = context.new_page()
    plain.set_default_timeout(15_000)
    one = newcomer(plain)
    plain.goto(f"/users/{other}")
    head = plain.locator(".profile-head")
    head.get_by_role("button", name="Befriend").click()
    head.get_by_role("button", name="Take the request back").click()
    head.get_by_role("button", name="Befriend").click()
    expect(plain.locator(".toasts")).to_contain_text("You asked.")
    head.get_by_role("button", name="Follow").click()
    expect(head.get_by_role("button", name="Following")).to_be_visible()
    second.goto(f"/users/{one}")
    second.locator(".profile-head").get_by_role("button", name="Accept").click()
    expect(second.locator(".profile-head summary", has_text="Friends")).to_be_visible()
    plain.goto("/friends")
    line = plain.locator(".person-line")
    line.locator("summary", has_text="Friends").click()
    line.get_by_role("button", name="Remove from friends").click()
    expect(plain.locator("#people")).to_contain_text("No friends yet")
    plain.goto(f"/users/{other}")
    head.locator("summary[aria-label^='More about']").click()
    head.get_by_role("link", name="Block…").click()
    plain.locator("main").get_by_role("button", name="Block", exact=True).click()
    plain.get_by_role("button", name="Unblock").click()
    expect(plain.locator("#people")).to_contain_text("You block nobody")
    context.close()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_page_of_friends_has_a_serious_fault(page: Page, second: Page, site: Site, theme: str) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    page.emulate_media(reduced_motion="reduce")
    one, other = newcomer(page), newcomer(second)
    second.goto(f"/users/{one}")
    second.locator(".profile-head").get_by_role("button", name="Befriend").click()
    expect(second.locator(".profile-head").get_by_role("button", name="Take the request back")).to_be_visible()
    second.locator(".profile-head").get_by_role("button", name="Follow").click()
    expect(second.locator(".profile-head").get_by_role("button", name="Following")).to_be_visible()
    found: dict[str, list[str]] = {}
    for what, path in {
        "requests": "/friends?tab=requests",
        "found": f"/friends?q={other}",
        "nobody found": "/friends?q=nobody_of_this_name",
        "friends": "/friends",
        "a profile": f"/users/{other}",
        "friends of somebody": f"/users/{one}/friends?tab=followers",
    }.items():
        page.goto(path)
        looked_over(page, what, found)
    page.goto(f"/users/{other}")
    page.locator(".profile-head summary[aria-label^='More about']").click()
    page.locator(".profile-head").get_by_role("link", name="Block…").click()
    looked_over(page, "block", found)
    assert found == {}
