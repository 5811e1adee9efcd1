"""Ways to play: frames, options with frames in them, and direct media files."""

import base64
import binascii
import re
from collections.abc import Iterable
from html import unescape

from providers.adapters.drafts import MirrorDraft
from providers.adapters.parsing.documents import Element, text_of
from providers.adapters.parsing.links import Links, path_parts
from providers.adapters.parsing.words import quality_of

MAX_MIRRORS = 60
_MAX_ENCODED = 8_000
_LABEL = 100
_FRAME = re.compile(
    r"""<i?frame\b[^<>]{0,2000}?\bsrc\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s>"']{1,2000}))""", re.I
)


def mirror_of(label: str, href: str | None, links: Links) -> MirrorDraft | None:
    """A way to play at an address; None where that is no safe link."""
    url = links.read(href)
    return MirrorDraft(label[:_LABEL], url, kind=_kind_of(url), quality=quality_of(label)) if url else None


def mirror_option(option: Element, links: Links) -> MirrorDraft | None:
    """An option of a choice of mirrors: its value is a frame in base64, or an address; empty is the choice's own heading."""
    value = (option.get("value") or "").strip()
    return mirror_of(text_of(option), frame_source(_decoded(value)), links) if value else None


def frame_source(markup: str) -> str:
    """The address of the frame in a piece of markup; the piece itself where it is an address."""
    if markup.startswith(("https://", "http://", "//")):
        return markup.split(maxsplit=1)[0]
    found = _FRAME.search(markup[:_MAX_ENCODED])
    return unescape(next(filter(None, found.groups()))) if found else ""


def frame_address(frame: Element) -> str | None:
    """Where a frame of a page leads, lazily loaded or not."""
    return frame.get("data-src") or frame.get("data-litespeed-src") or frame.get("src")


def media_is(mirror: MirrorDraft) -> bool:
    """Whether a mirror is a media file and no page about one."""
    return mirror.kind != "embed"


def mirrors_once(mirrors: Iterable[MirrorDraft | None]) -> tuple[MirrorDraft, ...]:
    """Each address once, in order."""
    once: dict[str, MirrorDraft] = {}
    for mirror in mirrors:
        if mirror:
            once.setdefault(mirror.url, mirror)
    return tuple(once.values())[:MAX_MIRRORS]


def _decoded(value: str) -> str:
    """What base64 says, padded or not; the value itself where it is an address, "" for neither."""
    if len(value) > _MAX_ENCODED or value.startswith(("http", "//", "<")):
        return value[:_MAX_ENCODED]
    packed = "".join(value.split())
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("utf-8", "replace").strip()
    except (binascii.Error, ValueError):
        return ""


def _kind_of(url: str) -> str:
    name = (path_parts(url) or [""])[-1].casefold()
    if name.endswith(".m3u8"):
        return "hls"
    return "mp4" if name.endswith((".mp4", ".m4v", ".webm")) else "embed"
