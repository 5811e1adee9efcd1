"""Statistics, a year in review and the calendar's addresses in a browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.test_accessibility import faults_of
from tests.e2e.test_profiles import newcomer


def completed(page: Page, site: Site) -> None:
    """The demo series goes on the list of whoever is signed in, finished at New Year 2025, with a score."""
    answer = page.evaluate(
        """async ([id]) => {
          const token = JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken'];
          const body = {anime_id: id, status: 'completed', score: 80, started_on: '2025-01-01', finished_on: '2025-01-02'};
          const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
          return (await fetch('/api/v1/anime-list', {method: 'POST', headers, body: JSON.stringify(body)})).status;
        }""",
        [site.demo_id],
    )
    assert answer in (200, 201)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_statistics_and_the_year_stand_without_a_fault(page: Page, site: Site, theme: str) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    name = newcomer(page)
    page.goto("/browse")
    completed(page, site)
    page.goto(f"/users/{name}/statistics")
    expect(page.locator(".figures dd").first).to_have_text("1")
    assert page.locator("svg[role=img]").count() >= 4
    assert faults_of(page) == []
    page.locator("section", has=page.locator("#scores")).get_by_text("Show numbers").click()
    expect(page.locator("section", has=page.locator("#scores")).locator("table")).to_be_visible()
    page.goto(f"/users/{name}/year/2025")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2025")
    assert faults_of(page) == []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("statistics", "year/2025"):
            page.goto(f"/users/{name}/{path}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, path)


def test_a_new_address_ends_the_old_one(page: Page, site: Site) -> None:
    newcomer(page)
    page.goto("/schedule?mine=1")
    page.click('a[href="/list/calendar"]')
    old = page.locator("#ics").inner_text().strip()
    assert faults_of(page) == []
    assert page.request.get(old).status == 200
    page.click("text=Make new addresses")
    expect(page.locator("#ics")).not_to_have_text(old)
    assert page.request.get(old).status == 404
    assert page.request.get(page.locator("#rss").inner_text().strip()).status == 200
