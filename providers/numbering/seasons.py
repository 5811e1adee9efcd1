"""The seasons of a series whose parts are anime of their own, counted as providers count them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile

from catalog.facade import SerialPart
from providers.numbering.rules import Place

REGULAR = "regular"


def same_season(serial: Sequence[SerialPart]) -> list[SerialPart]:
    """The first, and those right after it that go on within its season by their names."""
    return [*serial[:1], *takewhile(lambda part: part.is_later_part, serial[1:])]


def seasons_of(serial: Sequence[SerialPart]) -> dict[int, list[SerialPart]]:
    """{season: its anime} as told from the first of the series on.

    The names decide, else each is the season after the one before it. Where the first is itself no beginning, and its names
    tell no season, a provider's season says nothing: whichever it is, it is this one (key 0).
    """
    if not serial:
        return {}
    first = serial[0]
    own = same_season(serial)
    if first.has_prequel and not first.named_season:
        return {0: own}
    if first.has_prequel or first.named_season > 1:
        return {1: own, first.named_season: own}
    found: dict[int, list[SerialPart]] = defaultdict(list)
    at = 0
    for index, part in enumerate(serial):
        if named := part.named_season:
            at = named
        elif not (index and part.is_later_part):
            at += 1
        found[at].append(part)
    return dict(found)


def parts_count(parts: Sequence[SerialPart], number: int, counts: Mapping[int, int]) -> Place | None:
    """`number` counted through the parts, of which `counts` tells how many episodes they have; None beyond the last."""
    for part in parts:
        count = counts.get(part.id)
        if count is None or number <= count:
            return Place(part.id, REGULAR, number)
        number -= count
    return None
