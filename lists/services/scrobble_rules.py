"""What somebody says of a media server's plays: which anime it was, or that it counts for nothing; remembered as rules."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import anime_get_visible, episode_place_get
from core.errors import ValidationFailed
from lists.access_scrobbling import get_play, get_rule
from lists.errors import ScrobbleDecided, TooManyScrobbleRules
from lists.models import ScrobblePlay, ScrobbleRule
from lists.models.entries import EPISODES_LIMIT
from lists.scrobbling.keys import counts_in_season, deciding_key
from lists.services.locking import person_lock
from lists.services.scrobble_plays import plays_decide, plays_of_key

RULES_MOST = 500
"""Rules of one person."""
Subject = ScrobblePlay | ScrobbleRule


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A rule as it stands now, and how many episodes of earlier plays it counted."""

    rule: ScrobbleRule
    counted: int


def play_assign(*, user: User, play_id: uuid.UUID, anime_id: int, episode_number: int | None = None) -> RuleSet:
    """Say which anime a waiting play was, and which episode of it: all of its season follow, kept ones and those to come.

    Without `episode_number` a numbered episode keeps its number; a film, or an anime of one episode, is episode 1; a special
    needs it. A special, a film and an episode without a number are remembered each for itself. Earlier plays count with
    their own times, in one line of history an anime, which undoes as every other. Of two who decide one play at once one
    gets `ScrobbleDecided`. Raises `NotFound`, `AnimeHidden`, `ValidationFailed`, `TooManyScrobbleRules`.
    """
    with transaction.atomic():
        person_lock(user.pk)
        play = _waiting(user, play_id)
        values = _choice(user, play, anime_id, episode_number)
        return _rule_write(user, play, deciding_key(play), values)


def play_ignore(*, user: User, play_id: uuid.UUID) -> ScrobbleRule:
    """Let the season of a waiting play count for nothing, now and later: of a special all specials of its show, of a film it
    alone. What season rules said of it before is forgotten. Raises `NotFound`, `ScrobbleDecided`, `TooManyScrobbleRules`.
    """
    with transaction.atomic():
        person_lock(user.pk)
        play = _waiting(user, play_id)
        is_season = counts_in_season(play) or (play.season == 0 and not play.is_film)
        key = play.season_key if is_season else play.episode_key
        values = {**_IGNORED, "number": None, "name": ""} if play.season == 0 else _IGNORED
        ScrobbleRule.objects.filter(user=user, key=key).exclude(first_number=0).delete()
        return _rule_write(user, play, key, values).rule


def rule_change(
    *,
    user: User,
    rule_id: uuid.UUID,
    anime_id: int | None = None,
    episode_number: int | None = None,
    is_ignored: bool = False,
) -> RuleSet:
    """Let a rule say something else: another anime, another episode for its number, or nothing (`is_ignored`).

    What is left out stays. The plays that are kept count for the new anime as well; what they counted for before is in the
    history, to be undone there. Raises as `play_assign` does.
    """
    with transaction.atomic():
        person_lock(user.pk)
        rule = get_rule(user, rule_id, lock=True)
        wanted = anime_id or rule.anime_id
        if is_ignored:
            values = dict(_IGNORED)
        elif wanted is None:
            raise ValidationFailed({"anime_id": [_("Say which anime it is.")]})
        elif rule.is_ignored and is_of_all_specials(rule):
            raise ValidationFailed({"anime_id": [_("Delete this rule first, then choose for each special.")]})
        else:
            values = _choice(user, rule, wanted, episode_number or rule.episode_here)
        others = ScrobbleRule.objects.filter(user=user, key=rule.key).exclude(pk=rule.pk)
        (others if is_ignored else others.filter(first_number=values["first_number"])).delete()
        for name, value in values.items():
            setattr(rule, name, value)
        rule.save(update_fields=[*values, "updated_at"])
        return RuleSet(rule, plays_decide(user=user, rows=plays_of_key(user, rule.key)))


def rule_remove(*, user: User, rule_id: uuid.UUID) -> None:
    """Forget a rule. Its kept plays wait again; what they counted stays on the list. Raises `NotFound`."""
    with transaction.atomic():
        person_lock(user.pk)
        rule = get_rule(user, rule_id, lock=True)
        rule.delete()
        plays_decide(user=user, rows=plays_of_key(user, rule.key))


def is_of_all_specials(rule: ScrobbleRule) -> bool:
    """Whether it is about every special of a show, which only ignoring can be."""
    return rule.season == 0 and not rule.is_film and rule.number is None and not rule.name


_IGNORED: dict[str, Any] = {
    "is_ignored": True,
    "anime_id": None,
    "offset": 0,
    "first_number": 0,
    "episode_number": None,
}


def _waiting(user: User, play_id: uuid.UUID) -> ScrobblePlay:
    play = get_play(user, play_id, lock=True)
    if play.rule_id is not None:
        raise ScrobbleDecided()
    return play


def _choice(user: User, subject: Subject, anime_id: int, episode_number: int | None) -> dict[str, Any]:
    """What a rule says that makes the subject this episode of that anime."""
    anime = anime_get_visible(user, anime_id)
    number = episode_number
    if number is None and counts_in_season(subject):
        number = subject.number or 1
    elif number is None and (subject.is_film or anime.episode_count == 1):
        number = 1
    if number is None:
        raise ValidationFailed({"episode_num": [_("Say which episode of it this is.")]})
    if not 1 <= number <= EPISODES_LIMIT:
        raise ValidationFailed({"episode_num": [_("The anime has no such episode.")]})
    episode_place_get(user, anime.pk, number)
    values = {**_IGNORED, "is_ignored": False, "anime_id": anime.pk}
    if not counts_in_season(subject):
        return {**values, "episode_number": number}
    offset = number - (subject.number or 0)
    # A season that begins before the anime does: its earlier numbers are another one's.
    return {**values, "offset": offset, "first_number": 1 - offset if offset < 0 else 0}


def _rule_write(user: User, play: ScrobblePlay, key: str, values: dict[str, Any]) -> RuleSet:
    own = ScrobbleRule.objects.filter(user=user)
    same = {"user": user, "key": key, "first_number": values["first_number"]}
    if not own.filter(**same).exists() and own.count() >= RULES_MOST:
        raise TooManyScrobbleRules()
    told = {name: getattr(play, name) for name in ("title", "name", "season", "number", "is_film")}
    rule, _is_new = ScrobbleRule.objects.update_or_create(
        **same, defaults={**told, "server": play.endpoint.server, **values}
    )
    return RuleSet(rule, plays_decide(user=user, rows=plays_of_key(user, key)))


__all__ = [
    "RULES_MOST",
    "RuleSet",
    "is_of_all_specials",
    "play_assign",
    "play_ignore",
    "rule_change",
    "rule_remove",
]
