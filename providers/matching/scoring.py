"""What speaks for and against one candidate: marks, words, popularity."""

from rapidfuzz import fuzz

from providers.matching.evidence import Evidence
from providers.matching.index import HEAD, PARTS, UNKNOWN, WHOLE, WITHOUT_TV, Facts, Index
from providers.matching.marks import KIND_BITS, kinds_named
from providers.matching.normalise import Name

Found = list[tuple[Evidence, float]]

_KINDS = {
    "movie": Evidence.IS_MOVIE,
    "ova": Evidence.IS_OVA,
    "ona": Evidence.IS_ONA,
    "special": Evidence.IS_SPECIAL,
    "tv_special": Evidence.IS_SPECIAL,
    "music": Evidence.IS_MUSIC,
    "pv": Evidence.IS_ADVERT,
    "cm": Evidence.IS_ADVERT,
}
_RANKS = (None, Evidence.OFFICIAL, Evidence.SYNONYM, Evidence.OTHER_LANGUAGE)
MOST_FOLLOWED = 6.5
_AGE_ZERO = 2005
SIDE_KINDS = frozenset({"ova", "ona", "special", "tv_special"})
"""Types that providers mix up: "OVA" may be a special."""


def evidence_of(
    name: Name,
    index: Index,
    number: int,
    level: Evidence,
    facts: Facts,
    *,
    origin: Facts | None = None,
    is_cut: bool = False,
    is_own: bool = False,
) -> Found:
    """Everything between a title and the name `number` of `index`, which is of the anime `facts` tell of.

    `is_own`: no other anime has this title, so how many follow it says nothing.
    """
    found: Found = [(level, 1.0)]
    is_head, is_part = index.origin[number] == HEAD, index.origin[number] in PARTS
    is_main = level is Evidence.STRICT and not is_cut and not index.rank[number] and not is_part
    if is_main and index.origin[number] == WHOLE:
        found.append((Evidence.MAIN_SAME, 1.0))
    if is_own:
        found.append((Evidence.OWN_TITLE, 1.0))
    if is_part:
        found.append((Evidence.HEAD if is_head else Evidence.TAIL, 1.0))
    elif level <= Evidence.FULL and not is_cut:
        is_same = index.symbols[number] in (name.symbols, f"{name.symbols}.")
        found.append((Evidence.SYMBOLS_SAME if is_same else Evidence.SYMBOLS_DIFFER, 1.0))
    if level is not Evidence.STRICT:
        found.append((Evidence.SPELLING, fuzz.ratio(name.strict, index.text[number]) / 100 - 1))
    if index.origin[number] == WITHOUT_TV:
        found.append((Evidence.WITHOUT_TV, 1.0))
    is_year = bool(name.marks.year) and facts.year == name.marks.year
    if level is not Evidence.SEQUEL:
        found += _sequence(name, index, number, is_year=is_year)
    is_kind = _kind(found, name, index.kinds[number], facts.kind)
    if name.marks.year:
        if facts.year is not None:
            found.append((_year(abs(facts.year - name.marks.year)), 1.0))
    elif index.year[number]:
        found.append((Evidence.YEAR_EXTRA, 1.0))
    if level is Evidence.FUZZY:
        found += _likeness(name, index, index.words[number])
    if rank := _RANKS[index.rank[number]]:
        found.append((rank, 1.0))
    is_loose = is_part or is_cut or level is Evidence.FUZZY
    found += _followed(found, facts, origin, is_own=is_own, is_main=is_main, is_loose=is_loose)
    if not origin and not is_kind:
        found.append((Evidence.POPULAR_OTHER_KIND, facts.weight))
    return found + _nature(facts, is_loose=is_loose)


def _followed(
    found: Found, facts: Facts, origin: Facts | None, *, is_own: bool, is_main: bool, is_loose: bool
) -> Found:
    """How many follow it. A sequel that is asked for by its number borrows what its predecessor has."""
    weight = MOST_FOLLOWED if is_own else (origin or facts).weight
    is_lent = facts.lent > 0 and (Evidence.SEASON_SAME, 1.0) in found
    if is_lent:
        weight = max(weight, facts.lent)
    told: Found = [(Evidence.POPULAR_LOOSE if is_loose else Evidence.POPULAR, weight)]
    if (Evidence.HEAD, 1.0) in found:
        told.append((Evidence.POPULAR_HEAD, weight))
    if is_main:
        told.append((Evidence.POPULAR_MAIN, weight))
    if facts.weight <= UNKNOWN and not is_own and not is_lent:
        told.append((Evidence.UNFOLLOWED, 1.0))
    if origin:
        told.append((Evidence.FOLLOWED_POPULAR, facts.weight))
    return told


def _nature(facts: Facts, *, is_loose: bool) -> Found:
    """What type it is and how old, whatever was asked."""
    told: Found = []
    if kind := _KINDS.get(facts.kind):
        told.append((kind, 1.0))
        if is_loose:
            told.append((Evidence.SIDE_LOOSE, 1.0))
    if facts.year is not None:
        told.append((Evidence.AGE, (facts.year - _AGE_ZERO) / 10))
    return told


def _sequence(name: Name, index: Index, number: int, *, is_year: bool) -> Found:
    """Seasons and parts of both. Where a title has only one number, it may be either."""
    marks, season, part = name.marks, index.season[number], index.part[number]
    if (marks.season and marks.part) or (season and part):
        found: Found = []
        for asked, own in ((marks.season or 1, season or 1), (marks.part or 1, part or 1)):
            if asked == own:
                found += [(Evidence.SEASON_SAME, 1.0)] if asked > 1 else []
            else:
                found.append((Evidence.SEASON_DIFFERS, 1.0))
        return found
    asked, own = marks.season or marks.part, season or part
    if asked == own:
        if asked < 2:
            return []
        is_same = bool(marks.season) == bool(season)
        return [(Evidence.SEASON_SAME if is_same else Evidence.SEASON_AS_PART, 1.0)]
    if asked and own:
        return [(Evidence.SEASON_DIFFERS, 1.0)]
    if asked > 1:
        if str(asked) in index.words[number].split():
            return [(Evidence.SEASON_SAME, 1.0)]
        return [(Evidence.SEASON_MISSING if marks.is_season_named else Evidence.NUMBER_MISSING, 1.0)]
    return [(Evidence.SEASON_EXTRA, 1.0)] if own > 1 and not is_year else []


def _kind(found: Found, name: Name, named: int, kind: str) -> bool:
    """Note what the title's marks say of the type; False when they speak against it."""
    asked = name.marks.kinds
    is_kind = True
    if asked:
        is_kind = kind in kinds_named(asked)
        found.append((_kind_evidence(asked, kind, is_kind=is_kind), 1.0))
        if not is_kind:
            found += _kind_by_asked(asked, kind)
        if named & asked:
            found.append((Evidence.KIND_NAMED, 1.0))
    if extra := named & ~asked:
        is_television = extra == KIND_BITS["tv"]
        found.append((Evidence.TELEVISION_EXTRA if is_television else Evidence.KIND_EXTRA, 1.0))
    return is_kind


def _kind_by_asked(asked: int, kind: str) -> Found:
    """What it means that a candidate is of another type depends on the type that was asked for."""
    if asked & KIND_BITS["movie"]:
        return [(Evidence.MOVIE_DIFFERS, 1.0)]
    if asked & KIND_BITS["ova"]:
        return [(Evidence.OVA_ALLIED if kind in SIDE_KINDS else Evidence.OVA_DIFFERS, 1.0)]
    return [(Evidence.SPECIAL_DIFFERS, 1.0)] if asked & KIND_BITS["special"] else []


def _kind_evidence(asked: int, kind: str, *, is_kind: bool) -> Evidence:
    if not is_kind:
        return Evidence.KIND_DIFFERS
    is_allied = asked & KIND_BITS["special"] and kind not in ("special", "tv_special")
    return Evidence.KIND_ALLIED if is_allied else Evidence.KIND_SAME


def _year(distance: int) -> Evidence:
    if distance == 0:
        return Evidence.YEAR_SAME
    return Evidence.YEAR_NEAR if distance == 1 else Evidence.YEAR_DIFFERS


def _likeness(name: Name, index: Index, others: str) -> Found:
    words = name.words
    mine, other_words = " ".join(words), others.split()
    one, other = mine.replace(" ", ""), others.replace(" ", "")
    shared = set(words) & set(other_words)
    both = _scarcity(shared, index)
    found = [
        (Evidence.RATIO, fuzz.ratio(one, other) / 100 - 1),
        (Evidence.CONTAINED, fuzz.partial_ratio(one, other) / 100 - 1),
        (Evidence.TOKENS, fuzz.token_set_ratio(mine, others) / 100 - 1),
        (Evidence.COVERS_QUERY, both / (_scarcity(words, index) or 1) - 1),
        (Evidence.COVERS_NAME, both / (_scarcity(other_words, index) or 1) - 1),
    ]
    if name.tail:
        found.append((Evidence.TAIL_CONTAINED, fuzz.partial_ratio(name.tail, other) / 100 - 1))
    if [word for word in words if word.isdecimal()] != [word for word in other_words if word.isdecimal()]:
        found.append((Evidence.DIGITS_DIFFER, 1.0))
    return found


def share(words: list[str], whole: list[str], index: Index) -> float:
    """How much of a title some of its words are, by their scarcity, less one."""
    return min(1.0, _scarcity(words, index) / (_scarcity(whole, index) or 1)) - 1


def _scarcity(words: "list[str] | set[str]", index: Index) -> float:
    get, new = index.scarcity.get, index.scarcity_of_new
    return sum(get(word, new) for word in words)
