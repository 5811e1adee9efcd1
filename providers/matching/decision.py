"""From scores to a confidence of 0–100, and from the confidence to a decision."""

from math import exp

from providers.matching.evidence import Evidence
from providers.matching.scoring import Found

AUTO, QUEUE = 95, 30
"""From here a match is taken without asking; from here a person is asked."""

_BIAS, _MARGIN, _MARGIN_FIRST, _SCORE = -2.31, 0.60, 0.97, 0.200
_MARGIN_LIMIT, _MARGIN_FIRST_LIMIT = 5.0, 1.5
_SHIFTS: dict[Evidence, float] = {
    Evidence.BASE: 0.22,
    Evidence.FUZZY: 0.55,
    Evidence.SEQUEL: 0.70,
    Evidence.SIDE: 0.26,
    Evidence.TAIL_CUT: 0.38,
    Evidence.HEAD: 1.78,
    Evidence.SYMBOLS_DIFFER: -0.05,
    Evidence.DIGITS_DIFFER: 0.87,
    Evidence.SEASON_MISSING: 0.14,
    Evidence.NUMBER_MISSING: 0.43,
    Evidence.SEASON_EXTRA: 0.09,
    Evidence.SEASON_AS_PART: 0.06,
    Evidence.KIND_SAME: -0.52,
    Evidence.KIND_ALLIED: -0.92,
    Evidence.YEAR_SAME: -1.29,
    Evidence.YEAR_NEAR: 1.69,
    Evidence.YEAR_DIFFERS: -0.97,
    Evidence.SYNONYM: -0.67,
    Evidence.KIND_EXTRA: 0.28,
    Evidence.IS_MUSIC: -0.39,
    Evidence.IS_ADVERT: -0.54,
    Evidence.GIVEN_YEAR_DIFFERS: -1.5,
    Evidence.GIVEN_KIND_DIFFERS: -1.5,
    Evidence.GIVEN_EPISODES_DIFFER: -1.0,
}
"""Fitted (logistic regression) to the same half of the pairs as the weights; the last three were set by hand."""


def confidence_of(found: Found, *, score: float, margin: float) -> int:
    """How sure it is that the best candidate is right. `margin` is how far behind the second one is."""
    logit = (
        _BIAS + _MARGIN * min(margin, _MARGIN_LIMIT) + _MARGIN_FIRST * min(margin, _MARGIN_FIRST_LIMIT) + _SCORE * score
    )
    logit += sum(_SHIFTS.get(piece, 0.0) for piece, _ in found)
    return round(100 / (1 + exp(-max(-50.0, min(50.0, logit)))))


def decision_of(confidence: int) -> str:
    """`auto`, `queue` or `none`."""
    if confidence >= AUTO:
        return "auto"
    return "queue" if confidence >= QUEUE else "none"
