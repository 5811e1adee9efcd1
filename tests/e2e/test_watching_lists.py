"""Watching changes the list, in a browser: the toast, undoing it, heartbeats after that; the settings of list and media servers."""

import json
from itertools import count

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, wait_until
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import looked_over
from tests.e2e.test_player import open_episode, play, stand_at

_numbers = count(1)
DURATION = "document.querySelector('video').duration"


def newcomer(page: Page) -> None:
    sign_up(page, f"watcher_{next(_numbers)}_x")


def entry(page: Page, site: Site) -> dict | None:
    """The demo series on the list, as the API tells it."""
    rows = page.request.get("/api/v1/anime-list").json()["results"]
    return next((row for row in rows if row["anime_id"] == site.demo_id), None)


def stand_at_share(page: Page, share: float) -> None:
    """Go there and wait for the heartbeat that seeking sends."""
    with page.expect_response(lambda answer: answer.url.endswith("/users/me/progress") and answer.status == 200):
        stand_at(page, page.evaluate(DURATION) * share)


def test_an_episode_counts_is_taken_back_and_stays_so(page: Page, site: Site) -> None:
    newcomer(page)
    open_episode(page, site)
    play(page)
    stand_at_share(page, 0.6)
    assert entry(page, site) is None
    stand_at_share(page, 0.82)
    toast = page.locator(".toast", has_text="Episode 1 counted")
    expect(toast).to_be_visible()
    found = entry(page, site)
    assert found is not None
    assert (found["status"], found["episodes_watched"]) == ("watching", 1)
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="Taken back")).to_be_visible()
    assert entry(page, site) is None
    page.evaluate("document.querySelector('video').pause()")
    stand_at_share(page, 0.87)
    stand_at_share(page, 0.9)
    assert entry(page, site) is None
    expect(page.locator(".toast", has_text="Episode 1 counted")).to_have_count(0)


def test_leaving_the_page_counts_and_the_series_page_knows(page: Page, site: Site) -> None:
    newcomer(page)
    open_episode(page, site, 2)
    # The beacon of a page that is being left is the only thing that still gets through.
    page.route(
        "**/api/v1/users/me/progress",
        lambda route: route.abort() if route.request.method == "PUT" else route.continue_(),
    )
    stand_at(page, page.evaluate(DURATION) * 0.85)
    page.goto("/")
    for _ in range(50):  # the beacon and the next page race each other
        if entry(page, site) is not None:
            break
        page.wait_for_timeout(100)
    page.goto(f"/anime/{site.demo_id}")
    expect(page.locator('.episode[data-number="2"].is-watched')).to_be_visible()
    expect(page.locator('.episode[data-number="1"].is-watched')).to_be_visible()
    found = entry(page, site)
    assert found is not None
    assert found["episodes_watched"] == 2
    wait_until(page, "document.querySelector('[data-watch]').href.endsWith('/3')")


def test_the_settings_of_the_list(page: Page, site: Site) -> None:
    newcomer(page)
    page.goto("/settings/list")
    expect(page.locator('[data-format="point_5"] span')).to_have_text("4")
    page.locator("input[type=range]").fill("30")
    expect(page.locator('[data-format="point_5"] span')).to_have_text("2")
    expect(page.locator('[data-format="point_10_decimal"] span')).to_have_text("3")
    page.check('input[value="point_100"]')
    page.fill('input[name="watched_percent"]', "95")
    page.click('main button:has-text("Save")')
    expect(page.locator('input[value="point_100"]')).to_be_checked()
    found: dict[str, list[str]] = {}
    looked_over(page, page.url, found)
    assert found == {}


def test_a_media_servers_address_works_and_can_be_made_worthless(page: Page, site: Site) -> None:
    newcomer(page)
    page.goto("/settings/scrobbling")
    form = page.locator("section", has=page.get_by_role("heading", name="Jellyfin")).locator("form")
    form.get_by_role("button", name="Make an address").click()
    address = page.locator("#address-jellyfin").inner_text()
    message = {
        "NotificationType": "PlaybackStop",
        "ItemType": "Episode",
        "SeriesName": "Hiroba no Akari",
        "SeasonNumber": 1,
        "EpisodeNumber": 1,
        "PlayedToCompletion": "True",
        "NotificationUsername": "somebody",
    }
    send = {"data": json.dumps(message), "headers": {"Content-Type": "text/plain; charset=utf-8"}}
    answer = page.request.post(address, **send)
    assert answer.json()["outcome"] == "counted", answer.text()
    page.reload()
    expect(page.locator(".receipts li")).to_have_count(1)
    expect(page.locator(".receipts")).to_contain_text("Hiroba no Akari")
    found: dict[str, list[str]] = {}
    looked_over(page, page.url, found)
    assert found == {}
    page.get_by_role("button", name="New address").click()
    expect(page.locator("#address-jellyfin")).not_to_have_text(address)
    assert page.request.post(address, **send).status == 404
