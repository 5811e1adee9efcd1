"""What stands in one pair of brackets: a checksum, a number, words about the release, or plain text."""

import re
from typing import Final

from downloads.names.words import LANGUAGES, META, Word

_PARTS = re.compile(r"[^\s,;:+&|/{}\[\]()~-]+")
_CHECKSUM = re.compile(r"[0-9A-Fa-f]{8}$")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])$")
_SIZE = re.compile(r"([0-9]{3,4})(?:[x×]([0-9]{3,4})[pi]?|[pi])$")
_TIMES = re.compile(r"x[0-9]$|[0-9.]+$")
_DIGITS = re.compile(r"[0-9.]+$")
# A bare height in brackets is a resolution, not an episode.
HEIGHTS: Final = frozenset((360, 480, 540, 576, 720, 1080, 1440, 2160, 4320))


class Bracket:
    """`words` are what its words tell; `rest` its text without them (maybe a group); `is_meta` when they are the most of it.

    `checksum` is upper-case hex or "".
    """

    __slots__ = ("checksum", "has_strong", "inner", "is_meta", "kind", "rest", "words")

    def __init__(self, kind: str, inner: str) -> None:
        self.kind, self.inner = kind, inner
        self.words: list[Word] = []
        self.rest = self.checksum = ""
        self.has_strong = self.is_meta = False


def bracket_read(text: str) -> Bracket:
    """`text` with its brackets; the closing one may be missing."""
    inner = text[1:-1] if text[-1] in "])}" else text[1:]
    inner = inner.strip(" .-")
    bracket = Bracket(text[0], inner)
    if len(inner) == 8 and _CHECKSUM.match(inner):
        if not _DATE.match(inner):
            bracket.checksum = inner.upper()
        bracket.is_meta = True
        return bracket
    words = bracket.words
    lower = inner.lower()
    known = META.get(lower)
    if known is not None:
        words.append(known)
        bracket.is_meta, bracket.has_strong = True, known[2]
        return bracket
    if inner.isdecimal() and len(inner) > 2 and int(inner) in HEIGHTS:
        words.append(("resolution", int(inner), True))
        bracket.is_meta = bracket.has_strong = True
        return bracket
    parts = _PARTS.findall(lower)
    rest = []
    count = 0
    for part in parts:
        known = META.get(part)
        if known is None:
            known = _part_read(part, words)
        else:
            words.append(known)
        if known is None:
            rest.append(part)
        else:
            count += 1
            if known[2]:
                bracket.has_strong = True
    bracket.is_meta = bracket.has_strong or (count > 0 and count >= len(rest))
    if rest and bracket.has_strong and rest[-1].isdecimal() and len(rest[-1]) < 5 and int(rest[-1]) in HEIGHTS:
        words.append(("resolution", int(rest.pop()), True))
    if rest and count:
        bracket.rest = _rest(inner, lower, rest)
    return bracket


def _part_read(part: str, words: list[Word]) -> Word | None:
    """Of a part that is no word of the list: a picture's size, "AACx2", "NTV.1280x692.h264"."""
    size = _SIZE.match(part)
    if size is not None:
        word: Word = ("resolution", int(size[2] or size[1]), True)
        words.append(word)
        return word
    if "." in part and not _DIGITS.match(part):
        found = None
        for piece in part.split("."):
            known = META.get(piece) or _SIZE.match(piece)
            if known is None:
                continue
            found = known if isinstance(known, tuple) else ("resolution", int(known[2] or known[1]), True)
            words.append(found)
        return found
    stem = _TIMES.sub("", part)
    if stem != part and len(stem) > 1:
        known = META.get(stem)
        if known is not None and known[0] != "language":
            words.append(known)
            return known
    return None


def _rest(inner: str, lower: str, rest: list[str]) -> str:
    """The longest beginning or end of the text that holds unknown words alone: "Central Anime" of "Central Anime, 720p"."""
    if rest[0] in LANGUAGES:
        return ""
    first, _, others = inner.partition(",")
    if others and first.lower().split() == rest:
        return first.strip()
    if len(rest) == 1 and lower.endswith(rest[0]):
        return inner[-len(rest[0]) :]
    return ""


__all__ = ["HEIGHTS", "Bracket", "bracket_read"]
