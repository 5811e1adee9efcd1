"""The community in a browser: writing with pictures, editing, reacting; by keyboard, on a phone, without scripts."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.tests.media.pictures import picture
from tests.e2e.conftest import Site, wait_until
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import looked_over

_numbers = count(1)


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = chromium.new_context(base_url=site.url, locale="en-US", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A picture on disk."""
    path = tmp_path / "pier.png"
    path.write_bytes(picture(size=(900, 600), colour=(20, 120, 90)))
    return path


def newcomer(page: Page) -> str:
    """Somebody new, signed in."""
    name = f"poster_{next(_numbers)}_x"
    sign_up(page, name)
    return name


def publish(page: Page, title: str, body: str, category: str = "General") -> str:
    """A post of plain words; its address, where the browser is afterwards."""
    page.goto("/community/new")
    page.fill("#id_title", title)
    page.select_option("#id_category", label=category)
    page.fill("#id_body", body)
    page.click('button:has-text("Publish")')
    page.wait_for_url(re.compile(r"/community/posts/[0-9a-f-]{36}$"))
    return page.url


def ready(page: Page) -> None:
    """Until the composer's scripts are there."""
    expect(page.locator("[data-composer-bar]")).to_be_visible()


def test_written_with_a_picture_and_a_preview_then_edited_and_reacted_to(
    page: Page, chromium: Browser, site: Site, drawing: Path
) -> None:
    newcomer(page)
    page.goto("/community")
    page.click('main a:has-text("Write a post")')
    ready(page)
    page.fill("#id_title", "The pier at dusk")
    page.select_option("#id_category", label="Fan works")
    page.fill("#id_body", "Two evenings, ||three brushes||.\n\n")
    page.set_input_files("#post-files", drawing)
    item = page.locator("[data-images] [data-image]")
    expect(item).to_have_count(1)
    item.locator("[data-alt]").fill("A pier, pink sky")
    item.get_by_role("button", name="Into the text").click()
    expect(page.locator("#id_body")).to_have_value(re.compile(r"!\[A pier, pink sky\]\(image:[0-9a-f-]{36}\)"))
    page.get_by_role("button", name="Preview").click()
    preview = page.locator("[data-composer-preview]")
    expect(preview.locator("img")).to_have_attribute("alt", "A pier, pink sky")
    expect(preview.locator(".spoiler")).to_have_count(1)
    page.get_by_role("button", name="Preview").click()
    page.fill("#anime-q", "hiroba no akari")
    page.locator("#anime-choice label", has_text="Hiroba no Akari").first.click()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/community/posts/*")
    address = page.url
    expect(page.get_by_role("heading", level=1)).to_have_text("The pier at dusk")
    expect(page.locator(".post-body img")).to_have_attribute("loading", "lazy")
    wait_until(page, "document.querySelector('.post-body img').naturalWidth > 0")
    expect(page.locator(".post-card")).to_contain_text("Hiroba no Akari")

    page.get_by_role("link", name="Edit", exact=True).click()
    ready(page)
    page.fill("#id_title", "The pier at dawn")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(address)
    page.click('a:has-text("edited")')
    expect(page.locator(".diff del")).to_have_text("dusk")
    expect(page.locator(".diff ins")).to_have_text("dawn")

    fan = chromium.new_context(base_url=site.url, locale="en-US").new_page()
    newcomer(fan)
    fan.goto(address)
    fan.get_by_role("button", name="Love: 0").click()
    expect(fan.get_by_role("button", name="Love: 1")).to_have_attribute("aria-pressed", "true")
    fan.get_by_role("button", name="Surprising: 0").click()
    expect(fan.get_by_role("button", name="Love: 0")).to_have_attribute("aria-pressed", "false")
    expect(fan.get_by_role("button", name="Surprising: 1")).to_be_focused()
    fan.goto("/community?sort=top&period=day")
    expect(fan.locator(".post-row", has_text="The pier at dawn")).to_contain_text("1")
    fan.get_by_role("link", name="New", exact=True).click()
    fan.wait_for_url("**/community?sort=recent")
    expect(fan.locator(".post-row").first).to_contain_text("The pier at dawn")
    fan.context.close()


def test_pictures_come_by_dropping_and_pasting_and_bad_ones_say_why(page: Page, drawing: Path) -> None:
    newcomer(page)
    page.goto("/community/new")
    ready(page)
    page.evaluate(
        """(bytes) => {
            const data = (name, type) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
                return transfer;
            };
            const how = { bubbles: true, cancelable: true };
            const drop = document.querySelector("[data-drop]");
            drop.dispatchEvent(new DragEvent("drop", { ...how, dataTransfer: data("a.png", "image/png") }));
            const area = document.querySelector("#id_body");
            area.dispatchEvent(new ClipboardEvent("paste", { ...how, clipboardData: data("b.png", "image/png") }));
            drop.dispatchEvent(new DragEvent("drop", { ...how, dataTransfer: data("c.txt", "text/plain") }));
        }""",
        list(drawing.read_bytes()),
    )
    expect(page.locator("[data-image]")).to_have_count(2)
    expect(page.locator(".is-failed [role=alert]")).to_have_text("This is no picture.")
    page.set_input_files("#post-files", {"name": "no.png", "mimeType": "image/png", "buffer": b"nothing of the kind"})
    expect(page.locator(".is-failed")).to_have_count(2)
    page.locator("[data-image]").first.get_by_role("button", name="Remove this picture").click()
    expect(page.locator("[data-image]")).to_have_count(1)
    page.fill("#id_title", "One picture")
    page.select_option("#id_category", label="Fan works")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/community/posts/*")
    expect(page.locator(".post-pictures img")).to_have_count(1)


def test_what_was_typed_survives_a_refusal_leaving_and_a_double_click(page: Page) -> None:
    name = newcomer(page)
    page.goto("/community/new")
    ready(page)
    page.fill("#id_body", "Typed with care")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/community")
    assert asked == ["beforeunload"]
    page.goto("/community/new")
    expect(page.locator("#id_body")).to_have_value("Typed with care")
    page.select_option("#id_category", label="General")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#id_title_error")).to_have_text("Give it a title.")
    expect(page.locator("#id_body")).to_have_value("Typed with care")
    page.fill("#id_title", "Twice")
    page.get_by_role("button", name="Publish").dblclick()
    page.wait_for_url("**/community/posts/*")
    page.goto(f"/community?by={name}")
    expect(page.locator(".post-row")).to_have_count(1)
    page.goto("/community/new")
    expect(page.locator("#id_body")).to_have_value("")


def test_by_keyboard_alone(page: Page) -> None:
    newcomer(page)
    page.goto("/community/new")
    ready(page)
    page.focus("#id_title")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("#id_body")).to_be_focused()
    page.keyboard.type("Bold ")
    page.keyboard.press("Control+b")
    page.keyboard.type("words")
    expect(page.locator("#id_body")).to_have_value("Bold **words**")
    page.focus("#id_category")
    page.keyboard.type("Gen")
    page.focus("#anime-q")
    page.keyboard.type("hiroba no akari")
    expect(page.locator("#anime-choice label", has_text="Hiroba no Akari").first).to_be_visible()
    page.focus("#anime-choice input:checked")
    page.evaluate("document.querySelector('#anime-choice').dataset.old = ''")
    page.evaluate("document.querySelector('#anime-q').dispatchEvent(new Event('input', {bubbles: true}))")
    wait_until(page, "!document.querySelector('#anime-choice[data-old]')")  # what is found late leaves the focus
    expect(page.locator("#anime-choice input:checked")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.focus("#id_body")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/community/posts/*")
    expect(page.locator(".post-body strong")).to_have_text("words")
    expect(page.locator(".post-card")).to_have_count(1)
    page.locator("#reaction-laugh").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reaction-laugh")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#reaction-laugh")).to_be_focused()


def test_what_is_covered_opens_when_asked(page: Page, chromium: Browser, site: Site) -> None:
    newcomer(page)
    page.goto("/community/new")
    page.fill("#id_title", "The last scene")
    page.select_option("#id_category", label="General")
    page.fill("#id_body", "The keeper was the cat")
    page.check("#id_is_spoiler")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/community/posts/*")
    stranger = chromium.new_context(base_url=site.url, locale="en-US").new_page()
    stranger.goto("/community?sort=recent")
    row = stranger.locator(".post-row", has_text="The last scene")
    expect(row.locator("summary")).to_have_attribute("aria-expanded", "false")
    assert row.locator(".post-excerpt").evaluate("element => element.closest('[inert]') !== null")
    row.locator("summary").focus()
    stranger.keyboard.press("Enter")
    expect(row.locator("summary")).to_have_attribute("aria-expanded", "true")
    assert row.locator(".post-excerpt").evaluate("element => element.closest('[inert]') === null")
    stranger.context.close()


def test_pages_are_sound_on_a_phone_and_for_everybody(page: Page, drawing: Path) -> None:
    page.emulate_media(reduced_motion="reduce")
    newcomer(page)
    address = publish(page, "Wide " * 20, f"{'x' * 300}\n\n| a | b |\n|---|---|\n| {'y' * 200} | c |")
    found: dict[str, list[str]] = {}
    for theme in ("dark", "light"):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
        for path in (
            "/community",
            "/community?sort=top",
            address,
            f"{address}/edit",
            f"{address}/revisions",
            "/community/new",
        ):
            page.goto(path)
            looked_over(page, f"{path} {theme}", found)
    assert found == {}


def test_all_of_it_works_without_scripts(plain: Page, drawing: Path) -> None:
    newcomer(plain)
    plain.goto("/community/new")
    plain.fill("#id_title", "Without scripts")
    plain.select_option("#id_category", label="General")
    plain.fill("#id_body", "**Plain** words")
    plain.set_input_files("#post-files", drawing)
    plain.click('button:has-text("Add them now")')
    plain.locator("[data-alt]").fill("A pier")
    plain.fill("#anime-q", "hiroba no akari")
    plain.click('button:has-text("Find")')
    plain.locator("#anime-choice label", has_text="Hiroba no Akari").first.locator("input").check()
    plain.locator('.writing-foot button:has-text("Preview")').click()
    expect(plain.locator("#preview strong")).to_have_text("Plain")
    expect(plain.locator("[data-alt]")).to_have_value("A pier")
    plain.click('button:has-text("Publish")')
    expect(plain.get_by_role("heading", level=1)).to_have_text("Without scripts")
    expect(plain.locator(".post-pictures img")).to_have_attribute("alt", "A pier")
    expect(plain.locator(".post-card")).to_contain_text("Hiroba no Akari")
    address = plain.url
    plain.locator("#reaction-like").click()
    expect(plain.locator("#reaction-like")).to_have_attribute("aria-pressed", "true")
    plain.goto("/community?sort=recent")
    expect(plain.locator(".post-row").first).to_contain_text("Without scripts")
    plain.goto(f"{address}/edit")
    plain.fill("#id_body", "Other words")
    plain.click('button:has-text("Save")')
    plain.wait_for_url(address)
    plain.goto(f"{address}/revisions")
    expect(plain.locator(".diff-gone")).to_contain_text("**Plain** words")
    plain.goto(f"{address}/delete")
    plain.click('button:has-text("Delete it")')
    plain.wait_for_url(re.compile(r"/community(\?.*)?$"))
    answer = plain.goto(address)
    assert answer is not None
    assert answer.status == 404
