"""One spelling for the many romanisations of Japanese: Hepburn, Kunrei, with or without long vowels, joined or parted."""

import re

# Words whose spelling varies (particles) or that come and go (articles, "and" beside "&", "to" beside "+").
_WORDS = {
    "wo": "o",
    "he": "e",
    "the": "",
    "a": "",
    "an": "",
    "and": "",
    "to": "",
    "und": "",
    "et": "",
    "ver": "version",
}
_SOUNDS = {
    "ou": "o", "oo": "o", "oh": "o", "uu": "u", "aa": "a", "ii": "i", "ee": "e", "ei": "e",
    "shi": "si", "sh": "sy", "tchi": "ti", "tch": "ty", "chi": "ti", "ch": "ty", "tsu": "tu", "ts": "t",
    "ji": "zi", "jy": "zy", "j": "zy", "dzu": "zu", "dz": "z", "ph": "h", "f": "h", "v": "b", "l": "r",
    "mb": "nb", "mp": "np", "mm": "nm", "c": "k", "q": "k",
}  # fmt: skip
_SOUND = re.compile(
    r"o(?:u|o+|h(?![aeiouy]))|u{2,}|a{2,}|i{2,}|e(?:i|e+)|shi|sh|tchi?|chi?|tsu|ts|j[iy]?|dzu?|ph|f+|v+|l+|m(?=[bpm])|c+|q"
    r"|([bdghknprstwxyz])\1+"
)


def _sound(match: re.Match[str]) -> str:
    found = match.group()
    if match.group(1):
        return match.group(1)
    if found == "m":
        return "n"
    return _SOUNDS.get(found) or _SOUNDS.get(found[:2]) or _SOUNDS.get(found[:1]) or found[0]


def words_fold(words: list[str]) -> list[str]:
    """Folded words without articles and joining words, particles in one spelling; as they stand when nothing is left."""
    kept = [spelled for word in words if (spelled := _WORDS.get(word, word))]
    return kept or words


def romaji_fold(text: str) -> str:
    """One spelling of a folded text without spaces; other scripts pass through."""
    return _SOUND.sub(_sound, text)
