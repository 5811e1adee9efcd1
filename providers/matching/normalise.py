"""A title, a provider's or the catalogue's, in the forms in which titles are compared."""

import re
import unicodedata
from dataclasses import dataclass

from catalog.facade import title_fold
from providers.matching.marks import Marks, brackets_read, language_tail_cut, sequence_cut, tokens_read
from providers.matching.romaji import romaji_fold, words_fold

MAX_LENGTH = 500
"""Characters of a title that are looked at."""

_HEAD_LEAST, _TAIL_LEAST = 4, 6
_PARTING = re.compile(r": ?| - | ~|~ | \(|／")
_PLAIN = re.compile(r"[\w\s.,:;()\[\]\-–—~～\"“”…·・「」]+")
# オーバーロードⅡ, まどか2: in scripts without spaces a number follows its word directly.
_ATTACHED = re.compile(r"(?<=[\u3040-\u9fff\uac00-\ud7af])(?=(?:[ivx]{2,4}|\d{1,2})(?![^\W_]))")


@dataclass(slots=True)
class Name:
    """`written` is the title in small letters without marks of language; `strict` is that folded and without spaces, `full`
    has one romanisation besides, `base` lacks every mark, `words` are those of `base`; all empty for a title of punctuation
    or emoji alone. `symbols` are the signs that folding drops ("K-On!" is not "K-On!!"); `tail` is filled for queries that
    nothing equals.
    """

    written: str
    symbols: str
    strict: str
    full: str
    base: str
    words: list[str]
    marks: Marks
    tail: str = ""


def name_read(title: str) -> Name:
    """Never raises on any `str`."""
    marks = Marks()
    text = title[:MAX_LENGTH]
    if "(" in text or "[" in text or "（" in text or "【" in text:
        text = brackets_read(text, marks)
    words = language_tail_cut(title_fold(text), marks) or title_fold(title[:MAX_LENGTH])
    if not words.isascii():
        words = _ATTACHED.sub(" ", words)
    tokens = words.split()
    rest = sequence_cut(words, marks).split()
    kept = words_fold(tokens_read(rest, marks)) if rest else tokens
    return Name(
        " ".join(text.lower().split()),
        _symbols(text),
        "".join(tokens),
        romaji_fold("".join(words_fold(tokens))),
        romaji_fold("".join(kept)),
        kept,
        marks,
    )


def _symbols(text: str) -> str:
    """The signs that set namesakes apart: everything but common punctuation, and a full stop or a colon at the very end.
    Wide forms are the same signs: Japanese titles are written with "！" and "＊" here and with "!" and "*" there.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    last = text.rstrip()[-1:]
    return _PLAIN.sub("", text) + (last if last in (".", ":", ",") else "")


def heads_of(title: str, name: Name) -> list[Name]:
    """What stands before the first and the last colon, dash or bracket of a title, as names of their own."""
    places = [match.start() for match in _PARTING.finditer(title) if match.start() >= _HEAD_LEAST]
    heads = (name_read(title[:place]) for place in {places[0], places[-1]}) if places else ()
    return [head for head in heads if head.strict and head.full != name.full]


def tails_of(title: str) -> list[Name]:
    """What stands behind the first and the last colon or dash of a title, as names of their own."""
    places = [match.end() for match in _PARTING.finditer(title) if match.start() >= _HEAD_LEAST]
    tails = (name_read(title[place:]) for place in {places[0], places[-1]}) if places else ()
    return [tail for tail in tails if len(tail.base) >= _TAIL_LEAST]


def tail_of(title: str) -> str:
    """What stands behind the first colon or dash, as a base; empty when that is next to nothing."""
    match = _PARTING.search(title, _HEAD_LEAST)
    tail = name_read(title[match.end() :]).base if match else ""
    return tail if len(tail) >= _HEAD_LEAST else ""
