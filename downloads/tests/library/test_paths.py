"""Paths as text, and the comparison of rows with folders."""

import pytest

from downloads.library.comparing import KnownFile, fingerprints_take, rows_compare
from downloads.library.naming import path_read
from downloads.library.paths import path_is_plain, path_raw, path_stored
from downloads.library.walking import Folder, FoundFile, Walk

pytestmark = pytest.mark.once

ODD = [
    "a\nb.mkv",
    "tab\t.mkv",
    "back\\slash.mkv",
    "bytes\udcff\udc80.mkv",
    "\\x0a.mkv",
    "\x85.mkv",
    "\\\\u0085.mkv",
    "\u2028.mkv",
]


def test_odd_paths_are_kept_without_loss_and_apart():
    stored = {path: path_stored(path) for path in [*ODD, "plain/Folder é 日本/01.mkv"]}
    assert all(path_raw(text) == path for path, text in stored.items()), stored
    assert len(set(stored.values())) == len(stored)
    assert all(text.encode().isascii() and text.isprintable() for path, text in stored.items() if path in ODD), stored
    assert stored["plain/Folder é 日本/01.mkv"] == "plain/Folder é 日本/01.mkv"


def test_only_plain_paths_can_be_served(tmp_path):
    refused = [*ODD, "~/a.mkv", "C:a.mkv", "%2e%2e/%2e%2e/etc/passwd", "a%2fb.mkv"]
    assert [path for path in refused if path_is_plain(path, tmp_path)] == ["a%2fb.mkv"]
    assert path_is_plain("100% Pascal-sensei/01.mkv", tmp_path)


def found(path: str, *, size: int = 1, time: int = 1, inode: str = "1:1") -> FoundFile:
    return FoundFile(path, path, size, time, inode)


def row(pk: int, path: str, *, size: int = 1, time: int = 1, inode: str = "1:1", state="matched", mark="") -> KnownFile:
    return KnownFile(pk, path, size, time, inode, state, mark)


def walk_of(*files: FoundFile, failed: tuple[str, ...] = ()) -> Walk:
    walk = Walk(failed=set(failed))
    for file in files:
        folder = file.path.rpartition("/")[0]
        walk.folders.setdefault(folder, Folder(folder, folder)).videos.append(file)
    return walk


def test_what_stands_changed_moved_vanished_and_is_new():
    walk = walk_of(
        found("stands"),
        found("changed", size=9, inode="1:2"),
        found("sub/moved", inode="1:3"),
        found("new", inode="1:9"),
        found("back", inode="1:5"),
    )
    rows = [
        row(1, "stands"),
        row(2, "changed", inode="1:2"),
        row(3, "moved", inode="1:3"),
        row(4, "gone", inode="1:4"),
        row(5, "back", inode="1:5", state="gone"),
        row(6, "gone before", inode="1:6", state="gone"),
    ]
    told = rows_compare(walk, rows)
    assert told.standing == 1
    assert [(one.id, file.path) for one, file in told.changed] == [(2, "changed")]
    assert [(one.id, file.path) for one, file in told.moved] == [(3, "sub/moved")]
    assert [one.id for one, _file in told.back] == [5]
    assert [one.id for one in told.gone] == [4]
    assert [file.path for file in told.added] == ["new"]


def test_two_files_that_change_places_are_two_moves():
    told = rows_compare(
        walk_of(found("a", inode="1:2"), found("b", inode="1:1")), [row(1, "a", inode="1:1"), row(2, "b", inode="1:2")]
    )
    assert sorted((one.id, file.path) for one, file in told.moved) == [(1, "b"), (2, "a")]
    assert (told.added, told.changed, told.gone) == ([], [], [])


def test_hard_links_are_no_moves():
    walk = walk_of(found("a"), found("b"), found("c"))
    told = rows_compare(walk, [row(1, "a"), row(2, "x")])
    assert (told.moved, [one.id for one in told.gone], sorted(file.path for file in told.added)) == (
        [],
        [2],
        ["b", "c"],
    )


def test_a_copy_on_another_disk_is_known_by_time_and_name_or_by_its_contents():
    walk = walk_of(found("new/01.mkv", inode="2:1"), found("new/other.mkv", size=7, time=5, inode="2:2"))
    rows = [row(1, "old/01.mkv"), row(2, "old/x.mkv", size=7, time=3, inode="1:2", mark="abc")]
    told = rows_compare(walk, rows)
    assert [(one.id, file.path) for one, file in told.moved] == [(1, "new/01.mkv")]
    fingerprints_take(told, {"new/other.mkv": "abc"})
    assert [(one.id, file.path) for one, file in told.moved] == [(1, "new/01.mkv"), (2, "new/other.mkv")]
    assert (told.added, told.gone) == ([], [])


def test_what_lies_in_a_folder_that_cannot_be_read_is_not_gone():
    told = rows_compare(
        walk_of(found("a"), failed=("disk",)), [row(1, "a"), row(2, "disk/b/c.mkv"), row(3, "diskless")]
    )
    assert [one.id for one in told.gone] == [3]


def test_a_look_at_some_folders_leaves_the_others_alone():
    walk = walk_of(found("a/1", inode="1:1"))
    walk.missing.add("lost")
    rows = [row(1, "a/1"), row(2, "a/2", inode="1:2"), row(3, "b/1", inode="1:3"), row(4, "lost/x/1", inode="1:4")]
    assert [one.id for one in rows_compare(walk, rows, is_partial=True).gone] == [2, 4]


@pytest.mark.parametrize("name", ["Naruto \udcff\udcfe - 08.mp4", "Naruto\r\n - 08.mp4", "Naruto\x07 - 08.mp4"])
def test_what_is_no_text_in_a_name_is_read_as_blanks(name: str) -> None:
    stored = path_stored(name)
    read = path_read(stored)
    assert (read.title, read.episodes, read.name) == ("Naruto", (8, 8), stored)
