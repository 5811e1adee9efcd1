"""Reports in a browser: by the keyboard alone to the desk and back, from the player, without scripts; thumbs on anime."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, wait_until
from tests.e2e.people import PASSWORD, sign_in, sign_up
from tests.e2e.test_accessibility import looked_over
from tests.e2e.test_player import TIME, open_episode, stand_at

_numbers = count(1)
IN_DIALOG = "document.activeElement === document.body || document.querySelector('#report-dialog').contains(document.activeElement)"


def newcomer(page: Page) -> str:
    name = f"witness_{next(_numbers)}_x"
    sign_up(page, name)
    return name


@pytest.fixture
def other(chromium: Browser, site: Site) -> Iterator[Page]:
    """Somebody else's browser."""
    context = chromium.new_context(base_url=site.url, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = chromium.new_context(base_url=site.url, locale="en-US", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def write_comment(page: Page, site: Site, words: str) -> None:
    page.goto(f"/threads/anime/{site.demo_id}")
    box = page.locator(".composer-new [data-composer-text]")
    box.fill(words)
    box.press("Control+Enter")
    expect(page.locator(".comment", has_text=words).first).to_be_visible()


def decide(page: Page, site: Site, author: str, words: str, outcome: str) -> None:
    """The superadmin finds it in the queue, takes it, deletes the comment and closes with an outcome."""
    sign_in(page, "admin", site.password)
    page.goto("/admin/social/report/")
    page.locator("#result_list tr", has_text=author).locator("a", has_text="Comment").click()
    expect(page.locator(".desk")).to_contain_text(words)
    page.click('.desk button[value="take"]')
    expect(page.locator("body")).to_contain_text("You look at it now.")
    page.click('.desk button[value="remove"]')
    expect(page.locator(".desk")).to_contain_text("It is deleted")
    page.check('.desk input[name="is_upheld"][value="1"]')
    page.fill('.desk textarea[name="outcome"]', outcome)
    page.click('.desk button[value="close"]')
    expect(page.locator("body")).to_contain_text("1 report is closed")


def test_by_the_keyboard_alone_to_the_desk_and_back(page: Page, other: Page, site: Site) -> None:
    words = "words that somebody minds"
    author = newcomer(other)
    write_comment(other, site, words)
    newcomer(page)
    page.goto(f"/threads/anime/{site.demo_id}")
    link = page.locator(".comment", has_text=words).locator("a[data-report]").first
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#report-dialog[open]")
    expect(dialog.locator("h2")).to_have_text("Report this comment")
    expect(dialog.locator("[name=reason]").first).to_be_focused()
    page.keyboard.press("Escape")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "target=comment" in request.url else None)
    link.evaluate("link => [link.click(), link.click()]")  # twice before the form is there
    expect(dialog.locator("[name=reason]").first).to_be_focused()
    assert len(asked) == 1
    for _ in range(9):  # round and round, never behind the dialog
        page.keyboard.press("Tab")
        assert page.evaluate(IN_DIALOG)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.locator("[name=reason]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(dialog.locator("[name=reason][value=harassment]")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("he does this everywhere")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("Thank you.")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    page.keyboard.press("Enter")  # the same again: said in the dialog, what was typed stays
    expect(dialog.locator("[name=reason]").first).to_be_focused()
    page.keyboard.press("Space")
    dialog.locator("textarea").fill("once more")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator("[role=alert]")).to_contain_text("You have reported this already")
    expect(dialog.locator("textarea")).to_have_value("once more")
    page.keyboard.press("Escape")

    other.goto("about:blank")  # a page that is open when its sign-in ends goes to the form by itself
    other.context.clear_cookies()
    decide(other, site, author, words, "It is gone. Thank you for looking out.")
    page.goto("/notifications")
    expect(page.locator("main")).to_contain_text("What became of your report")
    page.goto("/settings/reports")
    mine = page.locator(".my-report").first
    expect(mine).to_contain_text("Something was done")
    expect(mine).to_contain_text("It is gone. Thank you for looking out.")
    page.goto(f"/threads/anime/{site.demo_id}")
    expect(page.locator("main")).not_to_contain_text(words)


def test_the_player_says_what_plays_and_where(page: Page, site: Site) -> None:
    newcomer(page)
    open_episode(page, site)
    page.evaluate("document.querySelector('video').pause()")
    stand_at(page, 12)
    page.click("a[data-report]:has-text('Report a problem')")
    dialog = page.locator("#report-dialog[open]")
    expect(dialog).to_contain_text("Episode 1")
    kept = {
        field.get_attribute("name"): field.get_attribute("value")
        for field in dialog.locator("input[type=hidden]").all()
    }
    assert kept["source"] == page.locator("[data-watch]").get_attribute("data-source")
    assert abs(float(kept["second"] or 0) - page.evaluate(TIME)) < 3
    dialog.locator("[name=reason][value=out_of_sync]").check()
    page.locator("#report-dialog .button-primary").click()
    expect(page.locator(".toast").last).to_contain_text("Thank you.")
    page.goto("/settings/reports")
    expect(page.locator(".my-report").first).to_contain_text(re.compile(r"at second 1\d"))


def test_without_scripts(plain: Page, other: Page, site: Site) -> None:
    name = newcomer(other)
    sign_in(plain, name, PASSWORD)
    plain.goto(f"/watch/{site.demo_id}/2")
    plain.click("a[data-report]:has-text('Report a problem')")
    plain.check("[name=reason][value=dead_source]")
    plain.fill("[name=message]", "black picture")
    plain.click("main .report-form .button-primary")
    expect(plain.locator("body")).to_contain_text("You will be told what becomes of it")
    plain.goto("/settings/reports")
    expect(plain.locator(".my-report")).to_contain_text("black picture")
    plain.goto(f"/anime/{site.demo_id}")
    plain.click("#vote-down")
    expect(plain.locator("#vote-down")).to_have_attribute("aria-pressed", "true")
    plain.click("#vote-down")
    expect(plain.locator("#vote-down")).to_have_attribute("aria-pressed", "false")


def test_thumbs_answer_at_once(page: Page, site: Site) -> None:
    newcomer(page)
    page.goto(f"/anime/{site.demo_id}")
    before = int(page.locator("#vote-up span").inner_text())
    page.focus("#vote-up")
    page.keyboard.press("Enter")
    expect(page.locator("#vote-up")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#vote-up span")).to_have_text(str(before + 1))
    wait_until(page, "document.activeElement.id === 'vote-up'")
    page.keyboard.press("Enter")
    expect(page.locator("#vote-up span")).to_have_text(str(before))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_nothing_serious_is_in_anybodys_way(page: Page, site: Site, theme: str) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    page.emulate_media(reduced_motion="reduce")
    newcomer(page)
    found: dict[str, list[str]] = {}
    address = f"/reports/new?target=episode&id={site.demo_id}&number=1"
    page.goto(address)
    looked_over(page, "the form", found)
    page.check("[name=reason][value=other]")
    page.click("main .report-form .button-primary")
    expect(page.locator(".toasts")).to_contain_text("You will be told what becomes of it")
    page.goto("/settings/reports")
    looked_over(page, "one's own", found)
    open_episode(page, site)
    page.click("a[data-report]:has-text('Report a problem')")
    expect(page.locator("#report-dialog[open]")).to_be_visible()
    looked_over(page, "the dialog", found)
    assert found == {}
