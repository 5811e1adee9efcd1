"""Settings and files of downloads in a browser: a template is tried, saved and restored; a file is told what it is and let go."""

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


def test_a_template_is_tried_saved_and_restored(staff: Any, site: Site) -> None:
    staff.goto(f"{site.url}/downloads/settings")
    staff.get_by_role("button", name="Back up now").click()
    staff.locator(".toast", has_text="Backed up").wait_for()
    staff.fill("#id_naming_template", "{title}/{nonsense}")
    staff.locator(".settings-template-wrong", has_text="{nonsense}").wait_for()
    staff.fill("#id_naming_template", "{title}/{title} {episode:03}")
    staff.locator("#settings-preview", has_text="Sousou no Frieren/Sousou no Frieren 003.mkv").wait_for()
    staff.fill("#id_max_attempts", "99")
    staff.get_by_role("button", name="Save").click()
    staff.locator(".errorlist", has_text="A whole number from 1 to 20.").wait_for()
    staff.fill("#id_max_attempts", "4")
    staff.get_by_role("button", name="Save").click()
    staff.locator(".toast", has_text="The settings are saved.").wait_for()
    assert staff.input_value("#id_naming_template") == "{title}/{title} {episode:03}"
    staff.locator(".settings-backups li", has_text="By hand").get_by_role("button", name="Restore").click()
    staff.locator(".toast", has_text="The settings are those of").wait_for()
    assert staff.input_value("#id_max_attempts") == "5"


def test_a_file_is_told_what_it_is_and_let_go(staff: Any, site: Site) -> None:
    video = site.folder / "library" / "Zzz unknown thing - 07.mkv"
    video.parent.mkdir(exist_ok=True)
    video.write_bytes(b"no film at all")
    staff.goto(f"{site.url}/downloads/files")
    staff.get_by_role("button", name="Read the folders").click()
    staff.get_by_role("link", name="Show what is new").click(timeout=60_000)
    line = staff.locator(".files-line", has_text="Zzz unknown thing - 07.mkv")
    line.get_by_text("Another anime").click()
    line.get_by_role("searchbox").fill("Hiroba no Akari")
    line.locator("input[name=first]").fill("2")
    line.locator(".files-found button", has_text="Hiroba no Akari").first.click()
    staff.locator(".toast", has_text="Known now: Hiroba no Akari, Episode 2.").wait_for()
    assert "Known by: A person" in line.inner_text()
    line.get_by_role("button", name="Take back").click()
    line.get_by_text("Another anime").wait_for()
    line.get_by_role("button", name="Ignore").click()
    line.get_by_role("button", name="Take back").wait_for()
    assert "Ignored" in line.inner_text()
    video.unlink()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_they_read_and_fit(staff: Any, site: Site, theme: str) -> None:
    staff.emulate_media(color_scheme=theme)
    for path in ("/downloads/settings", "/downloads/files", "/downloads/files?state=matched"):
        for width in WIDTHS:
            staff.set_viewport_size({"width": width, "height": 800})
            staff.goto(f"{site.url}{path}")
            assert faults_of(staff) == [], (path, theme, width)
            assert staff.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
