"""My list in a real browser: +1 with undo, scores in five formats, many at once, the editor, more rows, others' lists."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import SMALL_TARGETS, faults_of, wider_than

FORMATS = {"point_10": "8", "point_10_decimal": "7.5", "point_100": "74"}


def listed(page: Page, site: Site, *, count: int = 3, **fields: object) -> list[int]:
    """`count` anime of the catalogue on the list of who is signed in, through the forms' addresses."""
    found = page.request.get(f"{site.url}/api/v1/anime?page_size=100&sort=popularity").json()["results"]
    pages = -(-count // 100)
    for number in range(2, pages + 1):
        found += page.request.get(f"{site.url}/api/v1/anime?page_size=100&sort=popularity&page={number}").json()[
            "results"
        ]
    ids = [one["id"] for one in found][:count]
    page.goto("/list")
    token = page.locator('form input[name="csrfmiddlewaretoken"]').first.input_value()
    for start in range(0, len(ids), 250):
        form = (
            "&".join(f"anime={key}" for key in ids[start : start + 250])
            + f"&status=watching&csrfmiddlewaretoken={token}"
        )
        answer = page.request.post(
            f"{site.url}/list/bulk",
            data=form,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{site.url}/list"},
        )
        assert answer.ok
    page.goto("/list")
    return ids


def test_one_more_episode_and_undo(page: Page, site: Site) -> None:
    sign_up(page, "counting_person")
    listed(page, site)
    row = page.locator(".entry").first
    row.get_by_role("button", name="Count episode 1").click()
    expect(row.locator(".entry-count b")).to_have_text("1")
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("Episode 1 counted")
    row.get_by_role("button", name="Count episode 2").click()
    expect(row.locator(".entry-count b")).to_have_text("2")
    page.locator("[data-toast]").last.get_by_role("button", name="Undo").click()
    expect(row.locator(".entry-count b")).to_have_text("1")
    page.reload()
    expect(page.locator(".entry-count b").first).to_have_text("1")


def test_many_at_once_and_back(page: Page, site: Site) -> None:
    sign_up(page, "bulk_person")
    listed(page, site, count=5)
    expect(page.locator("#bulk")).to_be_hidden()
    boxes = page.locator(".entry-pick input")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("4")
    page.select_option('#bulk select[name="status"]', "on_hold")
    page.fill('#bulk input[name="add_tags"]', "winter")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".toast")).to_contain_text("4 entries changed")
    expect(page.locator('.list-tabs [data-status="on_hold"]')).to_contain_text("4")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("4 changes undone")
    expect(page.locator('.list-tabs [data-status="on_hold"]')).to_contain_text("0")


def test_an_editor_that_says_what_is_wrong(page: Page, site: Site) -> None:
    sign_up(page, "editing_person")
    listed(page, site)
    page.locator(".entry-edit").first.click()
    dialog = page.locator("#entry-dialog")
    dialog.get_by_label("Notes").fill("Worth it")
    dialog.get_by_label("Started").fill("someday")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("#wrong-started")).to_be_visible()
    expect(dialog.get_by_label("Notes")).to_have_value("Worth it")
    assert faults_of(page) == []
    dialog.get_by_label("Started").fill("2024-05")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".entry-notes").first).to_contain_text("Worth it")
    expect(page.locator(".entry-dates").first).to_contain_text("2024-05")


@pytest.mark.parametrize("score_format", [*FORMATS, "point_5", "point_3"])
def test_a_score_in_each_format(page: Page, site: Site, score_format: str) -> None:
    sign_up(page, f"scorer_{score_format}")
    listed(page, site, count=1)
    page.goto("/settings/list")
    page.locator(f'[name="score_format"][value="{score_format}"], select[name="score_format"]').first.evaluate(
        "(field, wanted) => { if (field.tagName === 'SELECT') field.value = wanted; else field.checked = true; }",
        score_format,
    )
    page.locator(
        'main form:has([name="score_format"]) button[type="submit"], main form:has([name="score_format"]) button'
    ).last.click()
    page.goto("/list")
    row = page.locator(".entry").first
    if score_format in FORMATS:
        with page.expect_response(re.compile("/row")):
            row.locator(".score-number").fill(FORMATS[score_format])
            row.locator(".score-number").press("Enter")
        page.reload()
        expect(page.locator(".score-number").first).to_have_value(FORMATS[score_format])
        with page.expect_response(re.compile("/row")) as refused:
            page.locator(".score-number").first.fill("1234")
            page.locator(".score-number").first.press("Enter")
        assert refused.value.status == 422
        expect(page.locator(".toast-error")).to_contain_text("A score in your format")
        return
    name = "4 stars" if score_format == "point_5" else "Good"
    row.get_by_role("button", name=name).click()
    expect(row.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    row.get_by_role("button", name=name).click()
    expect(row.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "false")


def test_a_row_stores_each_change_of_its_own(page: Page, site: Site) -> None:
    sign_up(page, "changing_person")
    listed(page, site, count=1)
    field = page.locator(".score-number").first

    def typed(text: str, answer: int = 200) -> None:
        with page.expect_response(re.compile("/row")) as saved:
            field.fill(text)
            field.press("Tab")
        assert saved.value.status == answer

    for text in ("8", "3", "8", "", "8"):
        typed(text)
    page.reload()
    expect(field).to_have_value("8")
    for text in ("3", ""):
        typed(text)
    page.reload()
    expect(field).to_have_value("")
    typed("7")
    typed("11", answer=422)
    expect(field).to_have_attribute("aria-invalid", "true")
    # The status is saved without the score that was refused, and the row comes back as it is stored.
    with page.expect_response(re.compile("/row")) as saved:
        page.locator(".entry-status select").first.select_option("on_hold")
    assert saved.value.status == 200
    expect(field).to_have_value("7")
    page.reload()
    expect(page.locator(".entry-status select").first).to_have_value("on_hold")


def test_a_refused_bulk_edit_keeps_what_was_chosen(page: Page, site: Site) -> None:
    sign_up(page, "mistaken_person")
    listed(page, site, count=3)
    page.locator(".entry-pick input").nth(1).click()
    page.select_option('#bulk select[name="status"]', "dropped")
    page.fill('#bulk input[name="score"]', "11")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".toast-error")).to_contain_text("A score in your format")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    expect(page.locator('#bulk select[name="status"]')).to_have_value("dropped")
    page.fill('#bulk input[name="score"]', "1")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".toast-success")).to_contain_text("1 entry changed")
    expect(page.locator('.list-tabs [data-status="dropped"]')).to_contain_text("1")


def test_scrolling_brings_the_rest(page: Page, site: Site) -> None:
    sign_up(page, "long_list_person")
    ids = listed(page, site, count=250)
    expect(page.locator(".entry")).to_have_count(100)
    page.locator("#entries-more").scroll_into_view_if_needed()
    expect(page.locator(".entry")).to_have_count(200)
    page.locator("#entries-more").scroll_into_view_if_needed()
    expect(page.locator(".entry")).to_have_count(len(ids))
    page.locator(".entry-plus").last.click()
    expect(page.locator("[data-toast]")).to_contain_text("counted")


def test_one_comes_back_to_where_one_was_on_a_long_list(page: Page, site: Site) -> None:
    sign_up(page, "returning_person")
    listed(page, site, count=250)
    more = page.locator("#entries-more a")
    more.focus()
    expect(page.locator(".entry")).to_have_count(200)
    expect(page.locator(".entry").nth(100).locator(".entry-title a")).to_be_focused()
    page.locator(".entry").nth(180).scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    page.evaluate("document.querySelectorAll('.entry')[180].querySelector('.entry-title a').click()")
    page.wait_for_url("**/anime/**")
    page.go_back()
    expect(page.locator(".entry")).to_have_count(200)
    expect(page.locator(".entry").nth(180)).to_be_in_viewport()
    page.get_by_role("link", name="My list", exact=True).first.click()
    expect(page.locator(".entry")).to_have_count(100)
    page.goto("/list?page=3")
    expect(page.locator(".entry")).to_have_count(50)
    page.get_by_role("link", name="Previous entries").click()
    page.wait_for_url("**/list?page=2")
    page.goto("/list?page=9")
    expect(page.locator("main")).to_contain_text("The list ends before this page")


def test_another_persons_list_and_one_that_is_not_shown(page: Page, site: Site) -> None:
    sign_up(page, "shown_person")
    listed(page, site)
    page.goto("about:blank")  # a page that is open when its sign-in ends goes to the form by itself
    page.context.clear_cookies()
    sign_up(page, "looking_person")
    listed(page, site)
    page.goto("/users/shown_person/list")
    expect(page.locator(".entry")).to_have_count(3)
    expect(page.locator(".taste")).to_contain_text("Not enough in common")
    expect(page.locator(".entry-plus")).to_have_count(0)
    answer = page.goto("/users/nobody_of_this_name/list")
    assert answer is not None
    assert answer.status == 404


def test_without_scripts_every_form_works(page: Page, site: Site, chromium) -> None:  # type: ignore[no-untyped-def]
    sign_up(page, "plain_lister")
    ids = listed(page, site)
    context = chromium.new_context(
        base_url=site.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    try:
        plain.goto("/list?sort=title")
        plain.locator(".entry-plus").first.click()
        expect(plain).to_have_url(re.compile(r"/list\?sort=title"))
        expect(plain.locator(".toast")).to_contain_text("Episode 1 counted")
        plain.get_by_role("button", name="Undo").click()
        expect(plain.locator(".toast")).to_contain_text("Undone")
        plain.locator(".entry-pick input").first.check()
        plain.select_option('#bulk select[name="status"]', "dropped")
        plain.get_by_role("button", name="Apply").click()
        expect(plain.locator(".toast")).to_contain_text("1 entry changed")
        plain.locator(".score-number").first.fill("6.5")
        plain.locator(".entry").first.get_by_role("button", name="Save").click()
        expect(plain.locator(".score-number").first).to_have_value("6.5")
        plain.goto(f"/list/{ids[0]}/edit")
        plain.get_by_label("Tags").fill("by hand")
        plain.get_by_role("button", name="Save").click()
        plain.goto("/list?tag=by+hand")
        expect(plain.locator(".entry")).to_have_count(1)
    finally:
        context.close()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_page_of_lists_has_a_serious_fault(page: Page, site: Site, theme: str) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    page.emulate_media(reduced_motion="reduce")
    sign_up(page, f"looked_over_{theme}")
    ids = listed(page, site, count=6)
    page.request.get(f"{site.url}/list")
    found = {}
    for path in ("/list", "/list?view=grid", "/list/history", "/list/history/clear", f"/list/{ids[0]}/edit"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        if path == "/list":
            page.locator(".entry-pick input").first.check()
        faults = faults_of(page) + wider_than(page, 320, 768, 390) + page.evaluate(SMALL_TARGETS)
        if faults:
            found[path] = faults
    assert found == {}
