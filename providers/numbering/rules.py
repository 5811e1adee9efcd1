"""What came of placing a number, and by which rule."""

import enum
from dataclasses import dataclass


class Rule(enum.StrEnum):
    """By what a number was placed, or why it has no place (`LEFT_OUT` and below)."""

    OVERRIDE = "override"
    TVDB = "tvdb"
    SEASON = "season"
    REDIRECT = "redirect"
    ABSOLUTE = "absolute"
    PART = "part"
    SINGLE = "single"
    SPECIAL = "special"
    HALF = "half"
    OWN = "own"
    LEFT_OUT = "left_out"
    UNMATCHED = "unmatched"
    UNNUMBERED = "unnumbered"
    NO_SEASON = "no_season"
    ELSEWHERE = "elsewhere"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Place:
    """An episode of the catalogue, whether or not it has a row there: `number` counts within (anime, kind)."""

    anime_id: int
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`place` None: nowhere, for the reason `rule`."""

    place: Place | None
    rule: Rule
