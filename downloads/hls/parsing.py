"""From the text of a playlist to what it says. Pure; every bound is here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from downloads.errors import PlaylistInvalid, StreamUnsupported
from downloads.hls.attributes import (
    Variables,
    address_read,
    attributes_read,
    iv_read,
    number_read,
    range_read,
    resolution_read,
    seconds_read,
)
from downloads.hls.playlists import Key, Map, MasterPlaylist, MediaPlaylist, Rendition, Segment, Variant

MAX_BYTES = 8 * 1024 * 1024
MAX_LINES = 200_000
MAX_SEGMENTS = 50_000
MAX_VARIANTS = 500
MAX_TOTAL_SECONDS = 24 * 3600.0
METHODS = ("AES-128", "AES-256", "AES-256-CTR")
"""Whole segments encrypted under a key that the playlist names. Others are for players with a licence."""


def playlist_parse(
    content: bytes, url: str, *, variables: Mapping[str, str] | None = None
) -> MasterPlaylist | MediaPlaylist:
    """Read a playlist that was fetched from `url`; `variables` are the master's, for `IMPORT`.

    Raises `PlaylistInvalid` for what is none, and `StreamUnsupported` for what is encrypted for a licence.
    """
    lines = list(_lines(content))
    known = Variables(url, variables)
    is_master = any(line.startswith(("#EXT-X-STREAM-INF", "#EXT-X-MEDIA:")) for line in lines)
    is_media = any(line.startswith("#EXTINF") for line in lines)
    if is_master and is_media:
        raise PlaylistInvalid(_("The playlist is of two kinds at once."))
    if is_master:
        return _Master(url, known).read(lines)
    return _Media(url, known).read(lines)


def _lines(content: bytes) -> Iterator[str]:
    """Lines without white space around them, empty ones and comments left out."""
    if len(content) > MAX_BYTES:
        raise PlaylistInvalid(_("The playlist is too large."))
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    # Only the line ends of the format: `splitlines` knows others, which may stand in an address.
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if len(lines) > MAX_LINES:
        raise PlaylistInvalid(_("The playlist has too many lines."))
    first = next((line for line in lines if line.startswith("#EXT") or (line and not line.startswith("#"))), "")
    if not first.startswith("#EXTM3U"):
        raise PlaylistInvalid(_("This is no playlist."))
    for line in lines:
        if line and (not line.startswith("#") or line.startswith("#EXT")):
            yield line


@dataclass(slots=True)
class _Master:
    url: str
    variables: Variables
    variants: list[Variant] = field(default_factory=list)
    renditions: list[Rendition] = field(default_factory=list)

    def read(self, lines: list[str]) -> MasterPlaylist:
        pending: Variant | None = None
        for line in lines:
            name, _colon, rest = line.partition(":")
            if not line.startswith("#"):
                if pending is not None:
                    self.variants.append(replace(pending, uri=self._address(line)))
                    pending = None
            elif name == "#EXT-X-DEFINE":
                self.variables.define(attributes_read(rest, self.variables))
            elif name == "#EXT-X-STREAM-INF":
                pending = self._variant(attributes_read(rest, self.variables))
            elif name == "#EXT-X-MEDIA":
                self._rendition(attributes_read(rest, self.variables))
            if len(self.variants) + len(self.renditions) > MAX_VARIANTS:
                raise PlaylistInvalid(_("The playlist has too many variants."))
        if not self.variants:
            raise PlaylistInvalid(_("The playlist has no variant."))
        return MasterPlaylist(tuple(self.variants), tuple(self.renditions), dict(self.variables.values))

    def _address(self, text: str) -> str:
        return address_read(self.url, self.variables.filled(text))

    def _variant(self, attributes: Mapping[str, str]) -> Variant:
        width, height = resolution_read(attributes.get("RESOLUTION", ""))
        try:
            frame_rate = seconds_read(attributes.get("FRAME-RATE", "0"))
        except PlaylistInvalid:
            frame_rate = 0.0
        return Variant(
            uri="",
            bandwidth=number_read(attributes.get("BANDWIDTH", ""), otherwise=0),
            width=width,
            height=height,
            codecs=attributes.get("CODECS", "")[:200],
            frame_rate=frame_rate,
            audio=attributes.get("AUDIO", ""),
            subtitles=attributes.get("SUBTITLES", ""),
        )

    def _rendition(self, attributes: Mapping[str, str]) -> None:
        kind = {"AUDIO": "audio", "SUBTITLES": "subtitle"}.get(attributes.get("TYPE", ""))
        if kind is None or "GROUP-ID" not in attributes:
            return
        uri = attributes.get("URI", "")
        self.renditions.append(
            Rendition(
                kind=kind,
                group=attributes["GROUP-ID"],
                name=attributes.get("NAME", "")[:200],
                language=attributes.get("LANGUAGE", "")[:35],
                uri=address_read(self.url, uri) if uri else "",
                is_default=attributes.get("DEFAULT") == "YES",
                is_forced=attributes.get("FORCED") == "YES",
            )
        )


@dataclass(slots=True)
class _Media:
    """What holds for the next segment, while the lines go by."""

    url: str
    variables: Variables
    segments: list[Segment] = field(default_factory=list)
    target: int = 0
    sequence: int = 0
    run: int = 0
    is_ended: bool = False
    is_iframes: bool = False
    duration: float | None = None
    range_text: str = ""
    is_gap: bool = False
    key: Key | None = None
    map: Map | None = None
    ends: dict[str, int] = field(default_factory=dict)
    total: float = 0.0

    def read(self, lines: list[str]) -> MediaPlaylist:
        tags: dict[str, Callable[[str], None]] = {
            "#EXT-X-DEFINE": lambda rest: self.variables.define(attributes_read(rest, self.variables)),
            "#EXT-X-TARGETDURATION": self._set_target,
            "#EXT-X-MEDIA-SEQUENCE": self._set_sequence,
            "#EXTINF": self._set_duration,
            "#EXT-X-BYTERANGE": self._set_range,
            "#EXT-X-DISCONTINUITY": self._begin_run,
            "#EXT-X-GAP": self._set_gap,
            "#EXT-X-KEY": self._set_key,
            "#EXT-X-MAP": self._set_map,
            "#EXT-X-ENDLIST": self._set_ended,
            # Such a list does not change (RFC 8216, 4.3.3.5), and not everybody ends it.
            "#EXT-X-PLAYLIST-TYPE": lambda rest: self._set_ended(rest) if rest.strip() == "VOD" else None,
            "#EXT-X-I-FRAMES-ONLY": self._set_iframes,
        }
        for line in lines:
            if not line.startswith("#"):
                self._segment(line)
                continue
            name, _colon, rest = line.partition(":")
            if name in tags:
                tags[name](rest)
        if not self.segments:
            raise PlaylistInvalid(_("The playlist has no segment."))
        return MediaPlaylist(tuple(self.segments), self.target, self.is_ended, self.is_iframes)

    def _set_target(self, rest: str) -> None:
        self.target = number_read(rest, otherwise=self.target)

    def _set_sequence(self, rest: str) -> None:
        if not self.segments:
            self.sequence = number_read(rest, otherwise=0)

    def _set_duration(self, rest: str) -> None:
        try:
            self.duration = seconds_read(rest.partition(",")[0])
        except PlaylistInvalid:
            self.duration = None

    def _set_range(self, rest: str) -> None:
        self.range_text = rest.strip().strip('"')

    def _begin_run(self, _rest: str) -> None:
        self.run += 1

    def _set_gap(self, _rest: str) -> None:
        self.is_gap = True

    def _set_ended(self, _rest: str) -> None:
        self.is_ended = True

    def _set_iframes(self, _rest: str) -> None:
        self.is_iframes = True

    def _set_key(self, rest: str) -> None:
        attributes = attributes_read(rest, self.variables)
        method = attributes.get("METHOD", "")
        if method == "NONE":
            self.key = None
            return
        if method not in METHODS or attributes.get("KEYFORMAT", "identity") != "identity":
            raise StreamUnsupported(_("The stream is encrypted for players with a licence."))
        uri = address_read(self.url, attributes.get("URI", ""))
        self.key = Key(method, uri, iv_read(attributes.get("IV", "")))

    def _set_map(self, rest: str) -> None:
        attributes = attributes_read(rest, self.variables)
        text = attributes.get("BYTERANGE", "")
        byte_range = range_read(text, following=0) if text else None
        self.map = Map(address_read(self.url, attributes.get("URI", "")), byte_range, self.key)

    def _segment(self, line: str) -> None:
        # Without a readable duration of its own it lasts as long as any may.
        duration = self.duration if self.duration is not None else float(self.target)
        if self.duration is None and not self.target:
            raise PlaylistInvalid(_("A segment of the playlist has no duration."))
        uri = address_read(self.url, self.variables.filled(line))
        byte_range = None
        if self.range_text:
            byte_range = range_read(self.range_text, following=self.ends.get(uri, 0))
            self.ends[uri] = byte_range.offset + byte_range.length
        self.segments.append(
            Segment(
                uri=uri,
                duration=duration,
                sequence=self.sequence,
                run=self.run,
                byte_range=byte_range,
                key=self.key,
                map=self.map,
                is_gap=self.is_gap,
            )
        )
        self.sequence += 1
        self.total += duration
        self.duration, self.range_text, self.is_gap = None, "", False
        if len(self.segments) > MAX_SEGMENTS or self.total > MAX_TOTAL_SECONDS:
            raise PlaylistInvalid(_("The playlist is too long."))
