"""The walk: what is listed, what is passed over, what must do no harm."""

import os

import pytest

from downloads.library.walking import MAX_DEPTH, library_walk

pytestmark = pytest.mark.once


def touch(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")


def seen(root, **given):
    return sorted(file.path for file in library_walk(root, **given).videos)


def test_videos_are_listed_and_the_rest_is_passed_over(tmp_path):
    touch(tmp_path, "Show/01.mkv", "Show/02.MP4", "Show/01.en.ass", "Show/tvshow.nfo", "Show/cover.jpg", "top.avi")
    touch(tmp_path, ".hidden/a.mkv", ".recycle/b.mkv", "@eaDir/c.mkv", "Show/Sample/d.mkv", "Show/Trailers/e.mkv")
    touch(tmp_path, "Show/Show-sample.mkv", "Show/Show - Trailer.mkv", "Show/.part.mkv", "Show/03.mkv.part")
    walk = library_walk(tmp_path)
    assert sorted(file.path for file in walk.videos) == ["Show/01.mkv", "Show/02.MP4", "top.avi"]
    assert (walk.folders["Show"].subtitles, walk.folders["Show"].nfos) == (["01.en.ass"], ["tvshow.nfo"])
    assert walk.skipped == 5


def test_links_are_followed_inside_of_the_root_and_once(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    touch(root, "a/1.mkv")
    touch(outside, "secret.mkv")
    (root / "loop").symlink_to(root)
    (root / "a" / "up").symlink_to(root / "a")
    (root / "out").symlink_to(outside)
    (root / "file.mkv").symlink_to(outside / "secret.mkv")
    (root / "inside.mkv").symlink_to(root / "a" / "1.mkv")
    (root / "dangling.mkv").symlink_to(root / "none")
    assert seen(root) == ["a/1.mkv", "inside.mkv"]


def test_pipes_and_devices_are_never_opened(tmp_path):
    touch(tmp_path, "a.mkv")
    os.mkfifo(tmp_path / "pipe.mkv")
    os.mkfifo(tmp_path / "pipe.nfo")
    walk = library_walk(tmp_path)
    assert [file.path for file in walk.videos] == ["a.mkv"]
    assert walk.folders[""].nfos == []


def test_names_that_are_no_text_and_names_with_line_breaks_survive(tmp_path):
    touch(tmp_path, "line\nbreak.mkv")
    with open(os.fsencode(tmp_path) + b"/bytes\xff\xfe.mkv", "wb") as file:  # noqa: PTH123 (a Path takes no bytes)
        file.write(b"x")
    assert seen(tmp_path) == ["bytes\\xff\\xfe.mkv", "line\\x0abreak.mkv"]


def test_folders_nested_without_end_are_left_at_some_depth(tmp_path):
    touch(tmp_path, "ok.mkv")
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(300):  # more would be too deep for pytest to clear away
            os.mkdir("d", dir_fd=handle)
            deeper = os.open("d", os.O_RDONLY, dir_fd=handle)
            os.close(handle)
            handle = deeper
    finally:
        os.close(handle)
    walk = library_walk(tmp_path)
    assert [file.path for file in walk.videos] == ["ok.mkv"]
    assert len(walk.folders) <= MAX_DEPTH + 2


def test_a_file_that_vanishes_in_between_is_passed_over(tmp_path, monkeypatch):
    touch(tmp_path, "a.mkv", "b.mkv")
    scandir = os.scandir

    class Entries:
        def __init__(self, path):
            self._inner = scandir(path)

        def __enter__(self):
            found = list(self._inner)
            (tmp_path / "b.mkv").unlink(missing_ok=True)
            return iter(found)

        def __exit__(self, *_):
            self._inner.close()

        def close(self):
            self._inner.close()

    monkeypatch.setattr("downloads.library.walking.os.scandir", Entries)
    assert seen(tmp_path) == ["a.mkv"]


def test_some_folders_and_what_is_new_in_them(tmp_path):
    touch(tmp_path, "a/1.mkv", "a/known/2.mkv", "a/new/deep/3.mkv", "b/4.mkv")
    walk = library_walk(tmp_path, only=["a", "none"], known={"", "a", "a/known", "b"})
    assert sorted(file.path for file in walk.videos) == ["a/1.mkv", "a/new/deep/3.mkv"]
    assert walk.missing == {"none"}
