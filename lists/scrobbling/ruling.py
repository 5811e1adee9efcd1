"""Which of a person's rules decides a play, and the episode that it comes to."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from accounts.facade import User
from catalog.facade import SerialPart, anime_ids_visible, anime_outlines, episodes_existing
from lists.models import ScrobblePlay, ScrobbleRule
from lists.models.entries import EPISODES_LIMIT
from lists.scrobbling.keys import counts_in_season
from lists.scrobbling.matching import Unmatched, parts_count, season_parts

Place = tuple[int, int]
"""(anime id, episode number)"""


def rules_of_plays(user: User, plays: Collection[ScrobblePlay]) -> dict[str, list[ScrobbleRule]]:
    """{key: the person's rules of it} over the keys of these plays; one query."""
    keys = {key for play in plays for key in (play.season_key, play.episode_key)}
    found: dict[str, list[ScrobbleRule]] = defaultdict(list)
    for rule in ScrobbleRule.objects.filter(user=user, key__in=sorted(keys)):
        found[rule.key].append(rule)
    return found


def rule_of(play: ScrobblePlay, rules: dict[str, list[ScrobbleRule]]) -> ScrobbleRule | None:
    """The rule that decides the play: its own before its season's, of a season's the one that begins last before it."""
    own = rules.get(play.episode_key)
    if own:
        return own[0]
    is_counted = counts_in_season(play)
    number = play.number or 0
    fitting = [
        rule
        for rule in rules.get(play.season_key, ())
        if rule.is_ignored or (is_counted and rule.episode_number is None and rule.first_number <= number)
    ]
    return max(fitting, key=lambda rule: rule.first_number, default=None)


def places_of(user: User, decided: Sequence[tuple[ScrobblePlay, ScrobbleRule]]) -> list[Place | None]:
    """The episode of each pair; None where the rule's anime has none such, or may not be seen. A few queries for all.

    Beyond the last episode it goes on in what continues the same season by its name, nowhere else.
    """
    asked = [(rule.anime_id or 0, _number(play, rule)) for play, rule in decided]
    counts = {key: outline.episode_count for key, outline in anime_outlines({key for key, _ in asked}).items()}
    there = episodes_existing([(key, number) for key, wanted in asked for number in (wanted, 1)])
    parts: dict[int, list[SerialPart]] = {}
    places = [_place(pair, counts, there, parts) for pair in asked]
    visible = anime_ids_visible(user, {place[0] for place in places if place is not None})
    return [place if place is not None and place[0] in visible else None for place in places]


def _number(play: ScrobblePlay, rule: ScrobbleRule) -> int:
    if rule.episode_number is not None:
        return rule.episode_number
    return (play.number or 0) + rule.offset


def _place(
    asked: Place, counts: dict[int, int | None], there: set[Place], parts: dict[int, list[SerialPart]]
) -> Place | None:
    anime_id, number = asked
    if not 1 <= number <= EPISODES_LIMIT or anime_id not in counts:
        return None
    count = counts[anime_id]
    if asked in there or (number <= count if count else (anime_id, 1) not in there):
        return asked
    if anime_id not in parts:
        parts[anime_id] = season_parts(anime_id)
    try:
        match = parts_count(parts[anime_id], number, "rule") if len(parts[anime_id]) > 1 else None
    except Unmatched:
        match = None
    return (match.anime_id, match.number) if match is not None else None
