"""Plays of a media server that no anime was certain for, in a browser: choosing the anime once, what follows, ignoring, changing."""

import json
from itertools import count

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.people import sign_up
from tests.e2e.test_accessibility import looked_over

_numbers = count(1)
PLACE = "/settings/scrobbling"


def address_made(page: Page) -> str:
    """The address of a new person's Jellyfin."""
    sign_up(page, f"scrobbler_{next(_numbers)}_x")
    page.goto(PLACE)
    form = page.locator("section", has=page.get_by_role("heading", name="Jellyfin")).locator("form")
    form.get_by_role("button", name="Make an address").click()
    return page.locator("#address-jellyfin").inner_text()


def told(page: Page, address: str, **fields: object) -> tuple[str, str]:
    """The outcome and the reason of a finished episode of a show that the catalogue has under another name."""
    message = {
        "NotificationType": "PlaybackStop",
        "ItemType": "Episode",
        "SeriesName": "Lights of the Plaza, uncut",
        "ServerId": "cellar",
        "SeriesId": "c1",
        "SeasonNumber": 1,
        "Name": "The Lamp Post",
        "PlayedToCompletion": "True",
        **fields,
    }
    answer = page.request.post(address, data=json.dumps(message), headers={"Content-Type": "text/plain"}).json()
    return answer["outcome"], answer["reason"]


def test_a_play_is_given_its_anime_once(page: Page, site: Site) -> None:
    address = address_made(page)
    for number in (1, 2):
        assert told(page, address, EpisodeNumber=number) == ("unmatched", "unknown_title")
    assert told(page, address, SeasonNumber=0, EpisodeNumber=5) == ("unmatched", "special")
    found: dict[str, list[str]] = {}
    page.goto(PLACE)
    looked_over(page, "what waits", found)
    waiting = page.locator(".waiting li", has_text="E1–2")
    waiting.get_by_role("link", name="Choose").click()
    page.get_by_role("searchbox", name="Another title").fill("Hiroba no Akari")
    page.locator(".choice-search").get_by_role("button", name="Search").click()
    looked_over(page, "the choice", found)
    page.get_by_role("radio", name="Hiroba no Akari").check()
    page.get_by_role("button", name="That is it").click()
    expect(page.locator("body")).to_contain_text("2 episodes counted")
    entry = page.request.get("/api/v1/anime-list").json()["results"][0]
    assert (entry["anime_id"], entry["episodes_watched"]) == (site.demo_id, 2)
    assert told(page, address, EpisodeNumber=3) == ("counted", "by_rule")

    page.locator(".waiting li", has_text="S0 E5").get_by_role("link", name="Choose").click()
    page.get_by_role("button", name="Ignore this show’s specials").click()
    expect(page.locator(".waiting li")).to_have_count(0)
    assert told(page, address, SeasonNumber=0, EpisodeNumber=6) == ("ignored", "rule_ignored")

    page.get_by_role("link", name="What you decided (2)").click()
    looked_over(page, "the rules", found)
    page.locator(".waiting li", has_text="season 1").get_by_role("link", name="Change").click()
    expect(page.get_by_role("radio", name="Hiroba no Akari")).to_be_checked()
    looked_over(page, "a rule", found)
    page.get_by_role("button", name="Delete the rule").click()
    expect(page.locator(".waiting li")).to_have_count(1)
    assert told(page, address, EpisodeNumber=4) == ("unmatched", "unknown_title")
    assert found == {}

    page.goto("/list/history")
    page.locator("main").get_by_role("button", name="Undo").first.click()
    page.wait_for_load_state()
    entry = page.request.get("/api/v1/anime-list").json()["results"][0]
    assert entry["episodes_watched"] == 2
