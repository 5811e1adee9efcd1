"""What an edit changed, as lines in which the changed words stand out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

Kind = Literal["same", "gone", "new"]

PAIRS_MOST = 2_000_000
"""Pairs of words that are compared in one text (a tenth of a second); past it, lines are shown as changed whole."""
LINES_MOST = 1_000
AROUND = 2
"""Unchanged lines that are shown on both sides of a change."""
ALIKE_LEAST = 0.4
"""Lines less alike than this (0–1) are another line, not the same one with other words."""
_WORDS = re.compile(
    r"\s+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|[^\w\s]"
)
"""Words, gaps and signs; writing without gaps between words goes by characters."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a line; `is_changed`: not on the other side."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line: `same`, `gone` (before only) or `new` (after only)."""

    kind: Kind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """So many unchanged lines are left out here."""

    count: int
    kind: Literal["skipped"] = "skipped"


def text_compare(before: str, after: str) -> list[DiffLine | Skipped]:
    """The lines of both texts in reading order, long stretches without a change left out."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > LINES_MOST:
        return [*(_line("gone", text) for text in old), *(_line("new", text) for text in new)]
    found: list[DiffLine] = []
    pairs = PAIRS_MOST
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_line("same", text) for text in old[start:end]]
        else:
            lines, pairs = _replaced(old[start:end], new[new_start:new_end], pairs)
            found += lines
    return list(_shortened(found))


def _line(kind: Kind, text: str) -> DiffLine:
    return DiffLine(kind, (Piece(text),))


def _replaced(old: list[str], new: list[str], pairs: int) -> tuple[list[DiffLine], int]:
    """A stretch of lines that took the place of another: those that are alike are compared by words, as long as `pairs`
    of words are left; (lines, pairs that are left).
    """
    gone: list[DiffLine] = []
    came: list[DiffLine] = []
    for before, after in zip_longest(old, new):
        if before is None or after is None:
            gone += [_line("gone", before)] if before is not None else []
            came += [_line("new", after)] if after is not None else []
            continue
        words, others = _WORDS.findall(before), _WORDS.findall(after)
        pairs -= len(words) * len(others)
        one, other = _by_words(words, others) if pairs >= 0 else ((Piece(before),), (Piece(after),))
        gone.append(DiffLine("gone", one))
        came.append(DiffLine("new", other))
    return gone + came, pairs


def _by_words(old: list[str], new: list[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE_LEAST:
        return (Piece("".join(old)),), (Piece("".join(new)),)
    gone: list[Piece] = []
    came: list[Piece] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        is_changed = tag != "equal"
        gone += [Piece("".join(old[start:end]), is_changed)] if end > start else []
        came += [Piece("".join(new[new_start:new_end]), is_changed)] if new_end > new_start else []
    return tuple(gone), tuple(came)


def _shortened(lines: list[DiffLine]) -> Iterator[DiffLine | Skipped]:
    changed = [place for place, line in enumerate(lines) if line.kind != "same"]
    kept = {place + by for place in changed for by in range(-AROUND, AROUND + 1)}
    skipped = 0
    for place, line in enumerate(lines):
        if place in kept:
            if skipped:
                yield Skipped(skipped)
            skipped = 0
            yield line
        else:
            skipped += 1
    if skipped and changed:
        yield Skipped(skipped)
