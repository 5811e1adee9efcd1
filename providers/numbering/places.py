"""A provider's numbers to episodes of ours: overrides of people first, then what is known of the series, then the number itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Self

from providers.models import ProviderEpisode, ProviderTitle
from providers.numbering.facts import SPECIAL, Facts, facts_load
from providers.numbering.rules import Place, Rule, Verdict
from providers.numbering.seasons import REGULAR, parts_count

RANGE = 500
"""The most episodes that one entry of a list may be."""
BEYOND_SHARE, BEYOND = 1.5, 50
"""How far beyond the known count a number is believed: as many times, and as many episodes, whichever is less."""
MOST = 100_000
"""No anime has as many episodes, whatever a person says of an open range."""
HALVES = 1_000_000
"""Recaps between two episodes ("12.5") are specials of numbers of their own: this + 10 · 12 + 5."""
_HALF = re.compile(r"(?<![\d.,])(\d{1,4})[.,]5(?!\d)")


@dataclass(frozen=True, slots=True)
class Placed:
    """What one entry of a list is: every episode of its range that has a place, and the rule of the first."""

    places: tuple[Place, ...]
    rule: Rule


class Places:
    """Where the numbers of one title belong. Loaded once, pure from then on."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        begins = {facts.begins_at, *(row.first for row in facts.redirects if row.anime_id == facts.anime_id)}
        self._is_counted_on = (facts.lowest or 0) > 1 and facts.lowest in begins
        """The list begins where the series before it ended: it counts on through the whole series."""

    @classmethod
    def of(cls, title: ProviderTitle) -> Self:
        """The places of a title; at most ten queries, whatever it lists."""
        return cls(facts_load(title))

    def place(self, season: int | None, number: float | None) -> Place | None:
        """The episode that the provider counts so, None for none of ours. See `judge`."""
        return self.judge(season, number).place

    def of_episode(self, row: ProviderEpisode) -> Placed:
        """What an entry of the list is: one episode, a range, or nothing of ours."""
        verdicts = [self.judge(row.season, number) for number in _numbers(row)]
        places = tuple(dict.fromkeys(one.place for one in verdicts if one.place is not None))
        if not verdicts:
            return Placed((), Rule.BEYOND)
        first = next((one for one in verdicts if one.place is not None), verdicts[0])
        return Placed(places, first.rule)

    def judge(self, season: int | None, number: float | None) -> Verdict:
        """The place of `number` of the provider's `season` (None: it counts in none, 0: films and extras), and why.

        No `number` is how films are listed; 12.5 is a recap between two episodes.
        """
        facts = self._facts
        told = self._overridden(season, number)
        if told is not None:
            return told
        if facts.anime_id is None:
            return Verdict(None, Rule.UNMATCHED)
        if facts.is_film and number in (None, 0, 1):
            return Verdict(Place(facts.anime_id, REGULAR, 1), Rule.SINGLE)
        if number is None:
            return Verdict(None, Rule.UNNUMBERED)
        if number != int(number):
            return Verdict(_half(facts.anime_id, number), Rule.HALF)
        if season == 0:
            return self._special(facts.anime_id, int(number))
        if season and number:
            told = self._of_season(season, int(number))
            if told is not None:
                return told
        return self._continued(facts.anime_id, int(number), is_counted_on=season is None and self._is_counted_on)

    def _overridden(self, season: int | None, number: float | None) -> Verdict | None:
        """What a person said; an entry without a number counts as 0."""
        whole = int(number or 0)
        for row in self._facts.overrides:
            if row.season not in (None, season) or whole < row.first or (row.last is not None and whole > row.last):
                continue
            if row.anime_id is None:
                return Verdict(None, Rule.LEFT_OUT)
            if number is not None and number != whole:
                return Verdict(_half(row.anime_id, number), Rule.OVERRIDE)
            target = row.target_first + whole - row.first
            if target > MOST:
                return Verdict(None, Rule.BEYOND)
            return Verdict(Place(row.anime_id, row.target_kind, target), Rule.OVERRIDE)
        return None

    def _special(self, anime_id: int, number: int) -> Verdict:
        known = self._facts.by_season.get((0, number))
        if known is not None:
            return Verdict(known, Rule.TVDB)
        if number > self._limit(anime_id):
            return Verdict(None, Rule.BEYOND)
        return Verdict(Place(anime_id, SPECIAL, number), Rule.SPECIAL)

    def _of_season(self, season: int, number: int) -> Verdict | None:
        """By TheTVDB's seasons, else along the sequels; None where the number goes beyond what the season has."""
        facts = self._facts
        known = facts.by_season.get((season, number))
        if known is not None:
            return Verdict(known, Rule.TVDB)
        parts = facts.seasons.get(season) or (None if facts.is_split else facts.seasons.get(0))
        if parts is None:
            return Verdict(None, Rule.NO_SEASON) if season > 1 else None
        place = parts_count(parts, number, facts.counts)
        if place is not None:
            return self._bounded(place, Rule.SEASON)
        counted_on = facts.by_absolute.get(number)
        if counted_on is not None and any(part.id == counted_on.anime_id for part in parts):
            return Verdict(counted_on, Rule.ABSOLUTE)
        last = parts[-1].id
        if last == facts.anime_id:
            return None
        before = sum(facts.counts[part.id] for part in parts[:-1])
        return self._bounded(Place(last, REGULAR, number - before), Rule.SEASON)

    def _continued(self, anime_id: int, number: int, *, is_counted_on: bool) -> Verdict:
        """A number of the anime itself, or one that goes on behind its last episode or begins behind those before it."""
        facts = self._facts
        count = facts.counts.get(anime_id)
        known = max(count or 0, facts.highest.get(anime_id, 0))
        if is_counted_on and number in facts.by_absolute:
            return Verdict(facts.by_absolute[number], Rule.ABSOLUTE)
        if not is_counted_on and 0 < number <= known:
            return Verdict(Place(anime_id, REGULAR, number), Rule.OWN)
        redirected = self._redirected(number)
        if redirected is not None:
            return redirected
        if not number:
            return Verdict(Place(anime_id, SPECIAL, 0), Rule.SPECIAL)
        if count is not None and number > known:
            counted_on = facts.by_absolute.get(number) if facts.begins_at == 1 else None
            if counted_on is not None and counted_on.anime_id != anime_id:
                return Verdict(counted_on, Rule.ABSOLUTE)
            part = parts_count(facts.parts, number, facts.counts) if len(facts.parts) > 1 else None
            if part is not None:
                return self._bounded(part, Rule.PART)
        return self._bounded(Place(anime_id, REGULAR, number), Rule.OWN)

    def _redirected(self, number: int) -> Verdict | None:
        """What the public list of redirections says of this number of the anime."""
        for row in self._facts.redirects:
            if row.first <= number and (row.last is None or number <= row.last):
                if row.anime_id is None:
                    return Verdict(None, Rule.ELSEWHERE)
                target = row.target_first + number - row.first
                target = target if row.target_last is None else min(target, row.target_last)
                return self._bounded(Place(row.anime_id, REGULAR, target), Rule.REDIRECT)
        return None

    def _bounded(self, place: Place, rule: Rule) -> Verdict:
        is_believed = place.number <= self._limit(place.anime_id)
        return Verdict(place, rule) if is_believed else Verdict(None, Rule.BEYOND)

    def _limit(self, anime_id: int) -> int:
        """The highest number that is believed of an anime: a little beyond what is known of it."""
        facts = self._facts
        highest = facts.highest.get(anime_id, 0)
        count = facts.counts.get(anime_id)
        if count is None:
            return max(highest, facts.announced, facts.listed) + BEYOND
        known = max(count, highest)
        return min(ceil(known * BEYOND_SHARE), known + BEYOND)


def _half(anime_id: int, number: float) -> Place:
    return Place(anime_id, SPECIAL, HALVES + round(number * 10))


def _numbers(row: ProviderEpisode) -> Iterator[float | None]:
    """The numbers of an entry; none where its range is beyond belief."""
    if row.first is None:
        half = _HALF.search(row.label)
        yield int(half[1]) + 0.5 if half else None
        return
    last = max(row.first, row.last or row.first)
    if last == row.first and any(int(found) == row.first for found in _HALF.findall(row.label)):
        yield row.first + 0.5
    elif last - row.first < RANGE:
        yield from range(row.first, last + 1)
