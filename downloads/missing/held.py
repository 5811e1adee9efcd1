"""In which variants a file on disk shows its episode."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Variants = tuple[tuple[str, str], ...]
"""(dub, sub or raw; BCP 47), sorted; empty where nothing tells."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file of the library. `height` in pixels, 0 unknown; `size` in bytes."""

    id: int
    path: str
    size: int
    height: int
    variants: Variants


def variants_of(
    *, info: Mapping[str, Any], parsed: Mapping[str, Any], fetched: tuple[str, str] | None, native: str
) -> Variants:
    """What a file is: what it was fetched as, else its tracks, else its name.

    Sound in another language than `native` (the one the anime is made in) is a dub; subtitles beside native sound are a sub;
    native sound alone is raw. Tracks without a language tell nothing.
    """
    found = _of_tracks(info.get("streams") or (), native)
    if fetched and fetched[0]:
        found.add(fetched)
    if not found and (kind := str(parsed.get("variant") or "")):
        found.add((kind, str(parsed.get("language") or "")))
    return tuple(sorted(found))


def _of_tracks(streams: Sequence[Mapping[str, Any]], native: str) -> set[tuple[str, str]]:
    spoken, written = _languages(streams, "audio"), _languages(streams, "subtitle")
    own = [one for one in spoken if _base(one) == _base(native)]
    found = {("dub", one) for one in spoken if one not in own}
    if own:
        found |= {("sub", one) for one in written}
        if not written:
            found.add(("raw", own[0]))
    return found


def _languages(streams: Collection[Mapping[str, Any]], kind: str) -> list[str]:
    said = {str(one.get("language") or "") for one in streams if one.get("kind") == kind}
    return sorted(said - {"", "und"})


def _base(language: str) -> str:
    return language.partition("-")[0].lower()


def height_of(info: Mapping[str, Any], parsed: Mapping[str, Any]) -> int:
    """The height of its picture in pixels, as its tracks say, else its name; 0 unknown."""
    tracks = [one.get("height") or 0 for one in info.get("streams") or () if one.get("kind") == "video"]
    return int(max(tracks, default=0) or parsed.get("resolution") or 0)
