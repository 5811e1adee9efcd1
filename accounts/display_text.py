"""Text that people show to others: nothing in it may be unseen, turned round, or pile up over its neighbours."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MARKS_MAX = 3  # on one letter; Vietnamese, Hebrew and Thai need two or three

# Letters and symbols that draw nothing, beside what their category says.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc\ufffd")
_JOINERS = "\u200c\u200d"
_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
_SPACES = re.compile(r"[^\S\n]+")
_GAPS = re.compile(r"\n{3,}")


def line_clean(text: str) -> str:
    """One line in NFC with single spaces; raises ValidationError for what cannot be seen or read."""
    return _checked(" ".join(unicodedata.normalize("NFC", _encodable(text)).split()))


def paragraphs_clean(text: str) -> str:
    """Some lines in NFC, at most one of them empty at a time; raises ValidationError like `line_clean`."""
    text = unicodedata.normalize("NFC", _encodable(text)).replace("\r\n", "\n").replace("\r", "\n")
    lines = (_SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    return _checked(_GAPS.sub("\n\n", "\n".join(lines)).strip())


def _encodable(text: str) -> str:
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValidationError(_("Characters that cannot be seen are not allowed."), code="invisible_characters")
    return text


def _checked(text: str) -> str:
    marks, before = 0, ""
    for c in text:
        category = unicodedata.category(c)
        # Joiners shape emoji, Arabic and Indic writing; between Latin or Cyrillic letters they only hide.
        is_joined = c in _JOINERS and before > "\u0590"
        if (category in _UNSEEN and c != "\n" and not is_joined) or c in _BLANKS:
            raise ValidationError(_("Characters that cannot be seen are not allowed."), code="invisible_characters")
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MARKS_MAX:
            raise ValidationError(_("Too many marks on one letter."), code="too_many_marks")
        before = c
    if text and not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        raise ValidationError(_("Characters that cannot be seen are not allowed."), code="invisible_characters")
    return text
