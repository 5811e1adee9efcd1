"""A file of the library that no browser plays as it is: pictures, seeking, a choice of audio, the texts inside."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from downloads.tests.serving import films
from tests.e2e.conftest import Site, wait_until

TIME = "document.querySelector('video').currentTime"
NUMBER = 40
_ADD = f"""
import sys
from pathlib import Path
from catalog.models import Episode, EpisodeSource
from downloads.media.probing import probe
from downloads.models import LibraryFile
anime, file = int({{demo_id}}), Path({{file!r}})
episode = Episode.objects.create(anime_id=anime, kind="regular", number={NUMBER}, title="From the library")
EpisodeSource.objects.create(episode=episode, kind="local", path="library:film.mkv", label="Library")
facts = dict(size=file.stat().st_size, mtime_ns=file.stat().st_mtime_ns, state="matched", anime_id=anime, matched_by="person")
facts |= dict(first={NUMBER}, last={NUMBER}, info=probe(file).as_json())
LibraryFile.objects.update_or_create(path="film.mkv", defaults=facts)  # the site may have found it by itself
"""
_REMOVE = f"""
from catalog.models import Episode
from downloads.models import LibraryFile
Episode.objects.filter(number={NUMBER}).delete()
LibraryFile.objects.all().delete()
"""


@pytest.fixture
def film(site: Site) -> Iterator[None]:
    """An episode of the demo series whose only source is a Matroska file: H.264, AC-3, Opus, ASS."""
    (site.folder / "library").mkdir(exist_ok=True)
    file = films.mkv_make(site.folder / "library", seconds=40, size="320x180", rate=24, is_open=False)
    site.shell(_ADD.format(demo_id=site.demo_id, file=str(file)))
    yield
    site.shell(_REMOVE)


def test_a_matroska_file_plays_seeks_speaks_and_shows_its_texts(page: Page, site: Site, film: None) -> None:
    page.goto(f"/watch/{site.demo_id}/{NUMBER}")
    page.wait_for_selector("[data-watch][data-ready]")
    page.evaluate("document.querySelector('video').muted = true")
    page.evaluate("document.querySelector('video').play()")
    wait_until(page, f"{TIME} > 1 && document.querySelector('video').videoHeight === 180")
    expect(page.locator(".libassjs-canvas")).to_have_count(1)
    page.evaluate(f"{TIME} = 31")
    wait_until(page, f"{TIME} > 31.5 && !document.querySelector('video').seeking")
    menu = page.locator('[data-player="settings"]')
    page.click('[data-player="settings-button"]')
    expect(menu.locator('button:has-text("日本語")')).to_have_attribute("aria-checked", "true")
    menu.locator('button:has-text("English")').click()
    expect(menu.locator('button:has-text("English")')).to_have_attribute("aria-checked", "true")
    page.click('[data-player="settings-button"]')
    wait_until(page, f"{TIME} > 33")
    page.evaluate(f"{TIME} = 38.5")
    wait_until(page, "document.querySelector('video').ended")
    assert abs(page.evaluate("document.querySelector('video').duration") - 40) < 0.5
