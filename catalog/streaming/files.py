"""From a stored path ("library:Show/01.mp4", "demo:episode-1/sub.m3u8") to a file, never outside of its root."""

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


def root_of(name: str) -> Path:
    """The folder that a path's prefix stands for; raises `NotFound` for a prefix that is none."""
    roots = {"library": Path(settings.LIBRARY_ROOT), "demo": settings.BASE_DIR / "demo" / "series"}
    if name not in roots:
        raise NotFound()
    return roots[name]


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
