"""The library's folders, listed: which videos, subtitles and NFO files lie where. Nothing is opened, nothing is written."""

import os
import re
import stat
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from downloads.library.paths import MAX_PATH, path_stored

VIDEOS = frozenset(
    {"mkv", "mp4", "m4v", "avi", "webm", "mov", "ts", "m2ts", "mts", "wmv", "flv", "f4v", "mpg", "mpeg"}
    | {"ogm", "ogv", "rmvb", "rm", "divx", "asf", "3gp", "vob"}
)
SUBTITLES = frozenset({"ass", "ssa", "vtt"})
MAX_DEPTH = 32
MAX_ENTRIES = 20_000
"""Entries of one folder that are looked at; the rest is counted as skipped."""
SETTLING_NS = 120 * 10**9
"""A file that changed so recently may still be written: its folder is looked at again."""
_SKIPPED_FOLDERS = frozenset(
    {"@eadir", "#recycle", "$recycle.bin", "lost+found", "system volume information", "@recycle", "#snapshot"}
    | {"sample", "samples", "trailer", "trailers", "backdrops", "theme-music", "proof", "screens", "screenshots"}
)
_SKIPPED_STEM = re.compile(r"(?:^|[-._ \[(])(?:sample|trailer)[\])]?$|^sample[-._ ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file. `path` is as `path_stored` writes it, relative to the root; `raw` as the system has it.

    `inode` is "device:number", "" where the system has none.
    """

    path: str
    raw: str
    size: int
    mtime_ns: int
    inode: str

    @property
    def identity(self) -> tuple[int, int, str]:
        """What a file keeps when it is moved."""
        return self.size, self.mtime_ns, self.inode


@dataclass(slots=True)
class Folder:
    """One folder's listing. `subtitles` and `nfos` are names (as the system has them), `folders` relative paths.

    `mtime_ns` is 0 when a file in it may still be written.
    """

    path: str
    raw: str
    mtime_ns: int = 0
    videos: list[FoundFile] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)
    nfos: list[str] = field(default_factory=list)
    skipped: int = 0


@dataclass(slots=True)
class Walk:
    """All that was seen. `failed` are folders (stored paths) that could not be read: what lies in them is not known.

    `missing` are folders that were asked for and are not there any more.
    """

    folders: dict[str, Folder] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    skipped: int = 0

    @property
    def videos(self) -> Iterator[FoundFile]:
        for folder in self.folders.values():
            yield from folder.videos


def library_walk(
    root: Path,
    *,
    only: Collection[str] | None = None,
    known: Collection[str] = (),
    beat: Callable[[], None] | None = None,
) -> Walk:
    """List the root and all below it, or only some folders (`only`, relative) and what is new below them (not in `known`).

    Symbolic links are followed within the root alone, each folder once. Hidden names, recycle bins, samples and trailers are
    passed over and counted. Raises OSError when the root itself cannot be listed. `beat` is called for each folder.
    """
    real_root = os.path.realpath(root)
    walk, seen = Walk(), set[tuple[int, int]]()
    here = Path(real_root).stat()
    seen.add((here.st_dev, here.st_ino))
    os.scandir(real_root).close()
    pending = [""] if only is None else sorted(only, reverse=True)
    while pending:
        raw = pending.pop()
        if path_stored(raw) in walk.folders:
            continue
        below = _folder_list(real_root, raw, walk, seen)
        if only is not None:
            below = [one for one in below if path_stored(one) not in known]
        pending.extend(reversed(below))
        if beat is not None:
            beat()
    return walk


def _folder_list(root: str, raw: str, walk: Walk, seen: set[tuple[int, int]]) -> list[str]:
    """Put one folder into the walk; the folders in it that are to be listed, by name."""
    stored = path_stored(raw)
    folder = Folder(stored, raw)
    below: list[str] = []
    full = f"{root}/{raw}" if raw else root
    try:
        if raw and not _is_inside(full, root):
            walk.missing.add(stored)
            return []
        folder.mtime_ns = Path(full).stat().st_mtime_ns
        with os.scandir(full) as entries:
            count = 0
            for entry in entries:
                count += 1
                if count > MAX_ENTRIES:
                    folder.skipped += 1
                    continue
                _entry_take(entry, root, folder, below, walk, seen)
    except (FileNotFoundError, NotADirectoryError):
        walk.missing.add(stored)
        return []
    except OSError:
        walk.failed.add(stored)
        return []
    folder.videos.sort(key=lambda file: file.path)
    if any(file.mtime_ns > time.time_ns() - SETTLING_NS for file in folder.videos):
        folder.mtime_ns = 0
    walk.folders[stored] = folder
    walk.skipped += folder.skipped
    return sorted(below)


def _entry_take(
    entry: os.DirEntry[str], root: str, folder: Folder, below: list[str], walk: Walk, seen: set[tuple[int, int]]
) -> None:
    """Sort one entry into the folder. One that vanishes in between or cannot be looked at is passed over."""
    name = entry.name
    if name.startswith("."):
        return
    raw = f"{folder.raw}/{name}" if folder.raw else name
    try:
        is_link = entry.is_symlink()
        if is_link and not _is_inside(entry.path, root):
            folder.skipped += 1
            return
        if entry.is_dir():
            _subfolder_take(entry, raw, folder, below, walk, seen)
            return
        stem, _dot, extension = name.rpartition(".")
        extension = extension.lower()
        if not stem or not (extension in VIDEOS or extension in SUBTITLES or extension == "nfo"):
            return
        facts = entry.stat()
    except OSError:
        folder.skipped += 1
        return
    stored = path_stored(raw)
    if not stat.S_ISREG(facts.st_mode) or len(stored) > MAX_PATH:
        folder.skipped += 1
    elif extension == "nfo":
        folder.nfos.append(name)
    elif extension in SUBTITLES:
        folder.subtitles.append(name)
    elif _SKIPPED_STEM.search(stem):
        folder.skipped += 1
    else:
        inode = inode_of(facts)
        folder.videos.append(FoundFile(stored, raw, facts.st_size, facts.st_mtime_ns, inode))


def _subfolder_take(
    entry: os.DirEntry[str], raw: str, folder: Folder, below: list[str], walk: Walk, seen: set[tuple[int, int]]
) -> None:
    if entry.name.lower() in _SKIPPED_FOLDERS:
        folder.skipped += 1
        return
    if raw.count("/") >= MAX_DEPTH or len(path_stored(raw)) > MAX_PATH:
        folder.skipped += 1
        walk.failed.add(path_stored(raw)[:MAX_PATH])
        return
    facts = entry.stat()
    if (facts.st_dev, facts.st_ino) in seen:
        folder.skipped += 1
        return
    seen.add((facts.st_dev, facts.st_ino))
    below.append(raw)


def _is_inside(path: str, root: str) -> bool:
    """Whether a path, its links followed, lies in the root."""
    real = os.path.realpath(path)
    return real == root or real.startswith(root.rstrip("/") + "/")


def inode_of(facts: os.stat_result) -> str:
    """What names a file on its system, "device:number"; "" where it has no such thing."""
    return f"{facts.st_dev:x}:{facts.st_ino:x}" if facts.st_ino else ""
