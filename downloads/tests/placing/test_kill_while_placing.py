"""`kill -9` at every line of placing: another call brings it to the same end, and nothing is lost or left over."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

import pytest
from django.conf import LazySettings

from downloads.placing import disk
from downloads.placing.moving import Placed, file_checksum, file_place, placed_state
from downloads.placing.recycling import recycled_list

pytestmark = pytest.mark.once

PLACE = PurePosixPath("Show/01.mp4")
WATCHED = ("moving.py", "disk.py", "recycling.py")


def killed_at(step: int, call: Callable[[], Any]) -> bool:
    """Whether a process of its own died with SIGKILL at the `step`-th new line of `call`; False when it came to its end."""
    child = os.fork()
    if child == 0:
        seen: set[tuple[str, int]] = set()

        def watch(frame: FrameType, event: str, _more: object) -> Any:
            name = frame.f_code.co_filename.rpartition("/placing/")[2]
            if name not in WATCHED:
                return None
            if event == "line":
                seen.add((name, frame.f_lineno))
                if len(seen) > step:
                    os.kill(os.getpid(), signal.SIGKILL)
            return watch

        sys.settrace(watch)
        try:
            call()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _between(source: Path, target: Path, **_more: bool) -> None:
    """Library and parts on two file systems, whose names cannot be linked from one to the other."""
    if Path(source).parent.name == "parts":
        raise OSError(errno.EXDEV, "another file system")
    return _LINK(source, target, **_more)


_LINK = os.link


@pytest.mark.parametrize(("is_copied", "has_old"), [(False, False), (False, True), (True, False), (True, True)])
def test_killed_at_any_line_and_called_again(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, is_copied: bool, has_old: bool
) -> None:
    monkeypatch.setattr(disk, "PIECE", 4)
    monkeypatch.setattr(os, "fsync", lambda _handle: None)  # a kill loses nothing that was written
    if is_copied:
        monkeypatch.setattr(os, "link", _between)
    states, step = set(), 0
    while True:
        case = tmp_path / str(step)
        settings.CONFIGURATION_ROOT = case / "configuration"
        root, source = case / "library", case / "parts" / "whole.mp4"
        for folder in (root / "Show", source.parent):
            folder.mkdir(parents=True)
        source.write_bytes(b"new content")
        checksum = file_checksum(source)
        if has_old:
            (root / PLACE).write_bytes(b"old")

        def place(root: Path = root, source: Path = source) -> Path:
            return file_place(source, root, PLACE, floor=0, on_target=lambda _path: None, is_ours=lambda _path: True)

        is_killed = killed_at(step, place)
        state = placed_state(source, root / PLACE, 11, checksum)
        states.add(state)
        assert source.exists() or state is Placed.DONE, f"lost at step {step}"
        if state is not Placed.DONE:
            place()
        found = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
        kept = {name: path for name, path in found.items() if not name.startswith(".recycle/")}
        assert list(kept) == [str(PLACE)], f"left over at step {step}: {sorted(found)}"
        assert kept[str(PLACE)].read_bytes() == b"new content"
        assert kept[str(PLACE)].stat().st_nlink == 1
        assert [one.size for one in recycled_list(root)] == [3] * has_old, f"at step {step}"
        assert not any(source.parent.iterdir())
        if not is_killed:
            break
        step += 1
    before = Placed.FOREIGN if has_old else Placed.NOT_STARTED
    assert states >= {before, Placed.COPIED, Placed.DONE}
    assert step > 60
