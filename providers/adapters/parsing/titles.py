"""Titles without what sites write around them: marks of subtitles, calls to watch, numbers of episodes."""

import re

from providers.adapters.parsing.documents import texts_once

MAX_TITLE = 500
_BEFORE = re.compile(r"^(?:nonton|streaming|download)\s+(?:(?:anime|donghua|movie|film)\s+)?(?=\S)", re.IGNORECASE)
_AFTER = re.compile(
    r"\b(?:sub(?:title)?s?[\s-]*indo(?:nesia)?|takarir\s+indonesia|t[üu]rk[çc]e\s+altyaz[ıi]l[ıi]"
    r"|i\u0307?zle|english[\s-]*subbed|ger(?:man)?[\s-]*sub(?:bed)?|batch|bd)[)\]\s]*$",
    re.IGNORECASE,
)
_EPISODE_AFTER = re.compile(r"\b(?:episodes?|eps?|folge)\.?\s*(?:\d[\d.,\s\-–]*|movie)\b.*$", re.IGNORECASE)
_TURKISH_EPISODE_AFTER = re.compile(r"\b\d{1,5}\s*\.?\s*b[öo]l[üu]m\b.*$", re.IGNORECASE)
_BETWEEN = " -–—|:(["
"""What stands between a title and the marks after it."""
_SEPARATORS = (re.compile(r"\s*[;|\n]\s*"), re.compile(r"\s+/\s+"), re.compile(r"\s*[,、]\s+|、"))
_KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3040-\u30ff]")


def title_clean(text: str) -> str:
    """The title in a heading or a card; "" for a title that is too long to be one."""
    if not 0 < len(text) <= MAX_TITLE * 2:
        return ""
    cleaned = _BEFORE.sub("", text)
    for _ in range(4):
        shorter = _AFTER.sub("", cleaned).rstrip(_BETWEEN)
        if shorter in ("", cleaned):
            break
        cleaned = shorter
    cleaned = cleaned.strip(" -–—|")
    return cleaned if len(cleaned) <= MAX_TITLE else ""


def title_without_episode(text: str) -> str:
    """The title of the work in the title of one of its episodes."""
    shorter = _TURKISH_EPISODE_AFTER.sub("", _EPISODE_AFTER.sub("", text[: MAX_TITLE * 2]))
    return title_clean(shorter.rstrip(_BETWEEN) or text)


def titles_split(text: str) -> tuple[str, ...]:
    """The titles in a list of them, by the strongest separator that it has."""
    for separator in _SEPARATORS:
        if len(parts := separator.split(text)) > 1:
            return texts_once(map(str.strip, parts), longest=MAX_TITLE)
    return texts_once([text.strip()], longest=MAX_TITLE)


def title_native(titles: tuple[str, ...]) -> str:
    """The Japanese one among titles: with kana rather than with characters alone."""
    found = [title for title in titles if _KANA_OR_KANJI.search(title)]
    return next((title for title in found if _KANA.search(title)), found[0] if found else "")
