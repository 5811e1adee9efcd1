"""What votes make of a comment's place: pure numbers."""

import math

Z = 1.96
"""Of the normal distribution: 95 % sure."""


def lower_bound(good: int, bad: int) -> float:
    """The lower end of Wilson's interval for the share of good votes, 0–1: few votes prove little. 0 without votes."""
    count = good + bad
    if not count or not good:
        return 0.0
    share, square = good / count, Z * Z
    centre = share + square / (2 * count)
    spread = Z * math.sqrt((share * (1 - share) + square / (4 * count)) / count)
    return max(0.0, (centre - spread) / (1 + square / count))


def best_rank(up: int, down: int) -> float:
    """What "best" sorts by: Wilson's lower bound of the share of up votes, from above -1 to below 1.

    What nobody voted for and some voted against sinks below what nobody has voted on, by the bound of the opposite.
    """
    return lower_bound(up, down) if up else -lower_bound(down, up)


def controversy_rank(up: int, down: int) -> float:
    """What "controversial" sorts by: many votes, evenly divided, are most; 0 while nobody disagrees."""
    if up <= 0 or down <= 0:
        return 0.0
    return float((up + down) ** (min(up, down) / max(up, down)))
