"""The anime that a title may be, each with what speaks for and against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from rapidfuzz import fuzz, process

from providers.matching.evidence import Evidence
from providers.matching.index import HEAD, PARTS, TAIL, Facts, Index, bag
from providers.matching.marks import kinds_named
from providers.matching.normalise import Name, heads_of, name_read, tail_of, tails_of
from providers.matching.scoring import SIDE_KINDS, Found, evidence_of, share

_CONFLICTS = frozenset(
    {
        Evidence.SEASON_MISSING,
        Evidence.NUMBER_MISSING,
        Evidence.SEASON_DIFFERS,
        Evidence.SEASON_EXTRA,
        Evidence.KIND_DIFFERS,
        Evidence.KIND_ALLIED,
        Evidence.KIND_EXTRA,
        Evidence.YEAR_DIFFERS,
        Evidence.HEAD,
        Evidence.TAIL,
    }
)
_SEASON_LACKS = frozenset({Evidence.SEASON_MISSING, Evidence.NUMBER_MISSING})
_OTHER_KIND = frozenset({Evidence.KIND_DIFFERS, Evidence.KIND_ALLIED})
_HEAD, _ALONE = (Evidence.HEAD, 1.0), (Evidence.HEAD_ALONE, 1.0)
"""The beginning of a title, beside a whole one that fits and where nothing else does."""
_NEAR, _LIKE = 80, 14
_SEASONS_LIMIT = 12
_BETWEEN = 4
_SURE_RATIO = -0.08


@dataclass(slots=True)
class Lead:
    """One way to an anime: the name that led there and the evidence."""

    anime_id: int
    number: int
    evidence: Found


class Search:
    """The search for one title in one index."""

    def __init__(self, index: Index, title: str) -> None:
        self.index, self.title, self.name = index, title, name_read(title)
        self.leads: list[Lead] = []
        self._seen: set[int] = set()
        self._own, self._shared = -1, frozenset[int]()

    def run(self) -> list[Lead]:
        """All leads, in no order; none for a title without a letter or a digit."""
        if not self.name.strict:
            return []
        self._exact(self.name)
        if not any(_is_clean(lead) for lead in self.leads):
            self._loose()
            for lead in self.leads:
                lead.evidence = [_ALONE if piece == _HEAD else piece for piece in lead.evidence]
        self._contrast()
        return self.leads

    def _contrast(self) -> None:
        """Note what the leads say of each other, and what stands beside them in the catalogue."""
        index, marks = self.index, self.name.marks
        asked, kinds = marks.season or marks.part, kinds_named(marks.kinds)
        followers = {key for lead in self.leads for key in index.sequels.get(lead.anime_id, ()) if key != lead.anime_id}
        is_there = any(_is_season(lead) for lead in self.leads)
        for lead in self.leads:
            sequels, found = index.sequels.get(lead.anime_id, ()), lead.evidence
            found.append((Evidence.RELATED, log(1 + len(sequels) + len(index.sides.get(lead.anime_id, ())))))
            if asked < 2 and lead.anime_id in followers:
                found.append((Evidence.FOLLOWS_CANDIDATE, 1.0))
            pieces = {piece for piece, _ in found}
            if pieces & _SEASON_LACKS:
                is_inside = self.name.tail and Evidence.TAIL_CUT not in pieces
                found += [(Evidence.NUMBER_INSIDE, 1.0)] if is_inside else []
                found += [(Evidence.SEQUEL_EXISTS, 1.0)] if sequels else []
                found += [(Evidence.SEASON_ELSEWHERE, 1.0)] if is_there else []
            if Evidence.KIND_DIFFERS in pieces and any(side.kind in kinds for side in self._sides(lead.anime_id)):
                found.append((Evidence.SIDE_EXISTS, 1.0))

    def _exact(self, name: Name, extra: Found | None = None) -> None:
        index = self.index
        if not extra:
            self._titles(name)
        self._add(index.strict.find(name.strict), Evidence.STRICT, name, extra)
        self._add(index.full.find(name.full), Evidence.FULL, name, extra)
        self._add(index.base.find(name.base), Evidence.BASE, name, extra)
        if len(name.words) > 1:
            self._add(index.bag.find(bag(name.words)), Evidence.BAG, name, extra)

    def _titles(self, name: Name) -> None:
        """Note the main title that this is, as written or at least folded: it is one anime's own, or several share it."""
        index = self.index
        for numbers in (index.written.find(name.written), index.strict.find(name.strict)):
            whole = [number for number in numbers if index.origin[number] not in PARTS]
            main = [number for number in whole if not index.rank[number] and not index.origin[number]]
            if main and len({index.anime[number] for number in whole}) == 1:
                self._own = main[0]
            elif len(main) > 1:
                self._shared = frozenset(main)
            if whole:
                return

    def _loose(self) -> None:
        self.name.tail = tail_of(self.title)
        for head in heads_of(self.title, self.name):
            self._exact(head, [(Evidence.TAIL_CUT, 1.0)])
        for tail in tails_of(self.title):
            covered = share(tail.words, self.name.words, self.index)
            self._exact(tail, [(Evidence.HEAD_CUT, 1.0), (Evidence.COVERS_QUERY, covered)])
        groups = self.index.grams.near(self.name.base, limit=_NEAR)
        texts = [self.index.grams.texts[group] for group in groups]
        if texts:
            ratio = process.cdist([self.name.base], texts, scorer=fuzz.ratio)[0]
            likeness = ratio + 0.5 * process.cdist([self.name.base], texts, scorer=fuzz.partial_ratio)[0]
            for place in (-likeness).argsort()[:_LIKE]:
                self._add(self.index.grams.members(groups[place]), Evidence.FUZZY, self.name)
        for lead in list(self.leads):
            self._follow(lead)

    def _add(self, numbers: list[int], level: Evidence, name: Name, extra: Found | None = None) -> None:
        for number in numbers:
            if number in self._seen or (level is Evidence.FUZZY and self.index.origin[number] == TAIL):
                continue
            self._seen.add(number)
            anime_id = self.index.anime[number]
            facts = self.index.facts.get(anime_id)
            if facts is not None:
                found = evidence_of(
                    name, self.index, number, level, facts, is_cut=bool(extra), is_own=number == self._own
                )
                if number in self._shared:
                    found.append((Evidence.TITLE_SHARED, 1.0))
                if self.index.origin[number] == HEAD and level is not Evidence.FUZZY:
                    found.append((Evidence.HEAD_SHARED, self._heads(numbers)))
                if extra:
                    found += extra
                    if (Evidence.TAIL_CUT, 1.0) in extra and self.index.kinds[number] & ~name.marks.kinds:
                        found.append((Evidence.TAIL_AS_KIND, 1.0))
                self.leads.append(Lead(anime_id, number, found))

    def _heads(self, numbers: list[int]) -> float:
        """How many anime have a title that begins like this."""
        return log(len({self.index.anime[one] for one in numbers if self.index.origin[one] == HEAD}))

    def _follow(self, lead: Lead) -> None:
        """From a series that the title names to the season or the side story that it means."""
        origin = self.index.facts[lead.anime_id]
        if self.index.origin[lead.number] in PARTS or not _is_sure(lead):
            return
        asked = self.name.marks.season or self.name.marks.part
        steps = asked - max(self.index.season[lead.number], self.index.part[lead.number], 1)
        if 0 < steps < _SEASONS_LIMIT:
            for target in self._sequels(origin, steps):
                extra = [(Evidence.SEQUEL_SAME_KIND, 1.0)] if target.kind == origin.kind else []
                self._add_followed(target, origin, lead, Evidence.SEQUEL, extra)
        if any(piece in _OTHER_KIND for piece, _ in lead.evidence):
            kinds = kinds_named(self.name.marks.kinds)
            kinds |= SIDE_KINDS if kinds & SIDE_KINDS else set()
            targets = {target.id: target for target in self._sides(origin.id) if target.kind in kinds}
            for target in targets.values():
                extra = [(Evidence.SIDE_SHARED, log(len(targets)))]
                if "movie" in kinds:
                    extra.append((Evidence.SIDE_MOVIE, 1.0))
                self._add_followed(target, origin, lead, Evidence.SIDE, extra)

    def _add_followed(self, target: Facts, origin: Facts, lead: Lead, level: Evidence, extra: Found) -> None:
        found = evidence_of(self.name, self.index, lead.number, level, target, origin=origin)
        kept = [piece for piece in lead.evidence if piece[0] in _LIKENESS]
        self.leads.append(Lead(target.id, lead.number, found + kept + extra))

    def _sequels(self, origin: Facts, steps: int) -> list[Facts]:
        """The anime `steps` sequels on: along sequels of one type as long as there are any, and along the followed most."""
        ends = {}
        for is_of_type in (True, False):
            trail, here = {origin.id}, origin
            for _ in range(steps):
                following = self._following(here, trail, origin.kind if is_of_type else "")
                if not following:
                    break
                here = max(following, key=lambda one: (one.kind == origin.kind, one.weight))
                trail.add(here.id)
            else:
                ends[here.id] = here
        return list(ends.values())

    def _following(self, here: Facts, trail: set[int], kind: str) -> list[Facts]:
        """The sequels of one anime; those of `kind` even when others stand between."""
        facts, front = self.index.facts, [here.id]
        for _ in range(_BETWEEN):
            keys = [
                key for one in front for key in self.index.sequels.get(one, ()) if key in facts and key not in trail
            ]
            if found := [facts[key] for key in keys if kind in ("", facts[key].kind)]:
                return found
            front = keys
        return []

    def _sides(self, anime_id: int) -> Iterator[Facts]:
        for key in (*self.index.sides.get(anime_id, ()), *self.index.sequels.get(anime_id, ())):
            if key in self.index.facts:
                yield self.index.facts[key]


_LIKENESS = frozenset(
    {
        Evidence.RATIO,
        Evidence.CONTAINED,
        Evidence.TOKENS,
        Evidence.COVERS_QUERY,
        Evidence.COVERS_NAME,
        Evidence.TAIL_CUT,
    }
)


def _is_clean(lead: Lead) -> bool:
    return not any(kind in _CONFLICTS for kind, _ in lead.evidence)


def _is_season(lead: Lead) -> bool:
    return lead.evidence[0][0] <= Evidence.BAG and (Evidence.SEASON_SAME, 1.0) in lead.evidence


def _is_sure(lead: Lead) -> bool:
    level = lead.evidence[0][0]
    if level is not Evidence.FUZZY:
        return level < Evidence.FUZZY
    return any(kind is Evidence.RATIO and amount > _SURE_RATIO for kind, amount in lead.evidence)
