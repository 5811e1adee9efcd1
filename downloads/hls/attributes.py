"""The small parts of playlists: attribute lists, variables, numbers, ranges, addresses. All bounded and linear."""

import math
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.utils.translation import gettext as _

from downloads.errors import PlaylistInvalid
from downloads.hls.playlists import ByteRange

MAX_URL = 8192
"""Characters of an address; signed ones are long."""
MAX_NUMBER = 2**63 - 1
MAX_SECONDS = 24 * 3600.0
_ATTRIBUTE = re.compile(r'\s*([A-Z0-9-]{1,64})\s*=\s*("[^"]*"|[^",]*)\s*(?:,|$)')
_VARIABLE = re.compile(r"\{\$([A-Za-z0-9_-]{1,64})\}")
_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,20})?", re.ASCII)
_RESOLUTION = re.compile(r"([0-9]{1,5})[xX]([0-9]{1,5})", re.ASCII)


class Variables:
    """`EXT-X-DEFINE`: names and what they stand for. Values are not looked through again, so they cannot grow."""

    def __init__(self, url: str, imported: Mapping[str, str] | None = None) -> None:
        self._imported = dict(imported or {})
        self._query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        self.values: dict[str, str] = {}

    def define(self, attributes: Mapping[str, str]) -> None:
        """Take in one tag; raises `PlaylistInvalid` for what is defined twice, or nowhere."""
        if "NAME" in attributes:
            self._set(attributes["NAME"], attributes.get("VALUE", ""))
        elif "QUERYPARAM" in attributes:
            name = attributes["QUERYPARAM"]
            self._set(name, found(self._query, name))
        elif "IMPORT" in attributes:
            name = attributes["IMPORT"]
            self._set(name, found(self._imported, name))

    def _set(self, name: str, value: str) -> None:
        if name in self.values or len(self.values) >= 100 or len(value) > MAX_URL:
            raise PlaylistInvalid(_("A variable of the playlist is defined twice or too large."))
        self.values[name] = value

    def filled(self, text: str) -> str:
        """`text` with its variables replaced."""
        if "{$" not in text:
            return text
        size = len(text)
        for match in _VARIABLE.finditer(
            text
        ):  # counted first: a line of references is a thousand times as long when filled
            size += len(found(self.values, match[1]))
            if size > 4 * MAX_URL:
                raise PlaylistInvalid(_("A line of the playlist is too long."))
        return _VARIABLE.sub(lambda match: self.values[match[1]], text)


def found(values: Mapping[str, str], name: str) -> str:
    """The value of a variable; raises `PlaylistInvalid` when there is none."""
    if name not in values:
        raise PlaylistInvalid(_("The playlist uses a variable that it does not define."))
    return values[name]


def attributes_read(text: str, variables: Variables) -> dict[str, str]:
    """{name: value without quotes} of an attribute list; what follows something unreadable is left out. The first of a name counts."""
    read: dict[str, str] = {}
    position = 0
    while position < len(text) and (match := _ATTRIBUTE.match(text, position)):
        name, value = match.groups()
        read.setdefault(name, variables.filled(value.strip().strip('"')))
        position = match.end()
    return read


def number_read(text: str, *, otherwise: int | None = None) -> int:
    """A decimal integer; raises `PlaylistInvalid` for anything else unless there is an `otherwise`."""
    match = _DIGITS.match(text.strip())
    if match is None or int(match[0]) > MAX_NUMBER:
        if otherwise is not None:
            return otherwise
        raise PlaylistInvalid(_("A number of the playlist makes no sense."))
    return int(match[0])


def seconds_read(text: str) -> float:
    """A duration in seconds; raises `PlaylistInvalid` for what is none or longer than a day."""
    match = _SECONDS.match(text.strip())
    value = float(match[0]) if match else math.nan
    if not 0 <= value <= MAX_SECONDS:
        raise PlaylistInvalid(_("A duration of the playlist makes no sense."))
    return value


def resolution_read(text: str) -> tuple[int, int]:
    """(width, height) of "1280x720"; zeros for anything else."""
    match = _RESOLUTION.fullmatch(text.strip())
    return (int(match[1]), int(match[2])) if match else (0, 0)


def range_read(text: str, *, following: int) -> ByteRange:
    """ "length[@offset]"; without an offset it begins where the one before ended. Raises `PlaylistInvalid`."""
    length, at, offset = text.partition("@")
    start = number_read(offset) if at else following
    size = number_read(length)
    if size < 1 or start + size > MAX_NUMBER:
        raise PlaylistInvalid(_("A byte range of the playlist makes no sense."))
    return ByteRange(start, size)


def address_read(base: str, text: str) -> str:
    """An address relative to the playlist's; raises `PlaylistInvalid` for what is neither http nor https (threat 6)."""
    if not text:
        raise PlaylistInvalid(_("An address of the playlist is missing."))
    try:
        made = urljoin(base, text)
        parts = urlsplit(made)
    except ValueError as error:
        raise PlaylistInvalid(_("An address of the playlist makes no sense.")) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or len(made) > MAX_URL:
        raise PlaylistInvalid(_("An address of the playlist is not one of the web."))
    return made


def iv_read(text: str) -> bytes | None:
    """The sixteen bytes of "0x…"; None for ""."""
    if not text:
        return None
    digits = text.strip().lower().removeprefix("0x")
    try:
        if not 0 < len(digits) <= 32:
            raise ValueError
        return int(digits, 16).to_bytes(16, "big")
    except ValueError as error:
        raise PlaylistInvalid(_("An initialisation vector of the playlist makes no sense.")) from error
