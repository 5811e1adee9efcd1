"""The player: play, seek, skip, switch, change the episode, come back to the same second, survive a dead source."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Site, wait_until
from tests.e2e.people import sign_in

TIME = "document.querySelector('video').currentTime"


def open_episode(page: Page, site: Site, number: int = 1) -> None:
    page.goto(f"/watch/{site.demo_id}/{number}")
    page.wait_for_selector("[data-watch][data-ready]")
    wait_until(page, "document.querySelector('video').readyState >= 2")


def play(page: Page) -> None:
    page.evaluate("document.querySelector('video').play()")
    wait_until(page, "!document.querySelector('video').paused")


def stand_at(page: Page, second: float) -> None:
    page.evaluate(f"{TIME} = {second}")
    wait_until(page, f"Math.abs({TIME} - {second}) < 3 && document.querySelector('video').readyState >= 2")


def choose(page: Page, menu: str, item: str) -> None:
    page.click(f'[data-player="{menu}-button"]')
    page.click(f'[data-player="{menu}"] button:has-text("{item}")')
    page.click(f'[data-player="{menu}-button"]')


def test_time_advances_and_keys_work(page: Page, site: Site) -> None:
    open_episode(page, site)
    page.keyboard.press("k")
    wait_until(page, f"{TIME} > 1")
    page.keyboard.press("5")
    wait_until(page, f"{TIME} > 35")
    before = page.evaluate(TIME)
    page.keyboard.press("j")
    wait_until(page, f"{TIME} < {before} - 5")
    page.keyboard.press("m")
    assert page.evaluate("document.querySelector('video').muted")
    page.keyboard.press(">")
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.25
    page.keyboard.press("t")
    expect(page.locator("body")).to_have_class("is-theatre")
    page.keyboard.press("?")
    expect(page.locator("#player-keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#player-keys")).to_be_hidden()
    wait_until(page, "!document.activeElement.closest('dialog')")
    page.keyboard.press(" ")
    wait_until(page, "document.querySelector('video').paused")


def test_the_opening_is_skipped_by_button(page: Page, site: Site) -> None:
    open_episode(page, site)
    stand_at(page, 8)
    button = page.locator('[data-player="skip"]')
    expect(button).to_be_visible()
    button.click()
    wait_until(page, f"{TIME} >= 17.5")
    expect(button).to_be_hidden()


def test_skipping_by_itself_can_be_cancelled(page: Page, site: Site) -> None:
    page.goto("/")
    page.evaluate("localStorage.setItem('hiroba.player', JSON.stringify({autoSkip: true, muted: true}))")
    open_episode(page, site)
    stand_at(page, 6.5)
    play(page)
    expect(page.locator('[data-player="skip"] span')).to_contain_text("·")
    page.keyboard.press("Escape")
    expect(page.locator('[data-player="skip"] span')).to_have_text("Skip opening")
    page.wait_for_timeout(5500)
    assert page.evaluate(TIME) < 17
    stand_at(page, 30)
    open_episode(page, site)
    stand_at(page, 6.5)
    play(page)
    wait_until(page, f"{TIME} >= 17.5")


def test_versions_audio_quality_and_subtitles_switch_at_the_same_second(page: Page, site: Site) -> None:
    open_episode(page, site)
    play(page)
    stand_at(page, 30)
    first = page.get_attribute("[data-watch]", "data-source")
    choose(page, "settings", "Dub ·")
    wait_until(page, f"document.querySelector('[data-watch]').dataset.source !== '{first}' && {TIME} >= 29")
    wait_until(page, "document.querySelector('video').readyState >= 2")
    assert page.evaluate(TIME) < 45
    choose(page, "settings", "180p")
    wait_until(page, "document.querySelector('video').videoHeight === 180")
    choose(page, "settings", "Japanese")
    page.click('[data-player="settings-button"]')
    expect(page.locator('[data-player="settings"] button:has-text("Japanese")')).to_have_attribute(
        "aria-checked", "true"
    )
    page.click('[data-player="settings-button"]')
    choose(page, "captions", "РусскийVTT")
    wait_until(
        page, "[...document.querySelector('video').textTracks].some(t => t.mode === 'showing' && t.language === 'ru')"
    )
    choose(page, "captions", "日本語ASS")
    page.wait_for_selector(".libassjs-canvas")
    choose(page, "captions", "Off")
    expect(page.locator(".libassjs-canvas")).to_have_count(0)
    # The controls still belong to the video: they show its time and pause it.
    wait_until(
        page,
        f"Math.abs(Number(document.querySelector('media-controller').getAttribute('mediacurrenttime')) - {TIME}) < 2",
    )
    page.hover("media-controller")
    page.click("media-control-bar media-play-button")
    wait_until(page, "document.querySelector('video').paused")


def test_reload_resumes_within_two_seconds(page: Page, site: Site) -> None:
    open_episode(page, site)
    play(page)
    stand_at(page, 33)
    page.wait_for_timeout(1500)
    stopped = page.evaluate(TIME)
    page.reload()
    page.wait_for_selector("[data-watch][data-ready]")
    wait_until(page, f"{TIME} > 5")
    assert abs(page.evaluate(TIME) - stopped) < 2
    expect(page.locator('[data-player="resume"]')).to_be_visible()


def test_a_signed_in_viewer_resumes_in_another_browser(page: Page, site: Site, chromium) -> None:
    sign_in(page, "admin", site.password)
    open_episode(page, site, 2)
    play(page)
    stand_at(page, 41)
    page.wait_for_timeout(1200)
    stopped = page.evaluate(TIME)
    page.goto("/")  # leaving the page sends the beacon
    expect(page.get_by_role("heading", name="Continue watching")).to_be_visible()
    other = chromium.new_context(base_url=site.url).new_page()
    sign_in(other, "admin", site.password)
    open_episode(other, site, 2)
    wait_until(other, f"{TIME} > 5")
    assert abs(other.evaluate(TIME) - stopped) < 2
    other.context.close()


def test_the_next_episode_follows(page: Page, site: Site) -> None:
    open_episode(page, site)
    play(page)
    stand_at(page, 70)
    card = page.locator('[data-player="next-card"]')
    expect(card).to_be_visible()
    card.locator("[data-next-go]").click()
    page.wait_for_url(f"**/watch/{site.demo_id}/2")
    page.wait_for_selector("[data-watch][data-ready]")
    wait_until(page, f"{TIME} > 0.5")  # goes on playing
    page.keyboard.press("Shift+P")
    page.wait_for_url(f"**/watch/{site.demo_id}/1")


def test_a_dead_source_fails_over_at_the_same_second(page: Page, site: Site) -> None:
    open_episode(page, site)
    play(page)
    stand_at(page, 25)
    before = page.get_attribute("[data-watch]", "data-source")

    def refuse(route: Route) -> None:
        route.fulfill(status=404, body="gone")

    page.route(f"**/stream/{before}/**", refuse)
    page.evaluate("document.querySelector('video').currentTime = 60")  # beyond what is buffered
    wait_until(page, f"document.querySelector('[data-watch]').dataset.source !== '{before}'", timeout=60)
    wait_until(page, f"{TIME} >= 59 && document.querySelector('video').readyState >= 2", timeout=30)
    assert page.evaluate(TIME) < 75


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_fits(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    open_episode(page, site)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_staff_mark_the_opening_while_watching(page: Page, site: Site) -> None:
    sign_in(page, "admin", site.password)
    open_episode(page, site, 3)
    page.click(".watch-timecodes summary")
    form = page.locator('[data-player="timecodes"]')
    form.locator('[name="scope"]').select_option("version")
    for field, second in (("intro_start", 20), ("intro_end", 26)):
        stand_at(page, second)
        form.locator(f'[data-mark="{field}"]').click()
    form.locator('button:has-text("Save")').click()
    expect(form.locator("[role=status]")).to_have_text("Saved.")
    stand_at(page, 22)
    expect(page.locator('[data-player="skip"]')).to_be_visible()
    form.locator('[name="intro_end"]').fill("5")
    form.locator('button:has-text("Save")').click()
    expect(form.locator("[role=status]")).not_to_have_text("Saved.")
    form.locator("[data-remove]").click()
    expect(form.locator('[name="intro_start"]')).to_have_value("")
