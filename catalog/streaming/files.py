"""From a stored path ("library:Show/01.mp4", "demo:episode-1/sub.m3u8") to a file, never outside of its root."""

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from catalog.errors import FileMissing
from core.errors import NotFound
from core.media.paths import path_within

CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ts": "video/mp2t",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8",
    ".ass": "text/x-ssa; charset=utf-8",
    ".ssa": "text/x-ssa; charset=utf-8",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}


_roots: dict[str, Callable[[], Path]] = {"demo": lambda: settings.BASE_DIR / "demo" / "series"}


def root_register(name: str, finder: Callable[[], Path]) -> None:
    """Let paths that begin with "`name`:" lie in the folder that `finder` says; it is asked anew at each look."""
    _roots[name] = finder


def root_of(name: str) -> Path:
    """The folder that a path's prefix stands for; raises `NotFound` for a prefix that is none."""
    finder = _roots.get(name)
    if finder is None:
        raise NotFound()
    return Path(finder())


def library_root() -> Path:
    """The folder of "library:…" paths; without the app that keeps a library the one of the settings."""
    return root_of("library") if "library" in _roots else Path(settings.LIBRARY_ROOT)


def stored_of(path: Path) -> tuple[str, str] | None:
    """The root's name and the path in it ("/" between parts) of a real file, None for one that lies in no root."""
    for name in _roots:
        root = os.path.realpath(root_of(name))
        if path.is_relative_to(root) and str(path) != root:
            return name, path.relative_to(root).as_posix()
    return None


def file_of(stored: str) -> Path:
    """The file of a stored path. Raises `NotFound` when it would leave its root, `FileMissing` when it is not there."""
    name, _colon, relative = stored.partition(":")
    path = path_within(root_of(name), relative)
    if not path.is_file():
        raise FileMissing()
    return path


def sibling_of(stored: str, relative: str) -> Path:
    """A file beside a stored one (a segment of its playlist), only of a known media type, never outside of its folder."""
    name, _colon, main = stored.partition(":")
    folder = path_within(root_of(name), main).parent
    path = path_within(folder, relative)
    if path.suffix.lower() not in CONTENT_TYPES or not path.is_file():
        raise NotFound()
    return path
