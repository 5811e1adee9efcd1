"""What speaks for and against a candidate, and how it is told."""

from enum import IntEnum, auto


class Evidence(IntEnum):
    """One kind of evidence. The first ones say how the candidate was found: exactly one of them holds."""

    STRICT = 0
    FULL = auto()
    BASE = auto()
    BAG = auto()
    FUZZY = auto()
    SEQUEL = auto()
    SIDE = auto()

    SYMBOLS_SAME = auto()
    SYMBOLS_DIFFER = auto()
    SPELLING = auto()
    HEAD = auto()
    HEAD_ALONE = auto()
    WITHOUT_TV = auto()
    TAIL_CUT = auto()
    TAIL_AS_KIND = auto()
    RATIO = auto()
    CONTAINED = auto()
    TOKENS = auto()
    COVERS_QUERY = auto()
    COVERS_NAME = auto()
    TAIL_CONTAINED = auto()
    DIGITS_DIFFER = auto()
    SEASON_SAME = auto()
    SEASON_AS_PART = auto()
    SEASON_DIFFERS = auto()
    SEASON_MISSING = auto()
    NUMBER_MISSING = auto()
    SEASON_EXTRA = auto()
    KIND_SAME = auto()
    KIND_ALLIED = auto()
    KIND_DIFFERS = auto()
    KIND_NAMED = auto()
    KIND_EXTRA = auto()
    YEAR_SAME = auto()
    YEAR_NEAR = auto()
    YEAR_DIFFERS = auto()
    YEAR_EXTRA = auto()
    OFFICIAL = auto()
    SYNONYM = auto()
    OTHER_LANGUAGE = auto()
    POPULAR = auto()
    POPULAR_LOOSE = auto()
    POPULAR_OTHER_KIND = auto()
    IS_MOVIE = auto()
    IS_OVA = auto()
    IS_ONA = auto()
    IS_SPECIAL = auto()
    IS_MUSIC = auto()
    IS_ADVERT = auto()
    SIDE_LOOSE = auto()
    FOLLOWED_POPULAR = auto()
    AGE = auto()

    GIVEN_YEAR_SAME = auto()
    GIVEN_YEAR_NEAR = auto()
    GIVEN_YEAR_DIFFERS = auto()
    GIVEN_KIND_SAME = auto()
    GIVEN_KIND_DIFFERS = auto()
    GIVEN_EPISODES_SAME = auto()
    GIVEN_EPISODES_DIFFER = auto()
    COVER_SAME = auto()
    COVER_ALIKE = auto()


WEIGHTS: dict[Evidence, float] = {
    Evidence.STRICT: 0.3,
    Evidence.FULL: -0.81,
    Evidence.BASE: -0.65,
    Evidence.BAG: -0.37,
    Evidence.FUZZY: 2.82,
    Evidence.SEQUEL: 0.67,
    Evidence.SIDE: -1.93,
    Evidence.SYMBOLS_SAME: 3.25,
    Evidence.SYMBOLS_DIFFER: -0.37,
    Evidence.SPELLING: 3.94,
    Evidence.HEAD: -1.5,
    Evidence.HEAD_ALONE: -3.22,
    Evidence.WITHOUT_TV: -1.32,
    Evidence.TAIL_CUT: -4.39,
    Evidence.TAIL_AS_KIND: 2.62,
    Evidence.RATIO: 2.18,
    Evidence.CONTAINED: 1.15,
    Evidence.TOKENS: 2.05,
    Evidence.COVERS_QUERY: 4.77,
    Evidence.COVERS_NAME: 1.6,
    Evidence.TAIL_CONTAINED: 2.14,
    Evidence.DIGITS_DIFFER: 0.19,
    Evidence.SEASON_SAME: 2.66,
    Evidence.SEASON_AS_PART: 1.09,
    Evidence.SEASON_DIFFERS: -1.84,
    Evidence.SEASON_MISSING: -1.79,
    Evidence.NUMBER_MISSING: -1.39,
    Evidence.SEASON_EXTRA: -2.12,
    Evidence.KIND_SAME: 0.45,
    Evidence.KIND_ALLIED: -1.12,
    Evidence.KIND_DIFFERS: -0.12,
    Evidence.KIND_NAMED: 0.7,
    Evidence.KIND_EXTRA: -0.74,
    Evidence.YEAR_SAME: 2.0,
    Evidence.YEAR_NEAR: -0.2,
    Evidence.YEAR_DIFFERS: -2.0,
    Evidence.YEAR_EXTRA: 0.0,
    Evidence.OFFICIAL: -0.54,
    Evidence.SYNONYM: -2.16,
    Evidence.OTHER_LANGUAGE: -0.01,
    Evidence.POPULAR: 1.67,
    Evidence.POPULAR_LOOSE: 0.84,
    Evidence.POPULAR_OTHER_KIND: -0.72,
    Evidence.IS_MOVIE: -0.23,
    Evidence.IS_OVA: 0.16,
    Evidence.IS_ONA: -0.38,
    Evidence.IS_SPECIAL: 0.57,
    Evidence.IS_MUSIC: -0.09,
    Evidence.IS_ADVERT: -0.54,
    Evidence.SIDE_LOOSE: 0.73,
    Evidence.FOLLOWED_POPULAR: -0.69,
    Evidence.AGE: -0.16,
    Evidence.GIVEN_YEAR_SAME: 1.5,
    Evidence.GIVEN_YEAR_NEAR: -0.4,
    Evidence.GIVEN_YEAR_DIFFERS: -3.0,
    Evidence.GIVEN_KIND_SAME: 0.8,
    Evidence.GIVEN_KIND_DIFFERS: -2.5,
    Evidence.GIVEN_EPISODES_SAME: 1.0,
    Evidence.GIVEN_EPISODES_DIFFER: -1.5,
    Evidence.COVER_SAME: 5.0,
    Evidence.COVER_ALIKE: 2.5,
}
"""What each is worth, by natural logarithms of odds. Those of titles were fitted (softmax regression) to one half of real
pairs of titles and MAL ids (`bench/matching.py`), those of facts beside the title were set by hand.
"""
