"""The missing board in a browser: an anime is found, ordered, listed, and let go again; both themes, narrow and wide."""

import re
from typing import Any

import pytest

from tests.e2e.conftest import Site
from tests.e2e.people import sign_in
from tests.e2e.test_accessibility import faults_of

WIDTHS = (320, 1280)


@pytest.fixture
def staff(page: Any, site: Site) -> Any:
    """The superadmin's page."""
    sign_in(page, "admin", site.password)
    return page


def test_a_search_an_order_and_its_end(staff: Any, site: Site) -> None:
    staff.goto(f"{site.url}/downloads/missing")
    staff.fill("#missing-q", "Hiroba no Akari")
    line = staff.locator(f"#missing-{site.demo_id}")
    line.wait_for()
    assert "Hiroba no Akari" in line.inner_text()
    assert re.search(r"No source: \d", line.inner_text())
    line.get_by_role("link", name="Episodes").click()
    staff.wait_for_url(f"**/downloads/missing/{site.demo_id}")
    assert staff.locator(".missing-episode").first.get_by_text("No source").is_visible()
    staff.select_option("#order-variant", "dub")
    staff.select_option("#order-quality", "720")
    staff.fill("#order-first", "2")
    staff.get_by_role("button", name="Order").click()
    staff.locator(".toast", has_text="Ordered").wait_for()
    assert "Dub · ≤ 720p · from episode 2" in staff.locator(".missing-order-list").inner_text()
    staff.goto(f"{site.url}/downloads/missing?all=1")
    assert "Standing order" in staff.locator(f"#missing-{site.demo_id}").inner_text()
    staff.goto(f"{site.url}/downloads/missing/{site.demo_id}")
    staff.get_by_role("button", name="End").click()
    staff.locator(".toast", has_text="ended").wait_for()
    assert staff.locator(".missing-order-list").count() == 0


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_reads_and_fits(staff: Any, site: Site, theme: str) -> None:
    staff.emulate_media(color_scheme=theme)
    for path in ("/downloads/missing?q=Hiroba", f"/downloads/missing/{site.demo_id}"):
        for width in WIDTHS:
            staff.set_viewport_size({"width": width, "height": 800})
            staff.goto(f"{site.url}{path}")
            assert faults_of(staff) == [], (path, theme, width)
            assert staff.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
