"""From scores to a confidence of 0–100, and from the confidence to a decision."""

from math import exp

from providers.matching.evidence import Evidence
from providers.matching.scoring import Found

AUTO, QUEUE = 96, 30
"""From here a match is taken without asking; from here a person is asked."""

_BIAS, _MARGIN, _MARGIN_FIRST, _SCORE = -1.71, 0.56, 0.93, 0.166
_MARGIN_LIMIT, _MARGIN_FIRST_LIMIT = 5.0, 1.5
_SHIFTS: dict[Evidence, float] = {
    Evidence.BAG: -0.36,
    Evidence.FUZZY: 0.33,
    Evidence.SEQUEL: 0.08,
    Evidence.SIDE: 0.86,
    Evidence.TAIL_CUT: 0.29,
    Evidence.HEAD_ALONE: 1.71,
    Evidence.SYMBOLS_DIFFER: -0.33,
    Evidence.DIGITS_DIFFER: 0.46,
    Evidence.SEASON_MISSING: -0.15,
    Evidence.NUMBER_MISSING: 0.16,
    Evidence.SEASON_AS_PART: 0.63,
    Evidence.KIND_SAME: -0.23,
    Evidence.KIND_ALLIED: -0.42,
    Evidence.KIND_DIFFERS: -0.48,
    Evidence.YEAR_SAME: -1.30,
    Evidence.YEAR_DIFFERS: -1.07,
    Evidence.SYNONYM: -0.78,
    Evidence.KIND_EXTRA: 0.35,
    Evidence.IS_MUSIC: -0.29,
    Evidence.IS_ADVERT: -0.45,
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
    return int(100 / (1 + exp(-max(-50.0, min(50.0, logit)))))


def decision_of(confidence: int) -> str:
    """`auto`, `queue` or `none`."""
    if confidence >= AUTO:
        return "auto"
    return "queue" if confidence >= QUEUE else "none"
