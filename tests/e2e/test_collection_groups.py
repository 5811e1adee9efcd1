"""The rows of a collection's editor: dragged by their heads with mouse and finger, moved by arrows, put back when refused."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.conftest import Site, from_elsewhere, wait_until
from tests.e2e.people import PASSWORD, sign_up
from tests.e2e.test_collections import add_three, make, saved


@pytest.fixture
def finger(chromium: Browser, site: Site) -> Iterator[Page]:
    """A telephone."""
    context = chromium.new_context(
        base_url=site.url, locale="en-US", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def tiers(page: Page, name: str, title: str) -> None:
    """Somebody new in the editor of their tier list: S A B C D."""
    sign_up(page, name)
    make(page, title)
    page.click('button:has-text("Make a tier list")')
    expect(page.locator(".board-tier")).to_have_count(5)


def order(page: Page) -> str:
    """The rows' labels from the top."""
    return " ".join(page.locator("[data-group]").evaluate_all("rows => rows.map((row) => row.dataset.name)"))


def head(page: Page, label: str) -> Locator:
    return page.locator(f'[data-group][data-name="{label}"] h3')


def pull(page: Page, label: str, above: str) -> None:
    """Drag a row with the mouse until it stands above another."""
    start = head(page, label).bounding_box()
    assert start
    page.mouse.move(start["x"] + 20, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 46, steps=3)
    to = head(page, above).bounding_box()
    assert to
    page.mouse.move(to["x"] + 30, to["y"] + 10, steps=8)
    wait_until(page, f"document.querySelector('.is-dragged').nextElementSibling.dataset.name === '{above}'")


def test_a_row_is_dragged_and_stays_there(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    tiers(page, "rows_dragged", "Rows")
    add_three(page)
    pull(page, "D", "B")
    page.mouse.up()
    saved(page)
    expect(page.locator("[data-said]")).to_have_text("D: row 3 of 5")
    assert order(page) == "S A D B C"
    assert page.locator("#item-group option").all_inner_texts()[:5] == ["S", "A", "D", "B", "C"]
    page.reload()
    assert order(page) == "S A D B C"
    pull(page, "C", "S")
    page.keyboard.press("Escape")
    page.mouse.up()
    assert order(page) == "S A D B C"


def test_a_finger_drags_a_row_by_its_grip(finger: Page) -> None:
    tiers(finger, "rows_touched", "Rows")
    grip = finger.locator("[data-group][data-name=A] [data-group-grip]")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = finger.context.new_cdp_session(finger)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 12):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 8 * step}]})
        finger.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    saved(finger)
    assert order(finger) == "A S B C D"
    finger.reload()
    assert order(finger) == "A S B C D"


def test_arrows_move_a_row_and_keep_the_focus(page: Page) -> None:
    tiers(page, "rows_by_keys", "Rows")
    up = page.get_by_role("button", name="Move C up")
    up.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("C: row 3 of 5")
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("C: row 1 of 5")
    expect(up).to_be_disabled()
    expect(page.get_by_role("button", name="Move C down")).to_be_focused()
    saved(page)
    page.reload()
    assert order(page) == "C S A B D"


def test_a_row_moved_twice_is_unsaved_until_both_moves_are(page: Page) -> None:
    tiers(page, "rows_twice", "Rows")
    held: list[Route] = []
    page.route(re.compile("/groups/"), lambda route: held.append(route))
    row = page.locator("[data-group][data-name=C]")
    page.get_by_role("button", name="Move C up").click()
    page.get_by_role("button", name="Move C up").click()
    with page.expect_response(re.compile("/groups/")):
        held.pop().continue_()
    while not held:
        page.wait_for_timeout(20)
    expect(row).to_have_class(re.compile("is-saving"))
    held.pop().continue_()
    saved(page)
    page.unroute_all()
    page.reload()
    assert order(page) == "S C A B D"


def test_a_row_that_cannot_be_saved_goes_back(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    tiers(page, "rows_offline", "Rows")
    page.route(re.compile("/groups/"), lambda route: route.abort())
    page.get_by_role("button", name="Move S down").click()
    expect(page.locator(".toast")).to_contain_text("could not be saved")
    assert order(page) == "S A B C D"
    expect(page.get_by_role("button", name="Move S up")).to_be_disabled()


def test_arrows_work_without_scripts(chromium: Browser, site: Site, page: Page) -> None:
    tiers(page, "rows_plain", "Rows")
    context = chromium.new_context(base_url=site.url, locale="en-US", java_script_enabled=False)
    plain = context.new_page()
    from_elsewhere(plain)
    plain.goto("/accounts/login/")
    plain.fill('input[name="login"]', "rows_plain")
    plain.fill('input[name="password"]', PASSWORD)
    plain.click('main button[type="submit"]')
    plain.goto(page.url)
    plain.locator('button[aria-label="Move B up"]').click()
    for place, name in enumerate("SBACD"):
        expect(plain.locator("[data-group]").nth(place)).to_have_attribute("data-name", name)
    context.close()
