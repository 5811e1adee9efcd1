"""Folds a title or a query to the form in which they are compared: case, width, accents, kana, punctuation, seasons."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_LENGTH = 200
"""Characters of a query that are looked at; the rest is ignored."""

_CACHE_LIMIT = 20_000
# NFKC makes "…" three dots and "Ⅱ" two letters, but leaves these letters, which people type without their strokes.
_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
    "×": "x", "@": "a", "&": " and ", "＆": " and ", "'": "", "’": "", "‘": "", "`": "", "´": "", "ʻ": "", "ʼ": "",
}  # fmt: skip
# Between these code points combining marks are vowels, not accents (Devanagari, Thai, Khmer, Burmese …): kept.
_VOWEL_SIGNS = ((0x0900, 0x109F), (0x1780, 0x17FF))


class _Fold(dict[int, str]):
    """A table for `str.translate` that is filled as characters are met; bounded, because queries come from anybody."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _CACHE_LIMIT:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    """The comparison form of one NFKC character: letters and digits, nothing for an accent, a space for the rest."""
    if character in _LETTERS:
        return _LETTERS[character]
    code = ord(character)
    if 0x30A1 <= code <= 0x30F6:  # katakana → hiragana
        return chr(code - 0x60)
    if unicodedata.category(character)[0] == "M":
        return character if any(low <= code <= high for low, high in _VOWEL_SIGNS) else ""
    if not character.isalnum():
        # Invisible characters (zero-width joiners, soft hyphens) do not part a word in two; everything else does.
        return "" if unicodedata.category(character) == "Cf" else " "
    folded = unicodedata.normalize("NFD", character.casefold())
    folded = "".join(part for part in folded if not 0x0300 <= ord(part) <= 0x036F)
    folded = unicodedata.normalize("NFC", folded)
    return "".join(_LETTERS.get(part, part) for part in folded)


_FOLD = _Fold()

_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16",
}  # fmt: skip
# Counting words and ordinals, as folded (й → и).
_COUNT_WORDS = (
    ("一", "one", "first", "первыи"),
    ("二", "two", "second", "второи"),
    ("三", "three", "third", "третии"),
    ("四", "four", "fourth", "четвертыи"),
    ("五", "five", "fifth", "пятыи"),
    ("六", "six", "sixth"),
    ("七", "seven", "seventh"),
    ("八", "eight", "eighth"),
    ("九", "nine", "ninth"),
    ("十", "ten", "tenth"),
)
_COUNTS = {word: str(number) for number, words in enumerate(_COUNT_WORDS, 1) for word in words}
_COUNT = r"(\d{1,2}|" + "|".join(_COUNTS) + ")"
_SEASON = r"(?:seasons?|saison|temporada|staffel|stagione|sezon|сезон|しーずん|시즌)"
# Romaji and English spell it "2nd Season", "Season 2", "S2"; Japanese 第2期 or 2期, Chinese 第二季, Korean 2기.
_SEASONS = re.compile(
    rf"第 ?{_COUNT} ?(?:期|季|{_SEASON})"
    r"|(?<!\d)(\d{1,2}) ?(?:期|季|기)(?!\w)"
    rf"|\b{_COUNT}(?:st|nd|rd|th)? ?{_SEASON}\b"
    rf"|{_SEASON} ?{_COUNT}\b"
    r"|\bs(?:eason)? ?0?(\d{1,2})\b"
)
# オーバーロードⅡ: in scripts without spaces a numeral follows its word directly.
_ATTACHED_ROMAN = re.compile(r"(?<=[\u3040-\u9fff\uac00-\ud7af])(?=[ivx]{2,4}(?![^\W_]))")


@dataclass(frozen=True, slots=True)
class Key:
    """A folded text. `words` has single spaces; `season` is the number a season marker named, or 0."""

    words: str
    season: int = 0

    @property
    def compact(self) -> str:
        """The text without spaces: what edit distances and n-grams are taken of."""
        return self.words.replace(" ", "")


def fold(text: str) -> str:
    """Fold case, width, accents, kana and punctuation; words stay parted by one space. Never raises on any `str`."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.translate(_FOLD).split())


def _season_number(match: re.Match[str]) -> str:
    found = next(group for group in match.groups() if group)
    return f" {int(_COUNTS.get(found, found))} "


def season_fold(words: str, *, keep_last: bool = False) -> Key:
    """Write every season marker of a folded text as its bare number: `s2`, `2nd season`, `第2期` and `ii` become `2`.

    With `keep_last` a Roman numeral at the very end stays: of somebody who is still typing it may be half a word.
    """
    season = 0
    replaced = words
    if match := _SEASONS.search(words):
        season = int(_season_number(match))
        replaced = _SEASONS.sub(_season_number, words)
    tokens = _ATTACHED_ROMAN.sub(" ", replaced).split()
    last = len(tokens) - keep_last
    for position in range(1, last):
        if tokens[position] in _ROMAN:
            tokens[position] = _ROMAN[tokens[position]]
            if position == len(tokens) - 1:
                season = season or int(tokens[position])
    return Key(" ".join(tokens), season)


def title_keys(title: str) -> list[Key]:
    """The forms under which a title is indexed: seasons as numbers and, where that differs, the words as they stand.

    The second one is for queries with a slip inside the season word itself. Empty for a title of punctuation alone.
    """
    words = fold(title)
    if not words:
        return []
    folded = season_fold(words)
    if folded.words == words:
        return [folded]
    return [folded, Key(words, folded.season)]


def query_keys(query: str) -> list[Key]:
    """The forms under which a query is looked up, best guess first; empty when nothing but punctuation was typed."""
    words = fold(query[: 2 * MAX_LENGTH])[:MAX_LENGTH].strip()
    if not words:
        return []
    keys = [season_fold(words), season_fold(words, keep_last=True), Key(words)]
    unique: dict[str, Key] = {}
    for key in keys:
        unique.setdefault(key.words, key)
    return list(unique.values())


def is_season_only(query: str) -> int:
    """The season number of a query that names nothing else (`s2`, `2nd season`), or 0."""
    words = fold(query[:MAX_LENGTH])
    match = _SEASONS.fullmatch(words)
    return int(_season_number(match)) if match else 0


def script_of(text: str) -> str:
    """`latin`, `cyrillic`, `cjk` (kana and Hangul too) or `other`: the script of most of the letters."""
    counts = {"latin": 0, "cyrillic": 0, "cjk": 0, "other": 0}
    for character in text:
        if not character.isalpha():
            continue
        code = ord(character)
        if code < 0x250 or 0x1E00 <= code < 0x1F00:
            counts["latin"] += 1
        elif 0x400 <= code < 0x530:
            counts["cyrillic"] += 1
        elif 0x3040 <= code < 0xA000 or 0xAC00 <= code < 0xD7B0 or 0x20000 <= code < 0x32000 or 0xFF66 <= code < 0xFFDD:
            counts["cjk"] += 1
        else:
            counts["other"] += 1
    return max(counts, key=lambda script: counts[script]) if any(counts.values()) else "latin"
