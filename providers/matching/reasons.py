"""Evidence told in short texts that do not change: they are stored beside the decision, and translated when shown."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

from providers.matching.evidence import Evidence
from providers.matching.index import Facts
from providers.matching.marks import Marks
from providers.matching.queries import Query
from providers.matching.scoring import Found

_TEXTS = {
    Evidence.STRICT: gettext_noop("same title"),
    Evidence.OWN_TITLE: gettext_noop("no other entry has this title"),
    Evidence.TITLE_SHARED: gettext_noop("another entry has the same main title"),
    Evidence.FULL: gettext_noop("same title in another spelling"),
    Evidence.BASE: gettext_noop("same name"),
    Evidence.BAG: gettext_noop("same words in another order"),
    Evidence.FUZZY: gettext_noop("similar title"),
    Evidence.SEQUEL: gettext_noop("a sequel of this name"),
    Evidence.SIDE: gettext_noop("a side story of this name"),
    Evidence.HEAD: gettext_noop("the beginning of its title"),
    Evidence.HEAD_ALONE: gettext_noop("the beginning of its title"),
    Evidence.TAIL_CUT: gettext_noop("only the beginning of the title"),
    Evidence.HEAD_CUT: gettext_noop("only the end of the title"),
    Evidence.TAIL: gettext_noop("the end of its title"),
    Evidence.SYMBOLS_DIFFER: gettext_noop("signs differ"),
    Evidence.DIGITS_DIFFER: gettext_noop("numbers differ"),
    Evidence.SEASON_AS_PART: gettext_noop("season and part say the same"),
    Evidence.SEASON_DIFFERS: gettext_noop("seasons differ"),
    Evidence.SEASON_MISSING: gettext_noop("its season is not known"),
    Evidence.NUMBER_MISSING: gettext_noop("its number is not known"),
    Evidence.SEASON_EXTRA: gettext_noop("another season"),
    Evidence.KIND_SAME: gettext_noop("type as the title says"),
    Evidence.KIND_ALLIED: gettext_noop("type nearly as the title says"),
    Evidence.KIND_DIFFERS: gettext_noop("type against the title"),
    Evidence.YEAR_SAME: gettext_noop("year as the title says"),
    Evidence.YEAR_NEAR: gettext_noop("year off by 1 from the title"),
    Evidence.YEAR_DIFFERS: gettext_noop("year against the title"),
    Evidence.GIVEN_YEAR_SAME: gettext_noop("same year"),
    Evidence.GIVEN_KIND_SAME: gettext_noop("same type"),
    Evidence.GIVEN_KIND_DIFFERS: gettext_noop("types differ"),
    Evidence.GIVEN_EPISODES_SAME: gettext_noop("same number of episodes"),
    Evidence.GIVEN_EPISODES_DIFFER: gettext_noop("more episodes than it has"),
}
SHARED_NAME = gettext_noop("two entries share this name")
CLOSE_SECOND = gettext_noop("another entry is nearly as likely")
SEASON = gettext_noop("season {number} both")
LETTERS = gettext_noop("{number} of 100 letters agree")
YEARS_BETWEEN = gettext_noop("year differs by {number}")
COVER = gettext_noop("cover matches (distance {number})")
_NUMBERED = frozenset({SEASON, LETTERS, YEARS_BETWEEN, COVER})


def reason_told(reason: str) -> str:
    """A stored text in the language of who reads it."""
    number = re.search(r"\d+", reason)
    template = reason.replace(number[0], "{number}", 1) if number else ""
    return gettext(template).format(number=number[0]) if number and template in _NUMBERED else gettext(reason)


def reasons_of(found: Found, *, query: Query, marks: Marks, facts: Facts, covers: dict[int, int]) -> tuple[str, ...]:
    """At most a dozen texts, the way it was found first."""
    return tuple(dict.fromkeys(_each(found, query, marks, facts, covers)))


def _each(found: Found, query: Query, marks: Marks, facts: Facts, covers: dict[int, int]) -> Iterable[str]:
    for piece, amount in found:
        if piece is Evidence.SEASON_SAME:
            yield SEASON.format(number=marks.season or marks.part)
        elif piece is Evidence.RATIO:
            yield LETTERS.format(number=round(100 * (1 + amount)))
        elif piece in (Evidence.GIVEN_YEAR_NEAR, Evidence.GIVEN_YEAR_DIFFERS):
            yield YEARS_BETWEEN.format(number=abs((query.year or 0) - (facts.year or 0)))
        elif piece in (Evidence.COVER_SAME, Evidence.COVER_ALIKE):
            yield COVER.format(number=covers[facts.id])
        elif text := _TEXTS.get(piece):
            yield text
