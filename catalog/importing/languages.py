"""The language of a title, guessed from its script."""

import re

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_SERBIAN = re.compile("[ђјљњћџЂЈЉЊЋЏ]")
_OTHERS = (
    (re.compile("[\u0e01-\u0e5b]"), "th"),
    (re.compile("[\u05d0-\u05ea]"), "he"),
    (re.compile("[\u0620-\u064a\u0671-\u06d3]"), "ar"),
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), "el"),
    (re.compile("[\u0904-\u0939]"), "hi"),
    (re.compile("[\u10a0-\u10ff]"), "ka"),
    (re.compile("[\u0531-\u0587]"), "hy"),
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_PERSIAN = re.compile("[پچژگ]")


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _han_language(text: str, otherwise: str) -> str:
    """Chinese when a character is in no Japanese character set; which Chinese, by the set that has it."""
    foreign = [char for char in _HAN.findall(text) if not _encodes(char, "shift_jis_2004")]
    if any(_encodes(char, "gb2312") for char in foreign):
        return "zh-Hans"
    if any(_encodes(char, "big5") for char in foreign):
        return "zh-Hant"
    return otherwise


def language_of(text: str, *, han: str = "zh", latin: str = "und") -> str:
    """BCP 47 tag guessed from the script.

    `han` is the answer for Han characters that Japanese and Chinese share, `latin` the one for Latin letters. Cyrillic is
    taken as Russian unless it has letters of Ukrainian or Serbian. Digits and signs alone give "und".
    """
    if text.isascii():
        return latin if _LATIN.search(text) else "und"
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    if _HAN.search(text):
        return _han_language(text, han)
    if _CYRILLIC.search(text):
        return "uk" if _UKRAINIAN.search(text) else "sr" if _SERBIAN.search(text) else "ru"
    for script, language in _OTHERS:
        if script.search(text):
            return "fa" if language == "ar" and _PERSIAN.search(text) else language
    return latin if _LATIN.search(text) else "und"


def country_of(native_title: str) -> str:
    """ISO 3166-1 country of origin as its native title suggests: KR for Hangul, CN or TW for Chinese, else JP."""
    return {"ko": "KR", "zh-Hans": "CN", "zh-Hant": "TW"}.get(language_of(native_title, han="ja"), "JP")
