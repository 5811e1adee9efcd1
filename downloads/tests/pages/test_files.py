"""The page of the library's files, as a browser without scripts uses it, and what htmx gets."""

import json
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from catalog.models import Anime
from catalog.search.service import titles_rebuild
from core.models import Job, JobState
from downloads.models import FileState, LibraryFile, LibraryScan, ScanState
from downloads.pages.files_lines import said_words
from downloads.placing.recycling import recycle
from downloads.tests.api.test_library import file_unknown
from downloads.tests.queue.conftest import admin, anime, configured
from tests.query_counts import assert_queries

__all__ = ["admin", "anime", "configured"]
pytestmark = pytest.mark.django_db
PAGE = "/downloads/files"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def site(admin: User, anime: Anime) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def shown(site: Client, path: str = PAGE, headers: dict | None = None) -> str:
    answer = site.get(path, headers=headers or {})
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_list_says_what_each_file_may_be(site: Client, anime: Anime) -> None:
    file = file_unknown(anime)
    shown(site)
    with assert_queries("downloads/page files"):
        page = shown(site)
    for words in ("Hoshi 01.mkv", "Hoshi · season 2 · episode 1 · 720p", "72 %", "a similar title, the year fits"):
        assert words in page, words
    assert f'name="anime_id" value="{anime.pk}"' in page
    assert f'id="file-{file.pk}"' in page
    for number in range(2, 8):
        file_unknown(anime, number)
    with assert_queries("downloads/page files"):
        assert shown(site).count('class="files-line ') == 7
    part = shown(site, f"{PAGE}?q=hoshi+05", HTMX)
    assert part.lstrip().startswith('<section id="files-list"')
    assert part.count('class="files-line ') == 1
    for odd in ("?page=99", "?page=x", "?state=odd", "?q=%00", "?q=zzzzz", "?state=gone", "?state=recycled"):
        assert "files-list" in shown(site, PAGE + odd), odd


def test_one_press_says_what_it_is_and_one_takes_it_back(site: Client, anime: Anime) -> None:
    file = file_unknown(anime)
    here = f"{PAGE}?state=unmatched&page=1"
    answer = site.post(f"{PAGE}/{file.pk}", {"anime_id": anime.pk, "first": "3", "kind": "regular", "next": here})
    assert (answer.status_code, answer.url) == (302, here)
    page = shown(site)
    assert "Known now: Hoshi no Niwa, Episode 3." in page
    assert f'action="{PAGE}/{file.pk}/undo"' in page
    known = shown(site, f"{PAGE}?state=matched")
    assert "Known by: A person" in known
    assert "Episode 3" in known
    site.post(f"{PAGE}/{file.pk}/undo")
    file.refresh_from_db()
    assert file.matched_by != "person"
    answer = site.post(f"{PAGE}/{file.pk}", {"do": "ignore", "next": "//evil.example/"})
    assert answer.url == PAGE
    assert "Hoshi 01.mkv" in shown(site, f"{PAGE}?state=ignored")
    site.post(f"{PAGE}/{file.pk}", {"do": "forget"})
    file.refresh_from_db()
    assert file.state != FileState.IGNORED


@pytest.mark.parametrize(
    "form", [{}, {"anime_id": "1"}, {"first": "1"}, {"anime_id": "x", "first": "1"}, {"anime_id": "1", "first": "0"}]
)
def test_what_is_wrong_is_said(site: Client, anime: Anime, form: dict) -> None:
    file = file_unknown(anime)
    answer = site.post(f"{PAGE}/{file.pk}", form, headers=HTMX)
    assert 'class="files-error" role="alert"' in answer.content.decode()
    assert json.loads(answer["HX-Trigger"])["site:toast"]["kind"] == "error"
    assert "toast-error" in site.post(f"{PAGE}/{file.pk}", form, follow=True).content.decode()
    file.refresh_from_db()
    assert file.state == FileState.UNMATCHED


def test_with_scripts_the_line_comes_anew(site: Client, anime: Anime) -> None:
    file = file_unknown(anime)
    answer = site.post(f"{PAGE}/{file.pk}", {"anime_id": anime.pk, "first": "3"}, headers=HTMX)
    line = answer.content.decode()
    assert line.lstrip().startswith(f'<li class="files-line state-matched" id="file-{file.pk}"')
    assert 'value="forget"' in line
    assert json.loads(answer["HX-Trigger"])["site:toast"]["kind"] == "success"


def test_another_anime_is_searched_for(site: Client, anime: Anime, settings, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"
    titles_rebuild()
    file = file_unknown(anime)
    part = shown(site, f"{PAGE}/{file.pk}?title=hoshi+niwa", HTMX)
    assert part.lstrip().startswith(f'<div class="files-found" id="found-{file.pk}"')
    assert f'value="{anime.pk}"' in part
    assert f'value="{anime.pk}"' not in shown(site, f"{PAGE}/{file.pk}?title=", HTMX)
    page = shown(site, f"{PAGE}/{file.pk}?next=https://evil.example/")
    assert ("Which anime is this file?" in page, 'href="https://evil' in page) == (True, False)
    assert "No anime has such a name." in shown(site, f"{PAGE}/{file.pk}?title=qqqqqqq")
    assert site.get(f"{PAGE}/{file.pk + 999}").status_code == 404


def test_a_scan_is_watched_to_its_end(site: Client, anime: Anime) -> None:
    file_unknown(anime)
    assert "The library was never read" in shown(site)
    part = site.post(f"{PAGE}/scan", headers=HTMX).content.decode()
    assert ("Waits for a worker" in part, 'hx-trigger="every 2s"' in part) == (True, True)
    Job.objects.update(state=JobState.RUNNING, progress=42.4)
    scan = LibraryScan.objects.create(seen=1234, added=5)
    part = shown(site, f"{PAGE}/scan", HTMX)
    for words in ("42 %", "<progress", 'value="42"', "1,234", "New</dt><dd>5"):
        assert words in part, words
    Job.objects.update(state=JobState.DONE)
    LibraryScan.objects.filter(pk=scan.pk).update(state=ScanState.DONE, seconds=2.5)
    part = shown(site, f"{PAGE}/scan?state=gone", HTMX)
    for words in ("Took 2.5 s", "Show what is new", 'hx-swap-oob="true"', "?state=gone"):
        assert words in part, words
    assert "every 2s" not in part
    assert "The library is being read." in site.post(f"{PAGE}/scan", follow=True).content.decode()


def test_a_scan_that_failed_says_why(site: Client) -> None:
    LibraryScan.objects.create(state=ScanState.FAILED, error_detail="its <process> died")
    page = shown(site)
    assert "It failed:" in page
    assert "its &lt;process&gt; died" in page


def test_the_recycle_bin(site: Client, tmp_path: Path) -> None:
    video = tmp_path / "library" / "Show" / "01.mkv"
    video.parent.mkdir()
    video.write_bytes(b"one")
    name = recycle(video)
    page = shown(site, f"{PAGE}?state=recycled")
    assert "Show/01.mkv" in page
    assert "Show/01.mkv" not in shown(site, f"{PAGE}?state=recycled&q=other")
    answer = site.post(f"/downloads/recycled/{name}", follow=True)
    assert "Back in its place: Show/01.mkv." in answer.content.decode()
    assert video.read_bytes() == b"one"
    for odd in ("x", "..%2Fsecret", name):
        assert site.post(f"/downloads/recycled/{odd}").status_code == 404, odd


def test_hostile_names_are_shown_as_text(site: Client, anime: Anime) -> None:
    path = '<script>alert(1)</script>/"><img src=x onerror=y>\\x1b.mkv'
    LibraryFile.objects.create(path=path, size=1, mtime_ns=1, parsed={"title": "<b>x", "group": "'\"><i>"})
    page = shown(site)
    assert "&lt;script&gt;alert(1)" in page
    for raw in ("<script>alert", "<img src=x", "<b>x", "<i>"):
        assert raw not in page, raw


@pytest.mark.parametrize(
    ("parsed", "words"),
    [
        ({}, ""),
        ({"kind": "special"}, ""),
        ({"title": "A", "episodes": [1, 2]}, "A · episodes 1–2"),
        ({"title": "A", "season": 0, "episodes": [7, 7], "number": "7.5", "kind": "special"}, "A · season 0 · Special · episode 7.5"),
        ({"episodes": [3, 3], "resolution": 1080, "group": "G"}, "episode 3 · 1080p · G"),
    ],
)  # fmt: skip
def test_what_a_name_says_in_words(parsed: dict, words: str) -> None:
    assert said_words(parsed) == words
