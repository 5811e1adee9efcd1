"""The recycle bin: nothing is lost before its time, nothing comes back over another file."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings

from core.errors import DomainError, NotFound
from core.media.errors import PathRefused
from downloads.errors import DiskFull, PlaceTaken
from downloads.placing.recycling import recycle, recycled_list, recycled_restore, recycled_trim
from downloads.placing.space import space_check, space_free

pytestmark = pytest.mark.once


@pytest.fixture
def root(tmp_path: Path, settings: LazySettings) -> Path:
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"
    settings.LIBRARY_ROOT = tmp_path / "library"
    (tmp_path / "library" / "Show").mkdir(parents=True)
    (tmp_path / "library" / "Show" / "01.mkv").write_bytes(b"one")
    return tmp_path / "library"


def test_there_and_back(root: Path) -> None:
    video = root / "Show" / "01.mkv"
    with time_machine.travel(datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), tick=False):
        name = recycle(video)  # of the configured library
    assert name.startswith("2026-03-04_05-06-07-")
    assert not video.exists()
    found = recycled_list()
    assert [(one.name, one.path, one.size) for one in found] == [(name, "Show/01.mkv", 3)]
    assert found[0].recycled_at == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert recycled_restore(name) == video
    assert video.read_bytes() == b"one"
    assert recycled_list() == []
    assert list((root / ".recycle").iterdir()) == []


def test_a_folder_that_is_gone_is_made_again_and_a_place_that_is_taken_stays(root: Path) -> None:
    video = root / "Show" / "01.mkv"
    name = recycle(video, root)
    video.parent.rmdir()
    assert recycled_restore(name, root).read_bytes() == b"one"
    name = recycle(video, root)
    video.write_bytes(b"two")
    with pytest.raises(PlaceTaken):
        recycled_restore(name, root)
    assert video.read_bytes() == b"two"
    assert len(recycled_list(root)) == 1


def test_a_restoring_that_was_killed_is_finished(root: Path) -> None:
    video = root / "Show" / "01.mkv"
    name = recycle(video, root)
    os.link(root / ".recycle" / name / "Show" / "01.mkv", video)
    assert recycled_restore(name, root) == video
    assert (video.read_bytes(), video.stat().st_nlink, recycled_list(root)) == (b"one", 1, [])


def test_the_same_name_twice(root: Path) -> None:
    video = root / "Show" / "01.mkv"
    names = {recycle(video, root)}
    video.write_bytes(b"two")
    names.add(recycle(video, root))
    assert {one.name for one in recycled_list(root)} == names
    assert len(names) == 2


def test_what_is_old_goes_and_the_rest_stays(root: Path) -> None:
    video = root / "Show" / "01.mkv"
    for day in (1, 20):
        video.write_bytes(b"one")
        with time_machine.travel(datetime(2026, 3, day, tzinfo=UTC), tick=False):
            recycle(video, root)
    (root / ".recycle" / "of somebody else").mkdir()
    (root / ".recycle" / "2026-99-99_00-00-00-00000000").mkdir()
    with time_machine.travel(datetime(2026, 4, 1, tzinfo=UTC), tick=False):
        assert recycled_trim(30, root) == 1
        assert [one.recycled_at.day for one in recycled_list(root)] == [20]
        assert recycled_trim(0, root) == 1
    assert recycled_list(root) == []
    assert len(list((root / ".recycle").iterdir())) == 2


def test_only_files_of_the_library(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"x")
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "way").symlink_to(tmp_path)
    name = recycle(root / "Show" / "01.mkv", root)
    inside = root / ".recycle" / name / "Show" / "01.mkv"
    for path in (tmp_path / "outside", root / "link", root / "way" / "outside", root / "Show", root, inside):
        with pytest.raises(PathRefused):
            recycle(path, root)
    with pytest.raises(NotFound):
        recycle(root / "Show" / "02.mkv", root)
    assert (tmp_path / "outside").read_bytes() == b"x"
    assert inside.exists()


@pytest.mark.parametrize(
    "name", ["", "..", "../Show", "2026-03-04_05-06-07-0000000g", "2026-03-04_05-06-07-00000000", "/etc"]
)
def test_names_that_are_none(root: Path, name: str) -> None:
    with pytest.raises(NotFound):
        recycled_restore(name, root)
    assert (root / "Show" / "01.mkv").read_bytes() == b"one"


def test_a_bin_that_is_a_link_is_not_touched(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "2020-01-01_00-00-00-00000000"
    other.mkdir(parents=True)
    (other / "theirs").write_bytes(b"x")
    (root / ".recycle").symlink_to(tmp_path / "other")
    for call in (lambda: recycled_trim(0, root), lambda: recycle(root / "Show" / "01.mkv", root)):
        with pytest.raises(PathRefused):
            call()
    assert (other / "theirs").read_bytes() == b"x"
    assert (root / "Show" / "01.mkv").exists()


def test_room_is_asked_of_the_nearest_folder_that_is_there(tmp_path: Path) -> None:
    missing = tmp_path / "a" / "b"
    free = space_free(missing)
    space_check(missing, needed=1, floor=free // 2)
    for needed, floor in ((free * 2, 0), (0, free * 2), (free // 2 + 10**9, free // 2 + 10**9)):
        with pytest.raises(DiskFull) as caught:
            space_check(missing, needed, floor)
        assert caught.value.extra["floor"] == floor
    assert not missing.exists()


def test_of_many_who_restore_at_once_one_does(root: Path) -> None:
    video = root / "Show" / "1.mkv"
    video.parent.mkdir(parents=True, exist_ok=True)
    video.write_bytes(b"one")
    name = recycle(video, root)
    ends: list[str] = []

    def restore() -> None:
        try:
            recycled_restore(name, root)
            ends.append("done")
        except DomainError as error:
            ends.append(error.code)

    threads = [threading.Thread(target=restore) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["done", *["not_found"] * 5]
    assert video.read_bytes() == b"one"
