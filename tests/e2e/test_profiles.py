"""Onboarding, the own picture, privacy and the player's preferences in a browser."""

import io
import re
from itertools import count
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, wait_until
from tests.e2e.people import sign_up, sign_up_by_form
from tests.e2e.test_accessibility import faults_of

TIME = "document.querySelector('video').currentTime"
_numbers = count(1)


def newcomer(page: Page) -> str:
    """Somebody new, signed in."""
    name = f"newcomer_{next(_numbers)}_x"
    sign_up(page, name)
    return name


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "me.png"
    Image.radial_gradient("L").resize((300, 300)).convert("RGB").save(path)
    return path


def test_from_sign_up_over_the_welcome_page_to_the_profile(page: Page, picture: Path) -> None:
    name = f"newcomer_{next(_numbers)}_x"
    sign_up_by_form(page, name)
    page.goto("/welcome?next=/schedule")
    expect(page.get_by_role("heading", name=f"Welcome, {name}")).to_be_visible()
    page.fill('input[name="display_name"]', "星野 アイ")
    page.set_input_files('input[name="avatar"]', str(picture))
    expect(page.locator("[data-avatar-frame] img")).to_have_attribute("src", re.compile("^blob:"))
    page.check('input[name="title_language"][value="native"]')
    page.check('input[name="theme"][value="light"]')
    page.click('button:has-text("Done")')
    page.wait_for_url("**/schedule")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.click('summary[aria-label="Your account"]')
    page.click(".menu-panel >> text=Profile")
    page.wait_for_url(f"**/users/{name}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("星野 アイ")
    wait_until(page, "document.querySelector('.profile .avatar').naturalWidth > 0")
    page.goto("/welcome")
    page.wait_for_url(lambda url: not url.endswith("/welcome"))


def test_a_picture_that_is_too_large_is_told_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    newcomer(page)
    page.goto("/settings")
    large = tmp_path / "large.png"
    large.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5 * 1024 * 1024))
    page.set_input_files('input[name="avatar"]', str(large))
    expect(page.locator("[data-avatar-error]")).to_be_visible()
    page.click('button.button-primary:has-text("Save")')
    assert page.url.endswith("/settings")
    small = io.BytesIO()
    Image.new("RGB", (90, 90), "teal").save(small, "PNG")
    page.set_input_files(
        'input[name="avatar"]', {"name": "me.png", "mimeType": "image/png", "buffer": small.getvalue()}
    )
    page.fill('textarea[name="bio"]', "Hello")
    page.click('button.button-primary:has-text("Save")')
    expect(page.locator(".avatar-frame img.avatar")).to_be_visible()
    page.click("text=Remove the picture")
    expect(page.locator(".avatar-frame .avatar-drawn")).to_be_visible()


def test_a_private_profile_shows_a_card(page: Page, chromium, site: Site) -> None:  # type: ignore[no-untyped-def]
    name = newcomer(page)
    page.goto("/settings")
    page.fill('textarea[name="bio"]', "only for friends")
    page.click('button.button-primary:has-text("Save")')
    page.goto("/settings/privacy")
    page.check('input[name="profile_visibility"][value="friends"]')
    page.click('button:has-text("Save")')
    expect(page.locator('input[name="profile_visibility"][value="friends"]')).to_be_checked()
    page.goto(f"/users/{name}")
    expect(page.locator("main")).to_contain_text("only for friends")
    stranger = chromium.new_page(base_url=site.url)
    stranger.goto(f"/users/{name}")
    expect(stranger.locator("main")).to_contain_text("This profile is private")
    expect(stranger.locator("main")).not_to_contain_text("only for friends")
    stranger.close()


def test_the_player_does_what_the_account_says(page: Page, site: Site) -> None:
    newcomer(page)
    page.goto("/settings/player")
    page.check('input[name="auto_skip_opening"]')
    page.select_option('select[name="default_language"]', "en")
    page.click('button:has-text("Save")')
    expect(page.locator('input[name="auto_skip_opening"]')).to_be_checked()

    page.goto(f"/watch/{site.demo_id}/1")
    page.wait_for_selector("[data-watch][data-ready]")
    wait_until(page, "!document.querySelector('video').paused && document.querySelector('video').readyState >= 2")
    data = page.evaluate("JSON.parse(document.querySelector('#player-data').textContent)")
    playing = page.get_attribute("[data-watch]", "data-source")
    source = next(each for each in data["sources"] if str(each["id"]) == playing)
    assert "en" in [*source["audio"], (source["translation"] or {}).get("language")]
    page.evaluate(f"{TIME} = 6.5")
    wait_until(page, f"{TIME} >= 17.5")

    # The player's own menu changes the account.
    page.click('[data-player="settings-button"]')
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/users/me")) as saved:
        page.click('[data-player="settings"] button:has-text("Start playing by itself")')
    assert saved.value.status == 200
    page.goto("/settings/player")
    expect(page.locator('input[name="auto_play"]')).not_to_be_checked()
    expect(page.locator('input[name="auto_skip_opening"]')).to_be_checked()
    page.goto(f"/watch/{site.demo_id}/1")
    page.wait_for_selector("[data-watch][data-ready]")
    wait_until(page, "document.querySelector('video').readyState >= 2")
    page.wait_for_timeout(1000)
    assert page.evaluate("document.querySelector('video').paused")


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_pages_fit(page: Page, width: int) -> None:
    name = newcomer(page)
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/welcome", "/settings", "/settings/player", "/settings/privacy", f"/users/{name}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_pages_have_no_serious_fault(page: Page, site: Site, theme: str) -> None:
    name = newcomer(page)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    page.emulate_media(reduced_motion="reduce")
    found = {}
    for path in ("/welcome", "/settings", "/settings/player", "/settings/privacy", f"/users/{name}", "/users/admin"):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        found[path] = faults_of(page)
    assert not any(found.values()), found
