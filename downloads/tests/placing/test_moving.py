"""Files come into the library whole, over nobody's file, and stay out of it when the disk says no."""

import errno
import fcntl
import os
from pathlib import Path, PurePosixPath

import pytest
from django.conf import LazySettings

from core.media.errors import PathRefused
from downloads.errors import DiskFull, DownloadFailed, FolderUnavailable, PlaceTaken
from downloads.placing import disk
from downloads.placing.moving import Placed, companion_place, file_checksum, file_place, place_forget, placed_state
from downloads.placing.places import place_mark
from downloads.placing.recycling import recycled_list

pytestmark = pytest.mark.once

PLACE = PurePosixPath("Show (2008)/Season 01/Show - S01E01.mp4")
CONTENT = b"video" * 2000


@pytest.fixture
def root(tmp_path: Path, settings: LazySettings) -> Path:
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"
    (tmp_path / "library").mkdir()
    return tmp_path / "library"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    path = tmp_path / "parts" / "whole.mp4"
    path.write_bytes(CONTENT)
    path.chmod(0o600)
    return path


def _exdev(*_arguments: object, **_more: object) -> None:
    raise OSError(errno.EXDEV, "another file system")


@pytest.fixture(params=["same", "other"])
def is_copied(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether library and parts are on two file systems: the system says so, as of two mounts of one disk in a container."""
    if request.param == "other":
        link = os.link

        def between(source: Path, target: Path, **more: bool) -> None:
            if Path(source).parent != Path(target).parent and ".recycle" not in str(target):
                _exdev()
            link(source, target, **more)

        monkeypatch.setattr(os, "link", between)
    return request.param == "other"


def place(source: Path, root: Path, relative: PurePosixPath = PLACE, **more: object) -> Path:
    return file_place(source, root, relative, **{"floor": 0, "on_target": lambda _path: None, **more})


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def tree(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def test_it_is_moved_whole_and_told_before(root: Path, source: Path, is_copied: bool) -> None:
    told: list[tuple[str, bool]] = []
    moment = source.stat().st_mtime_ns
    target = place(source, root, on_target=lambda path: told.append((path, source.exists())))
    assert target == root / PLACE
    assert files(root) == {str(PLACE): CONTENT}
    assert told == [(str(PLACE), True)]
    assert not source.exists()
    assert (target.stat().st_mode & 0o777, target.stat().st_mtime_ns) == (0o644, moment)
    assert target.stat().st_nlink == 1


def test_onto_a_real_other_file_system(root: Path, source: Path, tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == root.stat().st_dev:
        pytest.skip("this machine has no second file system at hand")
    there = memory / f"hiroba-{os.getpid()}.mp4"
    there.write_bytes(CONTENT)
    seen: list[int] = []
    try:
        target = place(there, root, on_bytes=seen.append)
        assert (files(root), there.exists(), seen) == ({str(PLACE): CONTENT}, False, [len(CONTENT)])
        assert target == root / PLACE
    finally:
        there.unlink(missing_ok=True)


def test_a_file_of_somebody_else_stays(root: Path, source: Path, is_copied: bool) -> None:
    (root / PLACE).parent.mkdir(parents=True)
    (root / PLACE).write_bytes(b"theirs")
    with pytest.raises(PlaceTaken):
        place(source, root)
    assert files(root) == {str(PLACE): b"theirs"}
    assert source.read_bytes() == CONTENT


@pytest.mark.parametrize("kind", ["folder", "link", "dangling"])
def test_nothing_else_is_replaced_either_though_it_were_ours(root: Path, source: Path, kind: str) -> None:
    (root / PLACE).parent.mkdir(parents=True)
    if kind == "folder":
        (root / PLACE).mkdir()
    else:
        (root / "elsewhere").write_bytes(b"theirs") if kind == "link" else None
        (root / PLACE).symlink_to(root / "elsewhere")
    with pytest.raises((PlaceTaken, PathRefused)):
        place(source, root, is_ours=lambda _path: True)
    assert (root / PLACE).is_symlink() or (root / PLACE).is_dir()
    assert source.read_bytes() == CONTENT


def test_ours_goes_into_the_bin_first(root: Path, source: Path, is_copied: bool) -> None:
    (root / PLACE).parent.mkdir(parents=True)
    (root / PLACE).write_bytes(b"old")
    asked: list[str] = []
    place(source, root, is_ours=lambda path: not asked.append(path))
    assert (root / PLACE).read_bytes() == CONTENT
    assert set(asked) == {str(PLACE)}
    assert [(one.path, one.size) for one in recycled_list(root)] == [(str(PLACE), 3)]


def test_names_that_differ_in_case_or_form_alone_are_one(root: Path, source: Path) -> None:
    (root / "CAFE\u0301 (2008)" / "season 01").mkdir(parents=True)
    told: list[str] = []
    target = place(source, root, PurePosixPath("Café (2008)/Season 01/One.mp4"), on_target=told.append)
    assert str(target.relative_to(root)) == told[0] == "CAFE\u0301 (2008)/season 01/One.mp4"
    source.write_bytes(b"another")
    with pytest.raises(PlaceTaken):
        place(source, root, PurePosixPath("café (2008)/SEASON 01/ONE.MP4"))
    assert list(files(root).values()) == [CONTENT]


def test_two_at_once_do_not_lose_one(
    root: Path, source: Path, is_copied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program takes the name after we looked."""
    publish = disk.file_publish

    def late(part: Path, target: Path) -> None:
        target.write_bytes(b"theirs")
        publish(part, target)

    monkeypatch.setattr(disk, "file_publish", late)
    with pytest.raises(PlaceTaken):
        place(source, root)
    assert files(root) == {str(PLACE): b"theirs"}
    assert source.read_bytes() == CONTENT


def test_what_was_ours_comes_back_when_the_new_one_cannot(
    root: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / PLACE).parent.mkdir(parents=True)
    (root / PLACE).write_bytes(b"old")
    publish = disk.file_publish

    def broken(part: Path, target: Path) -> None:
        if part == source:
            raise OSError(errno.EIO, "broken")
        publish(part, target)

    monkeypatch.setattr(disk, "file_publish", broken)
    with pytest.raises(FolderUnavailable):
        place(source, root, is_ours=lambda _path: True)
    assert (root / PLACE).read_bytes() == b"old"
    assert recycled_list(root) == []


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no hard links here")

    monkeypatch.setattr(os, "link", refused)


@pytest.mark.parametrize("has_noreplace", [True, False])
def test_a_file_system_without_hard_links(
    root: Path, source: Path, no_links: None, monkeypatch: pytest.MonkeyPatch, has_noreplace: bool
) -> None:
    if not has_noreplace:
        monkeypatch.setattr(disk, "_renameat2", lambda _source, _target: errno.EINVAL)
    place(source, root)
    assert (files(root), source.exists()) == ({str(PLACE): CONTENT}, False)
    assert tree(source.parent) == []
    source.write_bytes(b"another")
    with pytest.raises(PlaceTaken):
        disk.disk_errors()(lambda: disk.file_publish(source, root / PLACE))()
    assert (files(root), source.read_bytes()) == ({str(PLACE): CONTENT}, b"another")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_disk_that_fills_up_keeps_no_part(
    root: Path, source: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "link", _exdev)
    written = 0

    def full(handle: int, piece: memoryview) -> int:
        nonlocal written
        if written:
            raise OSError(code, "full")
        written = write(handle, piece[:100])
        return written

    write = os.write
    monkeypatch.setattr(disk.os, "write", full)
    with pytest.raises(DiskFull):
        place(source, root)
    assert written == 100
    assert (tree(root), source.read_bytes()) == ([], CONTENT)


def test_the_floor_is_kept_by_copies_and_asked_of_nobody_else(root: Path, source: Path, is_copied: bool) -> None:
    if is_copied:
        with pytest.raises(DiskFull) as caught:
            place(source, root, floor=2**62)
        assert caught.value.extra["needed"] == len(CONTENT)
        assert tree(root) == []
    else:
        place(source, root, floor=2**62)  # it lies on that disk already
        assert files(root) == {str(PLACE): CONTENT}


def test_a_copy_that_is_called_off_leaves_nothing(root: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _exdev)

    def cancel(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place(source, root, on_bytes=cancel)
    assert (tree(root), source.read_bytes()) == ([], CONTENT)


def test_a_copy_that_another_process_writes_is_left_alone(root: Path, source: Path) -> None:
    (root / PLACE).parent.mkdir(parents=True)
    part = (root / PLACE).parent / f".hiroba-{place_mark(PLACE)}-00000000.part"
    part.write_bytes(b"half")
    with part.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(PlaceTaken):
            place(source, root)
        assert part.exists()
    place_forget(root, PLACE)
    assert not part.exists()


def test_a_root_that_is_not_there_is_not_made(tmp_path: Path, source: Path, settings: LazySettings) -> None:
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"
    with pytest.raises(FolderUnavailable):
        place(source, tmp_path / "unmounted")
    assert not (tmp_path / "unmounted").exists()
    settings.LIBRARY_ROOT = tmp_path / "own"
    assert place(source, tmp_path / "own").read_bytes() == CONTENT


def test_a_source_that_is_no_file(root: Path, source: Path) -> None:
    link = source.with_name("link.mp4")
    link.symlink_to(source)
    for path in (link, source.parent, source.with_name("nothing")):
        with pytest.raises(DownloadFailed):
            place(path, root)
    assert tree(root) == []


def test_companions_stand_beside_under_the_same_stem(root: Path, source: Path) -> None:
    video = place(source, root)
    subtitle = source.with_name("a.vtt")
    subtitle.write_bytes(b"WEBVTT")
    target = companion_place(subtitle, video, ".de.forced.vtt", root, floor=0)
    assert target.name == "Show - S01E01.de.forced.vtt"
    assert len(files(root)) == 2
    for suffix in ("", "vtt", "/../x.vtt", ".de/x.vtt", ".vtt\n", "..vtt", ".aaaaaaaaaaaa-bbbbbbbb.cccccccccccc.dd"):
        subtitle.write_bytes(b"WEBVTT")
        with pytest.raises(PathRefused):
            companion_place(subtitle, video, suffix, root, floor=0)
    assert len(files(root)) == 2


def test_the_reconciler_is_told_how_far_it_came(root: Path, source: Path) -> None:
    target, size, checksum = root / "a.mp4", len(CONTENT), file_checksum(source)

    def state() -> tuple[Placed, Placed]:
        return placed_state(source, target, size, checksum), placed_state(source, target, size)

    assert state() == (Placed.NOT_STARTED, Placed.NOT_STARTED)
    os.link(source, target)
    assert state() == (Placed.COPIED, Placed.COPIED)
    target.unlink()
    target.write_bytes(CONTENT)
    assert state() == (Placed.COPIED, Placed.COPIED)
    target.write_bytes(CONTENT[:-1])
    assert state() == (Placed.FOREIGN, Placed.FOREIGN)
    target.write_bytes(b"x" * size)
    assert state() == (Placed.FOREIGN, Placed.FOREIGN)
    source.unlink()
    assert placed_state(source, target, size, checksum) == Placed.FOREIGN
    target.write_bytes(CONTENT)
    assert state() == (Placed.DONE, Placed.DONE)
    target.unlink()
    assert state() == (Placed.LOST, Placed.LOST)
    target.mkdir()
    assert state() == (Placed.FOREIGN, Placed.FOREIGN)


def test_a_folder_that_nobody_may_write_to(root: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_more: object) -> None:
        raise PermissionError(errno.EACCES, "no", str(root))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(FolderUnavailable) as caught:
        place(source, root)
    assert str(root) not in str(caught.value.detail)
    assert (tree(root), source.read_bytes()) == ([], CONTENT)
