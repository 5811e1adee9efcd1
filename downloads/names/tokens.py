"""A release name cut into items: words, numbers, brackets, each with what it may be; nothing is decided here."""

import re
from typing import Final

from downloads.names.brackets import Bracket, bracket_read
from downloads.names.canonical import text_canonical
from downloads.names.words import (
    CAPITALS,
    EPISODE_WORDS,
    EXTENSIONS,
    KINDS,
    META,
    NUMBERED,
    PART_WORDS,
    SEASON_WORDS,
    VOLUME_WORDS,
)

# Longer names are cut: file systems end at 255, release titles a little above.
LENGTH_MAX: Final = 600

(PLAIN, DASH, NUMBER, EPISODE, SEASON, META_WORD, KIND, BRACKET, VERSION, EPISODE_WORD, SEASON_WORD, PART_WORD) = range(
    12
)
VOLUME_WORD: Final = 12

# Each branch begins with another character and stops at the next bracket of its kind: the time is linear in the length.
_ITEM = re.compile(
    r"\[[^\[\]]*(?:\]|$)|\([^()]*(?:\)|$)|\{[^{}]*(?:\}|$)|([^\s\[\](){}0-9]+(?![^\s\[\](){}]))|([^\s\[\](){}]+)"
)
_DASHES = frozenset("-–—‒―~～|")
_NUMBER = re.compile(
    r"#?(?P<first>[0-9]{1,4})(?:\.(?P<fraction>[0-9]))?(?P<letter>[a-c](?![a-z]))?(?:v(?P<version>[0-9]))?"
    r"(?:[-~+&–～](?:e|ep|#)?(?P<last>[0-9]{1,4})(?:v[0-9])?)?(?:end|fin|final|rev|[.:,-]|-end)?$"
)
_SEASON_EPISODE = re.compile(
    r"s(?P<season>[0-9]{1,2})[._-]?(?:e|ep)[._-]?(?P<first>[0-9]{1,4})(?:\.(?P<fraction>[0-9]))?(?P<letter>[a-c])?"
    r"(?:v(?P<version>[0-9]))?(?:(?:[-~+&]?(?:s[0-9]{1,2})?(?:e|ep)|[-~+&])(?P<last>[0-9]{1,4})(?:v[0-9])?)*(?:end|[.:,-])?$"
)
_CROSS = re.compile(
    r"(?P<season>[0-9]{1,2})x(?P<first>[0-9]{1,3})(?P<fraction>$.)?(?P<letter>[a-c])?(?:v(?P<version>[0-9]))?"
    r"(?:-(?:[0-9]{1,2}x)?(?P<last>[0-9]{1,3}))?[.:,-]?$"
)
_EPISODE = re.compile(
    r"(?:e|ep|eps|epi|episode|episodio|folge|cap|#)[.-]?(?P<first>[0-9]{1,4})(?:\.(?P<fraction>[0-9]))?(?P<letter>[a-c](?![a-z]))?"
    r"(?:v(?P<version>[0-9]))?(?:[-~+&]?(?:e|ep|(?<=[-~+&]))(?P<last>[0-9]{1,4})(?:v[0-9])?)*(?:end|fin|[.:,-])?$"
)
_SEASON = re.compile(r"(?:s|season|tv-|тв-)(?P<season>[0-9]{1,2})$")
_KIND = re.compile(r"([a-z]{2,8})[.-]?([0-9]{1,3}.{0,8})$")
_VERSION = re.compile(r"v([0-9])$")
_DOT = re.compile(r"(?<![0-9])\.|\.(?![0-9](?![0-9a-z]))", re.IGNORECASE)
_CODEC_DOT = re.compile(r"\b([hx])\.(26[45])", re.IGNORECASE)
_GLUED = re.compile(r"-(?<=[^\W\d_]-)(?=ep?\.?[0-9])|-(?<=e[0-9]{2}-)(?=[^\W\d]{3})", re.IGNORECASE)
_AND = re.compile(r"(?<=[0-9]) & (?=[0-9])")
_ENCLOSED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")


class Number:
    """A number as a name has it: `first` and `last` are equal for a single one, `text` is "" but for "7.5" and "9a"."""

    __slots__ = ("first", "is_padded", "last", "season", "text", "version")

    def __init__(self, match: re.Match[str], season: int | None = None) -> None:
        digits, fraction, letter, last = match.group("first", "fraction", "letter", "last")
        self.first = self.last = int(digits)
        self.text = ""
        self.season = season
        self.is_padded = digits[0] == "0" and len(digits) > 1
        version = match["version"]
        self.version = int(version) if version else 1
        if last:
            self.last = int(last)
        elif fraction:
            self.text = f"{self.first}.{fraction}"
        elif letter:
            self.text = f"{self.first}{letter}"

    @property
    def is_range(self) -> bool:
        """More than one episode; false where it counts down ("Class 5-2")."""
        return self.last > self.first


class Item:
    """`start` and `end` are offsets in the draft's text; `value` depends on the `role`."""

    __slots__ = ("end", "lower", "role", "start", "text", "value")

    def __init__(self, start: int, end: int, text: str, lower: str, role: int, value: object = None) -> None:
        self.start, self.end, self.text, self.lower, self.role, self.value = start, end, text, lower, role, value


class Draft:
    """A name on its way: `text` is the name without its extension, its delimiters made spaces."""

    __slots__ = ("extension", "is_file", "items", "text")

    def __init__(self, name: str) -> None:
        text, self.extension = extension_split(name[:LENGTH_MAX] if len(name) > LENGTH_MAX else name)
        self.is_file = bool(self.extension)
        if not text.isascii():
            text = text_canonical(text)
        self.text = text = spaces_make(text)
        self.items = [_item(match) for match in _ITEM.finditer(text)]


def extension_split(name: str) -> tuple[str, str]:
    """The name without the ending of a media file, and that ending in lower case ("" for none)."""
    stem, dot, extension = name.rpartition(".")
    if dot and extension.lower() in EXTENSIONS and stem:
        return stem, extension.lower()
    return name, ""


def spaces_make(text: str) -> str:
    """Underscores become spaces; dots do where no space parts the words, hyphens where nothing else does."""
    if "_" in text:
        text = text.replace("_", " ")
        has_space = True
    else:
        has_space = " " in text
    if "." in text:
        if has_space and "[" in text:
            has_space = " " in _ENCLOSED.sub("", text).strip()
        if not has_space:
            text = _DOT.sub(" ", _CODEC_DOT.sub(r"\1\2", text))
    elif not has_space and "[" not in text:
        if "+" in text:
            text = text.replace("+", " ")
        elif text.count("-") > 1:
            text = text.replace("-", " ")
    if "-" in text:
        text = _GLUED.sub(" - ", text)
    return _AND.sub("&", text) if " & " in text else text


def _item(match: re.Match[str]) -> Item:
    start, end = match.span()
    text = match.group()
    branch = match.lastindex
    if branch is None:
        return Item(start, end, text, "", BRACKET, bracket_read(text))
    lower = text.lower()
    if branch == 1:
        role, value = _word(text, lower)
    else:
        role, value = _numbered(lower, text)
    return Item(start, end, text, lower, role, value)


def _word(text: str, lower: str) -> tuple[int, object]:
    """Of a word without digits."""
    if lower in _DASHES:
        return DASH, None
    if lower[-1] in ",.:;":
        lower = lower.rstrip(",.:;")
    if lower in KINDS:
        if text.isupper() or lower not in CAPITALS:
            return KIND, KINDS[lower]
    elif lower in EPISODE_WORDS:
        return EPISODE_WORD, None
    elif lower in SEASON_WORDS:
        return SEASON_WORD, None
    elif lower in PART_WORDS:
        return PART_WORD, None
    elif lower in VOLUME_WORDS:
        return VOLUME_WORD, None
    meta = META.get(lower)
    if meta is not None:
        return META_WORD, (meta,)
    if "-" in lower:
        head, _, tail = lower.rpartition("-")
        meta = META.get(head)
        if meta is not None and meta[2]:
            return META_WORD, (meta, ("group", text[len(text) - len(tail) :], True))
    return PLAIN, None


def _numbered(lower: str, text: str) -> tuple[int, object]:
    """Of a word with digits."""
    first = lower[0]
    if first.isdecimal() or first == "#":
        match = _NUMBER.match(lower)
        if match is not None:
            return (EPISODE if first == "#" else NUMBER), Number(match)
        match = _CROSS.match(lower)
        if match is not None:
            return EPISODE, Number(match, int(match["season"]))
    elif first in "esfcо#tт":
        if first == "s":
            match = _SEASON_EPISODE.match(lower)
            if match is not None:
                return EPISODE, Number(match, int(match["season"]))
        match = _SEASON.match(lower)
        if match is not None:
            return SEASON, int(match["season"])
        match = _EPISODE.match(lower)
        if match is not None:
            return EPISODE, Number(match)
    return _coded(lower, text)


def _coded(lower: str, text: str) -> tuple[int, object]:
    """Codecs, resolutions, numbered openings, versions."""
    meta = META.get(lower.rstrip(",.;"))
    if meta is not None:
        return META_WORD, (meta,)
    head, dot, tail = lower.partition(".")
    if dot and head and tail in META:  # "12.DVD"
        return _numbered(head, text[: len(head)])
    match = _KIND.match(lower)
    if match is not None:
        word = match[1]
        if word in KINDS and word not in NUMBERED:
            number = _NUMBER.match(match[2])
            if number is not None:
                return KIND, (KINDS[word], Number(number), len(word))
        elif word in VOLUME_WORDS:
            return VOLUME_WORD, match[2]
    match = _VERSION.match(lower)
    if match is not None:
        return VERSION, int(match[1])
    if "-" in lower:
        head, _, tail = lower.rpartition("-")
        meta = META.get(head)
        if meta is not None and meta[2] and tail not in META:  # "x264-TEAM"
            return META_WORD, (meta, ("group", text[len(head) + 1 :], True))
    bracket = bracket_read(f"[{lower}]")
    return (META_WORD, bracket.words) if bracket.has_strong else (PLAIN, None)


__all__ = [
    "BRACKET",
    "DASH",
    "EPISODE",
    "EPISODE_WORD",
    "KIND",
    "META_WORD",
    "NUMBER",
    "PART_WORD",
    "PLAIN",
    "SEASON",
    "SEASON_WORD",
    "VERSION",
    "VOLUME_WORD",
    "Bracket",
    "Draft",
    "Item",
    "Number",
    "extension_split",
    "spaces_make",
]
