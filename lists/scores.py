"""Scores in a person's own format. Stored they are whole numbers from 0 to 100; None is "no score"."""

from decimal import Decimal, InvalidOperation

from lists.models.preferences import ScoreFormat

_STEPS = {
    ScoreFormat.POINT_10: Decimal(10),
    ScoreFormat.POINT_10_DECIMAL: Decimal(10),
    ScoreFormat.POINT_100: Decimal(1),
    ScoreFormat.POINT_5: Decimal(20),
}
SMILEYS = {1: 35, 2: 60, 3: 85}
"""Bad, fair, good: the values that AniList stores for its smileys, so that lists go there and back unchanged."""
_HIGHEST = {ScoreFormat.POINT_100: 100, ScoreFormat.POINT_5: 5, ScoreFormat.POINT_3: 3}


def score_highest(score_format: str) -> int:
    """The best score in a format: 10, 100, 5 or 3."""
    return _HIGHEST.get(ScoreFormat(score_format), 10)


def score_shown(score: int | None, score_format: str) -> str:
    """A stored score in a format, as plain digits ("7.5", "4"); "" for none. A score above 0 never shows as 0."""
    if score is None:
        return ""
    chosen = ScoreFormat(score_format)
    if chosen == ScoreFormat.POINT_3:
        return str(smiley_of(score))
    value = Decimal(score) / _STEPS[chosen]
    if chosen == ScoreFormat.POINT_10_DECIMAL:
        return f"{value.normalize():f}"
    return str(max(int(value.quantize(Decimal(1), rounding="ROUND_HALF_UP")), 1 if score else 0))


def smiley_of(score: int) -> int:
    """1 (bad), 2 (fair) or 3 (good)."""
    return 1 if score < 48 else 2 if score < 73 else 3


def score_read(raw: str, score_format: str) -> int | None:
    """What somebody typed in a format as 0–100; "" is None. Raises ValueError for what is no score of that format."""
    raw = raw.strip().replace(",", ".")
    if raw == "":
        return None
    chosen = ScoreFormat(score_format)
    try:
        value = Decimal(raw)
    except InvalidOperation as error:
        raise ValueError(raw) from error
    if not value.is_finite() or not 0 <= value <= score_highest(chosen):
        raise ValueError(raw)
    if chosen == ScoreFormat.POINT_10_DECIMAL:
        if value * 10 % 1:
            raise ValueError(raw)
    elif value % 1:
        raise ValueError(raw)
    if chosen == ScoreFormat.POINT_3:
        if not value:
            return None
        return SMILEYS[int(value)]
    return int(value * _STEPS[chosen])
