"""Titles of the catalogue that hold numbers: `Mob Psycho 100`, `86`, `5 Centimeters per Second` are no episodes."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from downloads.names.parsed import ParsedName
from downloads.names.tokens import BRACKET, DASH, PLAIN, SEASON, SEASON_WORD, Item
from downloads.names.words import KINDS, META, ORDINALS, PART_WORDS, SEASON_WORDS

_WORDS = re.compile(r"[^\W_]+")
_END: Final = ""
# Titles of more words are told by their words alone.
WORDS_MAX: Final = 24


def words_of(text: str) -> list[str]:
    """A text's words and numbers, without case, accents and signs."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _WORDS.findall(text.casefold())


class KnownTitles:
    """A tree of the words of those titles that a parser could misread; all others would change nothing and are left out. `folders` is
    room for what `path_parse` read with these titles.
    """

    __slots__ = ("_tree", "count", "folders")

    def __init__(self, titles: Iterable[str]) -> None:
        self._tree: dict[str, Any] = {}
        self.count = 0
        self.folders: dict[tuple[str, bool], ParsedName] = {}
        for title in titles:
            words = words_of(title)
            if not words or len(words) > WORDS_MAX or not any(map(_is_misread, words)):
                continue
            self.count += 1
            branch = self._tree
            for word in words:
                branch = branch.setdefault(word, {})
            branch[_END] = True

    def protect(self, items: list[Item], body: int) -> int | None:
        """Make plain words of the items that begin with the longest known title; the season that this title names, or None."""
        start = body
        while start < len(items) and items[start].role == DASH:
            start += 1
        until = self._longest(items, start)
        if until <= start or (until - start == 1 and _is_count(items, start)):
            return None
        season = _season_of(items, start, until)
        for item in items[start:until]:
            if item.role not in (DASH, BRACKET):
                item.role, item.value = PLAIN, None
        return season

    def _longest(self, items: list[Item], start: int) -> int:
        branch, found = self._tree, start
        for position in range(start, len(items)):
            item = items[position]
            if item.role == BRACKET:
                break
            for word in words_of(item.text):
                following = branch.get(word)
                if following is None:
                    return found
                branch = following
            if _END in branch:
                found = position + 1
        return found


def _is_misread(word: str) -> bool:
    return any(map(str.isdecimal, word)) or word in SEASON_WORDS or word in PART_WORDS or word in META or word in KINDS


def _is_count(items: list[Item], start: int) -> bool:
    """A name that is a number alone ("12.mkv"), or begins with a padded one and has no other ("07 - The Rain"): an episode,
    though a title may read the same.
    """
    if not items[start].text.isdecimal():
        return False
    return len(items) == 1 or (items[start].text[0] == "0" and not any(map(_is_number, items[start + 1 :])))


def _is_number(item: Item) -> bool:
    return item.text.isdecimal()


def _season_of(items: list[Item], start: int, until: int) -> int | None:
    for position in range(start, until):
        item = items[position]
        if item.role == SEASON:
            return item.value if isinstance(item.value, int) else None
        if item.role == SEASON_WORD:
            for beside in (position - 1, position + 1):
                if start <= beside < until:
                    digits = "".join(filter(str.isdecimal, items[beside].text))
                    value = ORDINALS.get(items[beside].lower) or (int(digits) if digits else 0)
                    if 0 < value < 100:
                        return value
    return None


__all__ = ["KnownTitles", "words_of"]
