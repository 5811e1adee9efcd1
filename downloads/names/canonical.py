"""Names in other scripts: brackets, digits and counters of Chinese, Japanese, Korean, Thai, Arabic and Cyrillic made plain."""

import re
from typing import Final

_MARKS: Final = str.maketrans(
    {
        "【": "[",
        "】": "]",
        "［": "[",
        "］": "]",
        "〔": "[",
        "〕": "]",
        "（": "(",
        "）": ")",
        "\u3000": " ",
        "\u00a0": " ",
        "★": " ",
        "☆": "☆",
        "＿": "_",
        "．": ".",
        "＆": "&",
        "–": "-",
        "—": "-",
        "‒": "-",
        "―": "-",
        "－": "-",
        "#": "#",
        "＃": "#",
        "～": "~",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x0E50 + digit): str(digit) for digit in range(10)},
    }
)
_HAN: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九十")}
_NUMERAL = r"(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
_TOTAL = re.compile(r"[全共] ?[0-9]{1,4} ?[話话集回]|[話话集回]全")
_EPISODE = re.compile(rf"(?:第 ?)({_NUMERAL}(?:[.][0-9])?)(?: ?[-~] ?第?({_NUMERAL}))? ?[話话集回夜](?:完|終|终)?")
_COUNTED = re.compile(
    r"(?<![0-9.])([0-9]{1,4}(?:\.[0-9])?)(?: ?[-~] ?([0-9]{1,4}))? ?(?:[話话集화회]|회차)(?:完|終|终)?"
)
_SEASON = re.compile(rf"第 ?({_NUMERAL}) ?[期季]|(?<![0-9])([0-9]{{1,2}}) ?[期季기]|(?:시즌|シーズン) ?([0-9]{{1,2}})")
_PART = re.compile(rf"第 ?({_NUMERAL}) ?(?:クール|部分)")
_WORD_BEFORE = re.compile(r"(?:ตอนที่|ตอน|الحلقة|حلقة|エピソード|에피소드) ?([0-9]{1,4})")
_OF = re.compile(r"(?<=[0-9]) ?из ?(?=[0-9])")
# Counters that only these hold; the rest of the names need no more than the table above.
_NEEDS_WORDS = re.compile(r"[第話话集回期季夜全共화회기시에エตอحا]|クール|シーズン")


def text_canonical(text: str) -> str:
    """`第01話` becomes ` ep01 `, `第二期` ` s2 `, `第2クール` ` cour 2 `; wide signs become narrow ones. All else is kept."""
    text = text.translate(_MARKS)
    if "из" in text:
        text = _OF.sub(" of ", text)
    if not _NEEDS_WORDS.search(text):
        return text
    text = _TOTAL.sub(" ", text)
    text = _EPISODE.sub(_episode, text)
    text = _SEASON.sub(_season, text)
    text = _PART.sub(lambda match: f" cour {number_read(match[1])} ", text)
    text = _WORD_BEFORE.sub(lambda match: f" ep{int(match[1])} ", text)
    return _COUNTED.sub(_episode, text)


def number_read(text: str) -> str:
    """Digits as they are, Han numerals up to 99 in digits."""
    if text[0] not in _HAN:
        return text
    tens, ten, ones = text.partition("十")
    if not ten:
        return str(_HAN[text[-1]])
    return str((_HAN[tens[-1]] if tens else 1) * 10 + (_HAN[ones[0]] if ones else 0))


def _episode(match: re.Match[str]) -> str:
    last = f"-{number_read(match[2])}" if match[2] else ""
    return f" ep{number_read(match[1])}{last} "


def _season(match: re.Match[str]) -> str:
    return f" s{number_read(match[1] or match[2] or match[3])} "


__all__ = ["number_read", "text_canonical"]
