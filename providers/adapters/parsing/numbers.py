"""Episode numbers in labels and addresses: one, a range, or none (films, specials, batches without numbers)."""

import re
from typing import NamedTuple

MAX_NUMBER = 99_999
_SPAN = r"(?<!\d)(\d{1,5})(?!\d)([.,]\d)?(?:\s*(?:-|–|—|~|s/d|to|sampai|bis)\s*(?:episode\s*)?(\d{1,5})(?!\d))?"
_USUAL = re.compile(r".*\bEpisode (\d{1,5})")
_COUNTED = re.compile(rf"\b(?:episodes?|eps?|folge|b[öo]l[üu]m)\b\s*[.:#]?\s*{_SPAN}", re.IGNORECASE)
_COUNT_FIRST = re.compile(rf"{_SPAN}\s*\.?\s*(?:episodes?|eps?|b[öo]l[üu]m)\b", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)(\d{1,5})\s*(?:-|–|—|~|s/d|to|sampai|bis)\s*(\d{1,5})(?!\d)", re.IGNORECASE)
_ALONE = re.compile(rf"\s*#?{_SPAN}\s*(?:end|tamat|final|v\d)?\s*", re.IGNORECASE)
_IN_SLUG = re.compile(r"-(?:episode|ep|folge)-(\d{1,5})(?:-(\d{1,5}))?(?![\d-]*\d{6})(?=-|$)")
_TURKISH_SLUG = re.compile(r"-(\d{1,5})-bolum(?=-|$)")
_UNCOUNTED = re.compile(r"\b(?:movie|film|ova|special|spesial)\b", re.IGNORECASE)


class Numbers(NamedTuple):
    """First and last episode of an entry, both None where it is not counted."""

    first: int | None = None
    last: int | None = None


NONE = Numbers()


def numbers_of(label: str, *, cell: str = "", slug: str = "", is_batch: bool = False) -> Numbers:
    """The numbers of an entry: what its label counts, else its address, else the number in the cell beside it.

    A film's cell says "1" all the same, so a label or an address that names a film is not counted. Half episodes ("12.5")
    are not counted either: they are nobody's twelfth.
    """
    if found := _USUAL.fullmatch(label):
        return _numbers(found[1], None)
    if found := _COUNTED.search(label) or _COUNT_FIRST.search(label):
        return _numbers(found[1], found[3], is_half=bool(found[2]))
    if is_batch:
        return _numbers(found[1], found[2]) if (found := _RANGE.search(label)) else NONE
    if _UNCOUNTED.search(label) or slug.endswith(("-movie", "-film")):
        return NONE
    if found := _IN_SLUG.search(slug):
        return _numbers(found[1], found[2])
    if found := _TURKISH_SLUG.search(slug):
        return _numbers(found[1], None)
    if found := _ALONE.fullmatch(cell):
        return _numbers(found[1], found[3], is_half=bool(found[2]))
    return NONE


def newest_of(text: str) -> int | None:
    """The newest episode that a card tells: 7 in "Episode 7", 12 in "12 Episode" and "12", 24 in "Episode 13-24"."""
    return numbers_of(text, cell=text).last


def batch_is(label: str) -> bool:
    """Whether an entry says that it is many episodes in one."""
    words = label.casefold()
    return "batch" in words or "paket" in words or "rapel" in words or "toplu" in words


def _numbers(first: str, last: str | None, *, is_half: bool = False) -> Numbers:
    """A range that runs backwards is one episode: the second number says something else."""
    begin = int(first)
    end = int(last) if last else begin
    return NONE if is_half else Numbers(begin, end if end >= begin else begin)
