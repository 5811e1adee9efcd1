"""Which numbers of episodes can be true of an anime, when only its count is known."""

from providers.numbering.places import BEYOND, BEYOND_SHARE


def number_is_believed(number: int, count: int | None) -> bool:
    """Whether `number` is not far beyond the anime's `count` (None: not known), by its share and by its episodes.

    A little beyond is how providers count that go on through the whole series; 9999 of 500 is a mistake of theirs.
    """
    return not count or number <= count * BEYOND_SHARE or number <= count + BEYOND
