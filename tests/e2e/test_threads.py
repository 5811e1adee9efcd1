"""Conversations in a browser: written, answered, edited, deleted, voted on, covered and uncovered, with and without scripts."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Site, wait_until
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import looked_over
from tests.e2e.test_player import TIME

_numbers = count(1)
OVERLAP = """(names) => {
  const [one, other] = names.map((name) => document.querySelector(name).getBoundingClientRect());
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}"""


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = chromium.new_context(base_url=site.url, locale="en-US", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def other(chromium: Browser, site: Site) -> Iterator[Page]:
    """Somebody else's browser, signed in."""
    context = chromium.new_context(base_url=site.url, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(15_000)
    newcomer(page)
    yield page
    context.close()


_names: dict[Page, str] = {}


def newcomer(page: Page) -> str:
    """Somebody new, signed in."""
    name = _names[page] = f"talker_{next(_numbers)}_x"
    sign_up(page, name)
    return name


def write(page: Page, text: str, *, spoils: str | None = None) -> Locator:
    """A new comment at the top, by Ctrl+Enter; itself."""
    box = page.locator(".composer-new [data-composer-text]")
    box.fill(text)
    if spoils is not None:
        page.locator(".composer-new input[name=spoils_episode]").fill(spoils)
    box.press("Control+Enter")
    made = page.locator(".comment.is-new")
    expect(made).to_contain_text(re.split(r"[|*]", text)[0].strip())
    return page.locator(f"#{made.get_attribute('id')}")


def actions(comment: Locator) -> Locator:
    return comment.locator("> .comment-one > .comment-foot")


def test_written_answered_edited_voted_on_and_deleted(page: Page, other: Page, site: Site) -> None:
    newcomer(page)
    address = f"/threads/anime/{site.demo_id}"
    page.goto(address)
    mine = write(page, "The **lanterns** at the end!")
    expect(mine.locator("strong")).to_have_text("lanterns")
    expect(mine.locator("> .comment-one")).to_be_focused()
    expect(page.locator("[data-thread-said]")).to_have_text("Your comment is posted.")
    expect(page.locator(".composer-new [data-composer-text]")).to_have_value("")
    identity = mine.get_attribute("id")

    other.goto(address)
    theirs = other.locator(f"#{identity}")
    up = actions(theirs).locator('[data-vote="1"]')
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(theirs.locator("[data-score]").first).to_have_text("1")
    expect(other.locator("[data-thread-said]")).to_have_text("Score 1")
    actions(theirs).locator('[data-vote="-1"]').click()
    expect(up).to_have_attribute("aria-pressed", "false")
    expect(theirs.locator("[data-score]").first).to_have_text("-1")
    expect(actions(theirs).locator("form.votes")).not_to_have_class(re.compile("is-saving"))
    other.reload()
    expect(actions(theirs).locator('[data-vote="-1"]')).to_have_attribute("aria-pressed", "true")
    actions(theirs).locator('[data-vote="-1"]').click()
    expect(theirs.locator("[data-score]").first).to_have_text("0")

    actions(theirs).locator("[data-write=reply]").click()
    box = theirs.locator(".composer-reply [data-composer-text]")
    expect(box).to_be_focused()
    box.fill("One of them stays dark.")
    box.press("Control+Enter")
    answer = theirs.locator("> .comment-replies > .comment")
    expect(answer).to_contain_text("One of them stays dark.")
    expect(answer.locator("> .comment-one")).to_be_focused()
    expect(other.locator("[data-thread-count]")).to_have_text(re.compile(r"[2-9]|\d\d+"))

    # The first writer sees it arrive.
    news = page.locator("[data-thread-news] button")
    expect(news).to_be_visible()
    expect(news).to_contain_text("1 new answer")
    expect(page.locator("[data-thread-said]")).to_have_text("1 new answer")
    expect(page.locator(".toast").first).to_be_visible()
    for width in (1440, 390):  # the message about it lies elsewhere
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate(OVERLAP, [".thread-news button", ".toasts"]), width
    page.set_viewport_size({"width": 1440, "height": 900})
    news.click()
    expect(mine.locator("> .comment-replies > .comment")).to_contain_text("One of them stays dark.")

    actions(answer).locator("[data-write=edit]").click()
    box = answer.locator(".composer-edit [data-composer-text]")
    expect(box).to_have_value("One of them stays dark.")
    box.fill("One of them never goes out.")
    answer.locator('.composer-edit button:has-text("Save")').click()
    expect(answer.locator(".comment-body")).to_contain_text("One of them never goes out.")
    answer.locator("[data-history]").click()
    history = other.locator('[data-thread-dialog="history"]')
    expect(history).to_contain_text("One of them stays dark.")
    history.locator('button:has-text("Close")').click()

    # Deleting asks; what was answered leaves a tombstone, what was not goes.
    actions(mine).locator("[data-delete]").click()
    asked = page.locator('[data-thread-dialog="delete"]')
    asked.locator('button:has-text("Keep it")').click()
    expect(mine.locator(".comment-body").first).to_contain_text("lanterns")
    actions(mine).locator("[data-delete]").click()
    asked.locator('button:has-text("Delete")').click()
    expect(mine).to_contain_text("This comment was deleted.")
    expect(mine).not_to_contain_text("lanterns")
    actions(answer).locator("[data-delete]").click()
    other.locator('[data-thread-dialog="delete"] button:has-text("Delete")').click()
    expect(answer).to_have_count(0)


def test_who_changes_a_vote_and_leaves_at_once_has_voted(page: Page, other: Page, site: Site) -> None:
    newcomer(page)
    address = f"/threads/anime/{site.demo_id}/3"
    other.goto(address)
    identity = write(other, "Nobody waits for the lift.", spoils="0").get_attribute("id")
    page.goto(address)
    # The server has counted the first vote; what it answers never arrives.
    page.evaluate(
        """() => {
            const ask = window.fetch;
            window.fetch = (...what) => ask(...what).then(() => new Promise(() => (window.wasCounted = true)));
        }"""
    )
    votes = actions(page.locator(f"#{identity}")).locator("form.votes")
    votes.locator('[data-vote="1"]').click()
    wait_until(page, "window.wasCounted")
    votes.locator('[data-vote="-1"]').click()
    page.goto("/community")
    down = actions(page.locator(f"#{identity}")).locator('[data-vote="-1"]')
    for _ in range(20):
        page.goto(address)
        if down.get_attribute("aria-pressed") == "true":
            break
        page.wait_for_timeout(250)
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#{identity} [data-score]").first).to_have_text("-1")


AT_ONCE = """box => {
  document.querySelector('[data-thread-dialog="discard"] [autofocus]').click();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
}"""
"""To go on writing, and Escape again before the browser has told that the question is closed."""


def test_a_refused_vote_is_put_back_and_a_lost_comment_kept(page: Page, other: Page, site: Site) -> None:
    newcomer(page)
    address = f"/threads/anime/{site.demo_id}/2"
    other.goto(address)
    identity = write(other, "Who wrote the letter?", spoils="0").get_attribute("id")
    page.goto(address)
    comment = page.locator(f"#{identity}")
    page.route("**/vote", lambda route: route.abort())
    actions(comment).locator('[data-vote="1"]').click()
    expect(page.locator(".toast-error")).to_contain_text("did not reach the server")
    expect(actions(comment).locator('[data-vote="1"]')).to_have_attribute("aria-pressed", "false")
    expect(comment.locator("[data-score]").first).to_have_text("0")

    # An answer that does not arrive is still there, and after a reload, too.
    actions(comment).locator("[data-write=reply]").click()
    box = comment.locator(".composer-reply [data-composer-text]")
    box.fill("I think it was the rain.")
    page.route("**/reply", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    box.press("Control+Enter")
    expect(comment.locator("[data-composer-error]")).to_contain_text("did not reach the server")
    expect(box).to_have_value("I think it was the rain.")
    page.reload()
    actions(comment).locator("[data-write=reply]").click()
    expect(box).to_have_value("I think it was the rain.")

    # Escape asks before it throws text away.
    box.press("Escape")
    asked = page.locator('[data-thread-dialog="discard"]')
    asked.locator('button:has-text("Go on writing")').click()
    expect(box).to_be_focused()
    box.press("Escape")
    box.evaluate(AT_ONCE)
    asked.locator('button:has-text("Throw it away")').click()
    expect(box).to_have_count(0)
    expect(actions(comment).locator("[data-write=reply]")).to_be_focused()
    actions(comment).locator("[data-write=reply]").click()
    expect(box).to_have_value("")
    box.press("Escape")
    expect(box).to_have_count(0)


def test_orders_folding_and_the_place_of_one(page: Page, site: Site) -> None:
    newcomer(page)
    address = f"/threads/anime/{site.demo_id}"
    page.goto(address)
    first = write(page, "the first of the two").get_attribute("id") or ""
    write(page, "the second of the two")
    page.locator(f"#{first} [data-write=reply]").click()
    box = page.locator(f"#{first} [data-composer-text]")
    box.fill("below the first")
    box.press("Control+Enter")
    expect(page.locator(f"#{first} .comment")).to_contain_text("below the first")
    page.click('.thread-sorts a:has-text("Old")')
    page.wait_for_url("**?sort=old")
    expect(page.locator(".thread-sorts [aria-current]")).to_be_focused()
    page.click('.thread-sorts a:has-text("New")')
    page.wait_for_url("**?sort=new")
    texts = page.locator("[data-comments] > .comment > .comment-one .comment-body").all_inner_texts()
    assert [text for text in texts if "of the two" in text] == ["the second of the two", "the first of the two"]

    fold = page.locator(f"#{first} > .comment-one [data-fold]")
    fold.focus()
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_text("below the first")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_text("below the first")).to_be_visible()

    answer = page.locator(f"#{first} .comment").get_attribute("id") or ""
    page.goto(f"/comments/{answer.removeprefix('comment-')}")
    focus = page.locator(".comment.is-focus")
    expect(focus).to_contain_text("below the first")
    expect(page.locator(f"#{first}")).to_contain_text("the first of the two")
    expect(page.get_by_text("the second of the two")).to_have_count(0)
    page.click('.thread-focus a:has-text("All comments")')
    expect(page.get_by_text("the second of the two")).to_be_visible()
    wait_until(page, "!location.search.includes('comment=')")


def test_covered_texts_open_by_mouse_and_keyboard(page: Page, other: Page, site: Site) -> None:
    newcomer(page)
    address = f"/threads/anime/{site.demo_id}"
    other.goto(address)
    marked = write(other, "Look: ||the lamp is alive||", spoils="0").get_attribute("id")
    whole = write(other, "In the third one everybody comes.", spoils="3").get_attribute("id")
    write(other, "In the fourth one it rains.", spoils="4")
    page.goto(f"{address}?sort=new")
    spoiler = page.locator(f"#{marked} .spoiler")
    expect(spoiler).to_have_attribute("aria-expanded", "false")
    expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
    for key in ("Enter", " "):
        spoiler.focus()
        page.keyboard.press(key)
        expect(spoiler).to_have_attribute("aria-expanded", "true")
        expect(spoiler).not_to_have_css("color", "rgba(0, 0, 0, 0)")
        page.reload()
    spoiler.click()
    expect(spoiler).to_have_class(re.compile("is-open"))

    shield, summary = page.locator(f"#{whole} details.shield"), page.locator(f"#{whole} .shield-cover")
    text = page.locator(f"#{whole} .shield-text")
    expect(summary).to_contain_text("Spoils episode 3")
    expect(summary).to_have_attribute("aria-expanded", "false")
    assert text.evaluate("element => element.inert")
    summary.focus()
    page.keyboard.press(" ")
    expect(summary).to_have_attribute("aria-expanded", "true")
    assert not text.evaluate("element => element.inert")
    page.reload()
    expect(shield).to_have_attribute("open", "")  # it stays open for the session
    summary.click()
    expect(summary).to_have_attribute("aria-expanded", "false")
    page.get_by_role("button", name="Show everything covered").click()
    expect(page.locator("details.shield:not([open])")).to_have_count(0)
    expect(page.locator("details.shield > summary").first).to_be_focused()


def test_times_seek_the_video_and_lead_to_it(page: Page, site: Site) -> None:
    newcomer(page)
    page.goto(f"/watch/{site.demo_id}/1")
    page.wait_for_selector("[data-watch][data-ready]")
    wait_until(page, "document.querySelector('video').readyState >= 2")
    page.locator("#comments").scroll_into_view_if_needed()
    box = page.locator(".composer-new [data-composer-text]")
    expect(box).to_be_visible()
    page.evaluate("document.querySelector('video').pause()")
    page.evaluate("document.querySelector('video').currentTime = 42")
    wait_until(page, "!document.querySelector('video').seeking")
    box.fill("The bell ")
    page.locator('.composer-new [data-mark="time"]').click()
    expect(box).to_have_value(re.compile(r"^The bell 0:4\d $"))
    box.fill("The bell at 0:42")
    box.press("Control+Enter")
    place = page.locator(".comment.is-new a.place")
    expect(place).to_have_text("0:42")
    page.evaluate("document.querySelector('video').currentTime = 5")
    place.click()
    wait_until(page, f"{TIME} >= 41.5 && {TIME} < 60")
    assert page.url.split("#")[0].endswith(f"/watch/{site.demo_id}/1")
    page.evaluate("document.querySelector('video').pause()")

    page.goto(f"/threads/anime/{site.demo_id}/1?sort=new")
    page.locator("a.place").first.click()
    page.wait_for_url(f"**/watch/{site.demo_id}/1?t=42")
    page.wait_for_selector("[data-watch][data-ready]")
    wait_until(page, f"{TIME} >= 41 && {TIME} < 60")


def test_the_composer_helps(page: Page, other: Page, site: Site) -> None:
    name = newcomer(page)
    friend = _names[other]
    page.goto(f"/threads/anime/{site.demo_id}")
    box = page.locator(".composer-new [data-composer-text]")
    box.fill("word")
    box.press("Control+a")
    box.press("Control+b")
    expect(box).to_have_value("**word**")
    box.press("Control+z")
    expect(box).to_have_value("word")
    box.press("Control+a")
    page.locator('.composer-new [data-mark="spoiler"]').click()
    expect(box).to_have_value("||word||")
    page.locator(".composer-new [data-composer-look]").click()
    preview = page.locator(".composer-new [data-composer-preview]")
    expect(preview.locator(".spoiler")).to_have_text("word")
    page.locator(".composer-new [data-composer-look]").click()
    box.fill("")
    box.press_sequentially(f"Ask @{friend[:-1]}", delay=15)
    options = page.locator(".composer-new [data-composer-people] [role=option]")
    expect(options.first).to_contain_text("@talker_")
    page.locator(f'.composer-new [data-username="{friend}"]').click()
    expect(box).to_have_value(f"Ask @{friend} ")
    page.reload()
    expect(box).to_have_value(f"Ask @{friend} ")  # the draft is kept
    box.fill("x" * 9000)
    expect(page.locator(".composer-new [data-composer-count]")).to_have_text("1,000 characters left")
    box.fill("x" * 10_001)
    expect(page.locator(".composer-new [data-composer-count]")).to_have_text("1 characters too many")
    box.fill(f"Here, @{name}")
    box.press("Control+Enter")
    expect(page.locator(".comment.is-new a.mention")).to_have_text(f"@{name}")
    page.reload()
    expect(box).to_have_value("")


def test_without_scripts(plain: Page, site: Site) -> None:
    newcomer(plain)
    plain.goto(f"/anime/{site.demo_id}")
    plain.locator(".thread-later a").click()
    plain.fill('.composer-new textarea[name="body"]', "No scripts, ||still covered||")
    plain.click('.composer-new button:has-text("Send")')
    mine = plain.locator(".comment.is-focus")
    expect(mine).to_contain_text("No scripts")
    spoiler = mine.locator(".spoiler")
    expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
    spoiler.focus()
    expect(spoiler).not_to_have_css("color", "rgba(0, 0, 0, 0)")
    actions(mine).locator('a:has-text("Reply")').click()
    plain.fill('.composer-reply textarea[name="body"]', "An answer to myself")
    plain.check('.composer-reply input[name="is_spoiler"]')
    plain.click('.composer-reply button:has-text("Send")')
    answer = plain.locator(".comment.is-focus")
    expect(answer).to_contain_text("An answer to myself")
    actions(answer).locator('a:has-text("Edit")').click()
    plain.fill('.composer-edit textarea[name="body"]', "An answer, edited")
    plain.click('.composer-edit button:has-text("Save")')
    expect(answer).to_contain_text("An answer, edited")
    answer.locator('a:has-text("edited")').click()
    expect(plain.locator(".versions")).to_contain_text("An answer to myself")
    plain.click('a:has-text("Back to the comment")')
    actions(answer).locator('a:has-text("Delete")').click()
    plain.click('main button:has-text("Delete")')
    expect(plain.locator(".toasts")).to_contain_text("The comment is deleted.")


def test_a_phone_reads_and_writes_deep_conversations(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    newcomer(page)
    page.goto(f"/threads/anime/{site.demo_id}/3")
    current = write(page, "level 0 " + "overlong" * 40, spoils="0")
    for level in range(1, 7):
        actions(current).locator("[data-write=reply]").click()
        box = current.locator("> .comment-one [data-composer-text]")
        box.fill(f"level {level}\n\n| a | b |\n|---|---|\n| {'wide ' * 20} | c |")
        box.press("Control+Enter")
        current = page.locator(".comment.is-new")
        expect(current.locator("> .comment-one")).to_contain_text(f"level {level}")
        current = page.locator(f"#{current.get_attribute('id')}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    width = current.locator("> .comment-one").bounding_box()
    assert width
    assert width["width"] > 250
    page.reload()
    more = page.locator("[data-thread-more]").first
    more.click()
    expect(page.get_by_text("level 3", exact=False).first).to_be_visible()
    expect(page.locator("[data-thread-said]")).to_have_text("1 more comments")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_serious_for_people_who_listen(page: Page, site: Site) -> None:
    newcomer(page)
    page.goto(f"/threads/anime/{site.demo_id}")
    top = write(page, "Listen: ||the end|| at last", spoils="2")
    actions(top).locator("[data-write=reply]").click()
    expect(top.locator(".composer-reply [data-composer-text]")).to_be_focused()
    found: dict[str, list[str]] = {}
    looked_over(page, "conversation", found)
    assert found == {}
