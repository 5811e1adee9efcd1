"""Plays of media servers that wait for their person's word: kept, decided by rules, counted with their own times."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.facade import User
from lists.models import ChangeSource, ScrobbleEndpoint, ScrobbleOutcome, ScrobblePlay, ScrobbleRule
from lists.scrobbling.keys import play_keys
from lists.scrobbling.plays import Play
from lists.scrobbling.ruling import Place, places_of, rule_of, rules_of_plays
from lists.services.episodes import UNKNOWN_LENGTH, episode_watched
from lists.services.locking import person_lock
from lists.services.watching import SeenEpisode, episodes_seen

PLAYS_KEPT = 200
"""Of a person, the latest that wait; and as many of those that a rule decided, to be counted anew when it changes."""
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule made of a play. `place` is None where it counts for nothing."""

    outcome: str
    reason: str
    place: Place | None = None


def play_row(endpoint: ScrobbleEndpoint, play: Play) -> ScrobblePlay:
    """The play as it is kept, played now; not stored yet."""
    keys = play_keys(endpoint.server, play)
    return ScrobblePlay(
        endpoint=endpoint,
        season_key=keys.season,
        episode_key=keys.episode,
        title=play.title,
        name=play.name,
        season=None if play.is_film else play.season,
        number=None if play.is_film else play.number,
        year=play.year,
        is_film=play.is_film,
        length=play.length,
        show_ids=[list(pair) for pair in play.show_ids],
        played_at=timezone.now(),
    )


def play_by_rule(*, user: User, row: ScrobblePlay) -> Ruled | None:
    """Decide a play that just came by the person's rules, and keep it with its rule; None when no rule is about it.

    A play for which the rule's anime has no episode waits.
    """
    if not rules_of_plays(user, [row]):
        return None
    with transaction.atomic():
        person_lock(user.pk)  # so that no rule changes between the look and the keeping
        return _ruled(user, row)


def play_hold(*, user: User, row: ScrobblePlay, reason: str) -> Ruled | None:
    """Keep a play that nothing matched, once however often it is told. Returns what a rule made meanwhile says of it."""
    with transaction.atomic():
        person_lock(user.pk)
        ruled = _ruled(user, row)
        if ruled is None:
            row.reason = reason
            _keep(user, row)
    return ruled


def plays_of_key(user: User, key: str) -> list[ScrobblePlay]:
    """The person's kept plays that a rule of this key may decide, in the order in which they were played."""
    rows = ScrobblePlay.objects.filter(Q(season_key=key) | Q(episode_key=key), endpoint__user=user)
    return list(rows.select_related("endpoint").order_by("played_at", "pk"))


def plays_decide(*, user: User, rows: Collection[ScrobblePlay]) -> int:
    """Put kept plays under the rules as they are now and count what they come to; returns how many episodes counted.

    Each counts with the time at which it was played, once per episode. The caller holds the person's lock. Plays of no
    rule, and those for which the rule's anime has no episode, wait. An anime's episodes are one line of history.
    """
    rules = rules_of_plays(user, rows)
    found = [(row, rule_of(row, rules)) for row in rows]
    chosen = [(row, rule) for row, rule in found if rule is not None and not rule.is_ignored]
    places = {row.pk: place for (row, _), place in zip(chosen, places_of(user, chosen), strict=True)}
    seen = []
    for row, rule in found:
        row.rule = rule
        place = places.get(row.pk)
        if place is not None:
            length = row.length or UNKNOWN_LENGTH
            seen.append(SeenEpisode(place[0], place[1], length, length, row.played_at))
        elif row.pk in places:
            row.rule, row.reason = None, "rule_beyond"
    ScrobblePlay.objects.bulk_update(rows, ["rule", "reason"], batch_size=_CHUNK)
    return episodes_seen(user=user, seen=_firsts(seen), source=ChangeSource.SCROBBLE)


def _firsts(seen: Collection[SeenEpisode]) -> list[SeenEpisode]:
    """Of several sightings of one episode the first, as it was counted then."""
    first: dict[Place, SeenEpisode] = {}
    for one in seen:
        first.setdefault((one.anime_id, one.number), one)
    return list(first.values())


def _ruled(user: User, row: ScrobblePlay) -> Ruled | None:
    """The caller holds the person's lock."""
    rule = rule_of(row, rules_of_plays(user, [row]))
    if rule is None:
        return None
    if rule.is_ignored:
        _keep(user, row, rule)
        return Ruled(ScrobbleOutcome.IGNORED, "rule_ignored")
    place = places_of(user, [(row, rule)])[0]
    if place is None:
        row.reason = "rule_beyond"
        _keep(user, row)
        return Ruled(ScrobbleOutcome.UNMATCHED, row.reason)
    _keep(user, row, rule)
    counted = episode_watched(
        user=user,
        anime_id=place[0],
        episode_number=place[1],
        source=ChangeSource.SCROBBLE,
        watched_at=row.played_at,
        length=row.length,
    )
    return Ruled(ScrobbleOutcome.COUNTED if counted.is_counted else ScrobbleOutcome.ALREADY, "by_rule", place)


def _keep(user: User, row: ScrobblePlay, rule: ScrobbleRule | None = None) -> None:
    """Store it where it is not kept yet, and forget the oldest beyond the bound."""
    row.rule = rule
    ScrobblePlay.objects.bulk_create([row], ignore_conflicts=True)
    kind = ScrobblePlay.objects.filter(endpoint__user=user, rule__isnull=rule is None)
    newest = kind.order_by("-played_at", "-pk").values_list("pk", flat=True)
    older = list(newest[PLAYS_KEPT : PLAYS_KEPT + _CHUNK])
    if older:
        ScrobblePlay.objects.filter(pk__in=older).delete()
