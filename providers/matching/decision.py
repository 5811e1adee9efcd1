"""From scores to a confidence of 0–100, and from the confidence to a decision."""

from math import exp

from providers.matching.scoring import Found
from providers.matching.weights import BIAS, MARGIN, MARGIN_FIRST, SCORE, SHIFTS

AUTO, QUEUE = 96, 25
"""From here a match is taken without asking; from here a person is asked."""

MARGIN_LIMIT, MARGIN_FIRST_LIMIT = 6.0, 2.0


def confidence_of(found: Found, *, score: float, margin: float) -> int:
    """How sure it is that the best candidate is right. `margin` is how far behind the second one is. Rounded down:
    who asks for 96 gets nothing less.
    """
    logit = BIAS + MARGIN * min(margin, MARGIN_LIMIT) + MARGIN_FIRST * min(margin, MARGIN_FIRST_LIMIT) + SCORE * score
    logit += sum(SHIFTS.get(piece, 0.0) * amount for piece, amount in found)
    return int(100 / (1 + exp(-max(-50.0, min(50.0, logit)))))


def decision_of(confidence: int) -> str:
    """`auto`, `queue` or `none`."""
    if confidence >= AUTO:
        return "auto"
    return "queue" if confidence >= QUEUE else "none"
