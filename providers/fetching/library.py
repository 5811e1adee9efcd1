"""The operator's files: which videos lie below the library's folder, never outside of it."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import structlog

from catalog.facade import library_root
from core.media.errors import PathRefused
from core.media.paths import path_within
from providers.adapters.parsing.release_words import VIDEO_ENDINGS

log = structlog.get_logger(__name__)

MAX_FILES = 100_000
MAX_DEPTH = 8
_MAX_PATH = 490  # what a source of the catalogue holds, without "library:"
_ODD = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_LISTING_SECONDS = 20.0
_listing: tuple[float, str, str] = (0.0, "", "")


def library_listing() -> str:
    """The paths of all videos below the library's folder, one a line, the newest file first; remembered for 20 seconds.

    Hidden files and folders, links that lead out, linked folders and names that no address can hold are left out; at most
    100,000 files are looked at.
    """
    global _listing
    root = os.path.realpath(library_root())
    made_at, of_root, text = _listing
    if of_root != root or time.monotonic() - made_at > _LISTING_SECONDS:
        found = sorted(_videos(Path(root)), key=lambda entry: (-entry[0], entry[1]))
        text = "\n".join(path for _modified, path in found)
        _listing = (time.monotonic(), root, text)
    return text


def library_file(path: str) -> Path | None:
    """The file of a relative path, None when there is none or it leads out of the library."""
    try:
        file = path_within(library_root(), path)
    except PathRefused:
        return None
    return file if file.is_file() else None


def _videos(root: Path) -> Iterator[tuple[float, str]]:
    """(when it was changed, relative path) of each video."""
    seen = 0
    pending: list[tuple[str, int]] = [("", 0)]
    while pending:
        folder, depth = pending.pop()
        for entry in _entries(root / folder):
            seen += 1
            if seen > MAX_FILES:
                log.warning("library_too_large", files=MAX_FILES)
                return
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.startswith(".") or _ODD.search(entry.name) or len(path) > _MAX_PATH:
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < MAX_DEPTH:
                    pending.append((path, depth + 1))
            elif entry.name.lower().endswith(VIDEO_ENDINGS) and (modified := _modified(root, path, entry)) is not None:
                yield modified, path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _modified(root: Path, path: str, entry: os.DirEntry[str]) -> float | None:
    """When the file was changed; None for one that is no file inside of the library, or that could not be served."""
    try:
        if entry.is_symlink() or "%" in path or path.startswith("~") or ":" in path[:2]:
            path_within(root, path)
        return entry.stat().st_mtime if entry.is_file() else None
    except (OSError, PathRefused):
        return None
