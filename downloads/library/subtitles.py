"""Subtitle files beside videos: whose they are and in which language, by their names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from downloads.media.languages import language_read, language_written

FORMATS = {"ass": "ass", "ssa": "ass", "vtt": "vtt"}
_NAMES = {
    "english": "en", "japanese": "ja", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "portuguese": "pt", "russian": "ru", "arabic": "ar", "indonesian": "id", "chinese": "zh",
    "chs": "zh-Hans", "cht": "zh-Hant", "sc": "zh-Hans", "tc": "zh-Hant", "polish": "pl", "korean": "ko", "vietnamese": "vi",
}  # fmt: skip
_FORCED = frozenset({"forced", "signs", "songs"})
_SPLIT = re.compile(r"[._ \[\]()]+")


@dataclass(frozen=True, slots=True)
class Beside:
    """A subtitle file of a video. `language` BCP 47, "und" where the name does not say."""

    name: str
    stem: str
    language: str
    format: str
    is_forced: bool
    label: str


def subtitles_of(names: Iterable[str], stems: Iterable[str]) -> list[Beside]:
    """Which of these subtitle files belong to which video ("stem.ass", "stem.en.forced.ass"); the longest stem has them."""
    ordered = sorted(set(stems), key=len, reverse=True)
    found = []
    for name in sorted(names):
        bare, _dot, extension = name.rpartition(".")
        for stem in ordered:
            if bare == stem or bare.startswith((f"{stem}.", f"{stem}_", f"{stem} ", f"{stem}[")):
                found.append(_beside(name, stem, bare[len(stem) :], FORMATS[extension.lower()]))
                break
    return found


def _beside(name: str, stem: str, rest: str, form: str) -> Beside:
    words = [word for word in _SPLIT.split(rest) if word]
    languages = [language for word in words if (language := language_of_word(word))]
    is_forced = any(word.lower() in _FORCED for word in words)
    others = [word for word in words if not language_of_word(word) and word.lower() not in _FORCED]
    return Beside(name, stem, languages[0] if languages else "und", form, is_forced, " ".join(others)[:80])


def language_of_word(word: str) -> str:
    """The language that a word of a file name means, "" for one that means none."""
    if word.lower() in _NAMES:
        return _NAMES[word.lower()]
    language = language_read(word)
    return language if language and language_written(language) != "und" else ""
