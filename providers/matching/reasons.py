"""Evidence told in short texts that do not change: they are stored beside the decision."""

from collections.abc import Iterable

from providers.matching.evidence import Evidence
from providers.matching.index import Facts
from providers.matching.marks import Marks
from providers.matching.queries import Query
from providers.matching.scoring import Found

_TEXTS = {
    Evidence.STRICT: "same title",
    Evidence.OWN_TITLE: "no other entry has this title",
    Evidence.TITLE_SHARED: "another entry has the same main title",
    Evidence.FULL: "same title in another spelling",
    Evidence.BASE: "same name",
    Evidence.BAG: "same words in another order",
    Evidence.FUZZY: "similar title",
    Evidence.SEQUEL: "a sequel of this name",
    Evidence.SIDE: "a side story of this name",
    Evidence.HEAD: "the beginning of its title",
    Evidence.HEAD_ALONE: "the beginning of its title",
    Evidence.TAIL_CUT: "only the beginning of the title",
    Evidence.HEAD_CUT: "only the end of the title",
    Evidence.TAIL: "the end of its title",
    Evidence.SYMBOLS_DIFFER: "signs differ",
    Evidence.DIGITS_DIFFER: "numbers differ",
    Evidence.SEASON_AS_PART: "season and part say the same",
    Evidence.SEASON_DIFFERS: "seasons differ",
    Evidence.SEASON_MISSING: "its season is not known",
    Evidence.NUMBER_MISSING: "its number is not known",
    Evidence.SEASON_EXTRA: "another season",
    Evidence.KIND_SAME: "type as the title says",
    Evidence.KIND_ALLIED: "type nearly as the title says",
    Evidence.KIND_DIFFERS: "type against the title",
    Evidence.YEAR_SAME: "year as the title says",
    Evidence.YEAR_NEAR: "year off by 1 from the title",
    Evidence.YEAR_DIFFERS: "year against the title",
    Evidence.GIVEN_YEAR_SAME: "same year",
    Evidence.GIVEN_KIND_SAME: "same type",
    Evidence.GIVEN_KIND_DIFFERS: "types differ",
    Evidence.GIVEN_EPISODES_SAME: "same number of episodes",
    Evidence.GIVEN_EPISODES_DIFFER: "more episodes than it has",
}
SHARED_NAME = "two entries share this name"
CLOSE_SECOND = "another entry is nearly as likely"


def reasons_of(found: Found, *, query: Query, marks: Marks, facts: Facts, covers: dict[int, int]) -> tuple[str, ...]:
    """At most a dozen texts, the way it was found first."""
    return tuple(dict.fromkeys(_each(found, query, marks, facts, covers)))


def _each(found: Found, query: Query, marks: Marks, facts: Facts, covers: dict[int, int]) -> Iterable[str]:
    for piece, amount in found:
        if piece is Evidence.SEASON_SAME:
            yield f"season {marks.season or marks.part} both"
        elif piece is Evidence.RATIO:
            yield f"{round(100 * (1 + amount))} % of the letters agree"
        elif piece in (Evidence.GIVEN_YEAR_NEAR, Evidence.GIVEN_YEAR_DIFFERS):
            yield f"year differs by {abs((query.year or 0) - (facts.year or 0))}"
        elif piece in (Evidence.COVER_SAME, Evidence.COVER_ALIKE):
            yield f"cover matches (distance {covers[facts.id]})"
        elif text := _TEXTS.get(piece):
            yield text
