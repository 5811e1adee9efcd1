"""How many episodes of an anime are in which state, without looking at each of thousands that nothing is known of."""

from collections import Counter
from collections.abc import Collection, Iterable

from catalog.facade import episodes_existing
from downloads.missing.gathering import MOST_EPISODES, AnimeFacts, evidence_of
from downloads.missing.states import GapState, Wish, state_of


def downloads_beyond(facts: Iterable[AnimeFacts]) -> set[tuple[int, int]]:
    """(anime id, number) of the episodes with a download whose number is above the number of episodes and that have no source,
    but are known to the catalogue by a row; one query, none where there is no such download.
    """
    odd = {
        (one.span.id, number)
        for one in facts
        for kind, number in one.downloads
        if kind == "regular" and not 1 <= number <= _count(one) and (kind, number) not in one.sources
    }
    return episodes_existing(odd)


def reasons_of(
    facts: AnimeFacts, missing: int, wish: Wish, *, beyond: Collection[tuple[int, int]] = ()
) -> dict[GapState, int]:
    """{state: episodes} of the `missing` regular episodes that are known and in no file; they add up, zeros are left out.

    Only what has a source or a download is judged one by one; the rest aired or did not. `beyond`: `downloads_beyond`.
    """
    count = _count(facts)
    places = {place for part in (facts.downloads, facts.sources) for place in part if place[0] == "regular"}
    judged = {
        place
        for place in places - set(facts.files)
        if 1 <= place[1] <= count or place in facts.sources or (facts.span.id, place[1]) in beyond
    }
    found = Counter(state_of(evidence_of(facts, place, wish)) for place in judged)
    rest = missing - len(judged)
    seen = {number for _kind, number in judged} | {number for kind, number in facts.files if kind == "regular"}
    to_come = min(rest, _to_come(facts, count, seen))
    found[GapState.NOT_AIRED] += to_come
    found[GapState.NO_SOURCE] += rest - to_come
    return {state: number for state, number in found.items() if number > 0}


def _count(facts: AnimeFacts) -> int:
    return min(facts.span.episode_count or 0, MOST_EPISODES)


def _to_come(facts: AnimeFacts, count: int, seen: set[int]) -> int:
    """How many episodes beside `seen` have not aired."""
    span, days, today = facts.span, facts.days, facts.today
    numbers = set(days.open)
    if span.is_open(today):
        numbers |= set(range(days.newest + 1, count + 1))
    return sum(
        not span.has_aired(number, days.open.get(number), newest=days.newest, today=today) for number in numbers - seen
    )
