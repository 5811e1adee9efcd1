"""A list comes in through the wizard: looked through, one line decided differently, applied, reported, taken back."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lists.tests.importing.mal_files import mal_file
from tests.e2e.conftest import Site
from tests.e2e.people import sign_in


def known_anime(site: Site, number: int) -> list[dict[str, Any]]:
    """Anime of the demo catalogue that have a MAL id: {id, mal_id, title}."""
    found: list[dict[str, Any]] = []
    for page in range(1, 6):
        address = f"{site.url}/api/v1/anime?page_size=50&page={page}"
        with urllib.request.urlopen(address, timeout=20) as answer:
            cards = json.load(answer)["results"]
        for card in cards:
            with urllib.request.urlopen(f"{site.url}/api/v1/anime/{card['id']}", timeout=20) as answer:
                detail = json.load(answer)
            mal_id = _mal_id(detail)
            if mal_id:
                found.append({"id": card["id"], "mal_id": mal_id, "title": card["title"]})
            if len(found) == number:
                return found
    raise AssertionError(f"the demo catalogue has only {len(found)} of {number}")


def _mal_id(detail: dict[str, Any]) -> str:
    return str(next(iter(detail["external_ids"].get("mal", [])), ""))


def status_of(page: Page, anime_id: int) -> str:
    answer = page.request.get(f"/api/v1/anime-list/{anime_id}")
    return answer.json()["status"] if answer.ok else str(answer.status)


def upload(page: Page, path: Path) -> None:
    page.goto("/settings/imports")
    page.set_input_files("#import-file", path)
    page.get_by_role("button", name="Upload and look through").click()
    page.locator(".import-rules").wait_for(timeout=30_000)


@pytest.mark.timeout(180)
def test_an_import_with_conflicts(page: Page, site: Site, tmp_path: Path) -> None:
    first, second, third = known_anime(site, 3)
    path = tmp_path / "list.xml"
    sign_in(page, "admin", site.password)
    lines = [{"id": one["mal_id"], "title": one["title"], "status": "Dropped", "score": 2} for one in (first, second)]
    path.write_bytes(mal_file(lines))
    upload(page, path)
    page.get_by_role("button", name="Apply to my list").click()
    expect(page.get_by_text("Your list is here.")).to_be_visible(timeout=30_000)

    changed = [{**line, "status": "Completed", "score": 9} for line in lines]
    new = {"id": third["mal_id"], "title": third["title"], "status": "Watching", "episodes": 1}
    path.write_bytes(mal_file([*changed, new, {"id": 999_999_999, "title": "Nobody knows this one"}]))
    upload(page, path)
    expect(page.locator(".import-tally .is-conflict dd")).to_have_text("2")
    expect(page.locator(".import-line")).to_have_count(2)
    # One line is decided by itself, and htmx brings it back as it was stored.
    with page.expect_response(lambda answer: "/lines/1" in answer.url) as kept:
        page.locator("#line-1 select").select_option("mine")
    assert kept.value.status == 200
    expect(page.locator("#line-1 select")).to_have_value("mine")
    page.locator(".import-tabs .is-unknown").click()
    with page.expect_response(lambda answer: "/lines/4" in answer.url):
        page.locator('#line-4 input[value="skip"]').check()
    page.locator('.import-rule:has([value="theirs"])').click()
    expect(page.locator('.import-told[data-rule="theirs"]')).to_be_visible()
    expect(page.locator('.import-told[data-rule="newest"]')).to_be_hidden()
    page.get_by_role("button", name="Apply to my list").click()
    expect(page.get_by_text("2 lines applied, 1 kept as they were, 1 left out.")).to_be_visible(timeout=30_000)
    report = page.url

    statuses = [status_of(page, one["id"]) for one in (first, second, third)]
    assert statuses == ["dropped", "completed", "watching"]

    page.goto(report)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("This import was taken back.")).to_be_visible(timeout=30_000)
    assert status_of(page, second["id"]) == "dropped"

    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(report)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_broken_file_says_so(page: Page, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text('{"this is": "no list"')
    sign_in(page, "admin", site.password)
    page.goto("/settings/imports")
    page.set_input_files("#import-file", path)
    page.get_by_role("button", name="Upload and look through").click()
    expect(page.get_by_text("Nothing was taken from this file.")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", name="Import and export")).to_be_visible()


def test_a_file_of_which_nothing_can_be_taken(page: Page, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "manga.xml"
    path.write_bytes(
        b"<?xml version='1.0'?><myanimelist><myinfo><user_export_type>2</user_export_type></myinfo><manga>"
        b"<manga_mangadb_id>2</manga_mangadb_id><manga_title>Berserk</manga_title>"
        b"<my_status>Reading</my_status></manga></myanimelist>"
    )
    sign_in(page, "admin", site.password)
    page.goto("/settings/imports")
    page.set_input_files("#import-file", path)
    page.get_by_role("button", name="Upload and look through").click()
    expect(page.get_by_role("link", name="Try another file")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Apply to my list")).to_have_count(0)
