"""`/admin/library/files`, `/admin/library/scans`, `/admin/library/recycled`."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Role
from catalog.models import Anime, EpisodeSource
from core.models import Job, JobState
from downloads.models import Download, FileState, LibraryFile, LibraryScan, ScanState
from downloads.placing.recycling import recycle
from downloads.tests.api.test_configuration import client_of, tree
from downloads.tests.queue.conftest import Configured, anime, configured
from tests.query_counts import assert_queries

__all__ = ["anime", "configured"]
pytestmark = pytest.mark.django_db
FILES = "/api/v1/admin/library/files"
SCANS = "/api/v1/admin/library/scans"
BIN = "/api/v1/admin/library/recycled"


def file_unknown(anime: Anime, number: int = 1) -> LibraryFile:
    """A file that may be an episode of `anime`."""
    parsed = {"title": "Hoshi", "season": 2, "episodes": [number, number], "resolution": 720}
    return LibraryFile.objects.create(
        path=f"Hoshi no Niwa/Hoshi {number:02}.mkv",
        size=5_000,
        mtime_ns=1,
        parsed=parsed,
        suggestions=[[anime.pk, 72, "title_like year_same"]],
    )


@pytest.fixture
def api(db: None, configured: Configured) -> APIClient:
    return client_of(Role.ADMIN)


def patch(api: APIClient, file: LibraryFile, **body: Any) -> Any:
    return api.patch(f"{FILES}/{file.pk}", body, format="json")


def test_files_with_what_they_may_be(api: APIClient, anime: Anime) -> None:
    for number in (1, 2):
        file_unknown(anime, number)
    LibraryFile.objects.create(
        path="known.mkv", size=1, mtime_ns=1, state=FileState.MATCHED, anime=anime, first=1, last=1
    )
    with assert_queries("downloads/GET admin/library/files"):
        body = api.get(FILES, {"page_size": 1}).json()
    assert (body["count"], body["next"]) == (2, f"{FILES}?page_size=1&page=2")
    (row,) = body["results"]
    assert (row["path"], row["state"], row["title"]) == ("Hoshi no Niwa/Hoshi 01.mkv", "unmatched", "")
    assert row["said"]["episodes"] == [1, 1]
    assert (row["said"]["season"], row["said"]["group"], row["said"]["resolution"]) == (2, "", 720)
    (one,) = row["suggestions"]
    assert (one["anime_id"], one["confidence"]) == (anime.pk, 72)
    assert one["reasons"] == ["a similar title", "the year fits"]
    for number in range(3, 8):
        file_unknown(anime, number)
    with assert_queries("downloads/GET admin/library/files"):
        assert len(api.get(FILES).json()["results"]) == 7
    assert api.get(FILES, {"q": "05 hoshi"}).json()["count"] == 1
    known = api.get(FILES, {"state": "matched"}).json()["results"]
    assert [(one["title"], one["first"]) for one in known] == [("Hoshi no Niwa", 1)]
    assert api.get(FILES, {"state": "lost"}).status_code == 422
    assert api.get(FILES, {"order": "size"}).json()["error"] == "unknown_filter"


def test_what_a_file_is_is_said_and_taken_back(api: APIClient, anime: Anime) -> None:
    file = file_unknown(anime)
    body = patch(api, file, anime_id=anime.pk, first=2, last=3).json()
    assert (body["state"], body["matched_by"], body["first"], body["last"]) == ("matched", "person", 2, 3)
    assert EpisodeSource.objects.filter(path__endswith="Hoshi 01.mkv").count() == 2
    body = patch(api, file, ignore=True).json()
    assert (body["state"], body["anime_id"]) == ("ignored", None)
    assert patch(api, file, forget=True).json()["matched_by"] != "person"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ignore": False},
        {"anime_id": 1},
        {"anime_id": 1, "first": 0},
        {"anime_id": 1, "first": 1, "kind": "film"},
        {"anime_id": 1, "first": 1, "ignore": True},
        {"ignore": True, "forget": True},
        {"ignore": True, "first": 2},
        {"forget": True, "path": "/etc/passwd"},
        {"anime_id": "x", "first": 1},
    ],
)
def test_a_decision_that_is_none_changes_nothing(api: APIClient, anime: Anime, body: dict) -> None:
    file = file_unknown(anime)
    answer = patch(api, file, **body)
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    file.refresh_from_db()
    assert file.state == FileState.UNMATCHED


def test_what_is_not_there_is_404(api: APIClient, anime: Anime) -> None:
    file = file_unknown(anime)
    assert patch(api, file, anime_id=anime.pk + 10_000, first=1).status_code == 404
    file.delete()
    file.pk = 10_000
    assert patch(api, file, ignore=True).status_code == 404
    assert patch(api, file, anime_id=anime.pk, first=1).json()["error"] == "not_found"


def test_a_scan_is_asked_for_once_and_told(api: APIClient, anime: Anime) -> None:
    file_unknown(anime)
    assert api.get(SCANS).json() == {
        "job": None,
        "running": None,
        "last": None,
        "counts": {"matched": 0, "unmatched": 1, "ignored": 0, "broken": 0, "gone": 0},
    }
    first, again = api.post(SCANS), api.post(SCANS)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["job"]["id"] == again.json()["job"]["id"]
    Job.objects.update(state=JobState.RUNNING, progress=40)
    LibraryScan.objects.create(seen=12)
    LibraryScan.objects.create(state=ScanState.DONE, seen=9, new_series=2, new_episodes=15)
    with assert_queries("downloads/GET admin/library/scans"):
        body = api.get(SCANS).json()
    assert (body["job"]["progress"], body["running"]["seen"]) == (40, 12)
    assert (body["last"]["new_series"], body["last"]["new_episodes"]) == (2, 15)


def test_the_recycle_bin_gives_back_and_leads_nowhere_else(api: APIClient, tmp_path: Path) -> None:
    video = tmp_path / "library" / "Show" / "01.mkv"
    video.parent.mkdir()
    video.write_bytes(b"one")
    (tmp_path / "secret").write_bytes(b"secret")
    name = recycle(video)
    body = api.get(BIN).json()
    assert (body["count"], body["results"][0]["path"], body["results"][0]["size"]) == (1, "Show/01.mkv", 3)
    before = tree(tmp_path)
    for odd in ("..", "../secret", "..%2Fsecret", "..%5Csecret", f"{name}%2F..%2F..", "%00", f"{name}x", "x" * 3_000):
        assert api.post(f"{BIN}/{odd}/restore").status_code in (400, 404), odd[:40]
    assert tree(tmp_path) == before
    assert api.post(f"{BIN}/{name}/restore").json() == {"path": "Show/01.mkv"}
    assert video.read_bytes() == b"one"
    assert Job.objects.get(kind="downloads.scan").payload["only"] == ["Show"]
    assert api.post(f"{BIN}/{name}/restore").status_code == 404
    assert not Download.objects.exists()


def test_a_place_that_is_taken_and_a_disk_that_is_gone(api: APIClient, tmp_path: Path) -> None:
    video = tmp_path / "library" / "01.mkv"
    video.write_bytes(b"one")
    name = recycle(video)
    video.write_bytes(b"another")
    assert api.post(f"{BIN}/{name}/restore").json()["error"] == "place_taken"
    assert video.read_bytes() == b"another"
