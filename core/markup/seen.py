"""Text as it may be shown: nothing that turns the writing round, draws over its neighbours or is a control character."""

import re
import unicodedata

MARKS_MAX = 4
"""Combining marks on one letter that are drawn; writing systems need three at most, four with some transcriptions."""

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")

_MARK = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = re.compile(f"{_MARK}{{{MARKS_MAX + 1},}}")


def seen_text(text: str) -> str:
    """`text` without control and direction characters, with at most `MARKS_MAX` combining marks on one letter."""
    text = _CONTROLS.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _PILE.sub(lambda pile: pile[0][:MARKS_MAX], text)
