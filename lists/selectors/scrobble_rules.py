"""Plays that wait for their person's word with what they may be, and the rules that came of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from accounts.facade import User, sees_adult
from catalog.facade import (
    SERIES,
    AnimeOutline,
    anime_ids_by_external,
    anime_ids_visible,
    anime_outlines,
    franchise_ids,
    titles_search_many,
)
from lists.models import ScrobblePlay, ScrobbleRule
from lists.scrobbling.keys import deciding_key

CANDIDATES = 4
FOUND = 12
"""Anime offered for one play on its own page, or for a search there."""


@dataclass(slots=True)
class WaitingTitle:
    """Waiting plays that one word decides: the latest of them, how many there are, and their first and last numbers."""

    play: ScrobblePlay
    numbers: list[int] = field(default_factory=list)
    count: int = 0


def plays_waiting(user: User) -> QuerySet[ScrobblePlay]:
    """The person's plays that wait for a word, newest first, with their addresses."""
    rows = ScrobblePlay.objects.filter(endpoint__user=user, rule=None).select_related("endpoint")
    return rows.order_by("-played_at", "-pk")


def titles_waiting(user: User) -> list[WaitingTitle]:
    """All waiting plays, those that one word decides together, the latest first. One query."""
    found: dict[str, WaitingTitle] = {}
    for play in plays_waiting(user):
        title = found.setdefault(deciding_key(play), WaitingTitle(play))
        title.count += 1
        if play.number is not None:
            title.numbers.append(play.number)
    return list(found.values())


def rules_of(user: User) -> QuerySet[ScrobbleRule]:
    """The person's rules by title and season, each with its anime and how many kept plays it decided (`play_count`)."""
    rows = ScrobbleRule.objects.filter(user=user).select_related("anime").annotate(play_count=Count("plays"))
    return rows.order_by("title", "season", "first_number", "number", "pk")


def candidates_of_plays(
    user: User, plays: Collection[ScrobblePlay], *, limit: int = CANDIDATES
) -> dict[object, list[AnimeOutline]]:
    """{play's key: anime that it may be}, the likeliest first: those its ids name, then those that are called so.

    Four queries for all of them. For a special OVAs, specials and films come before series.
    """
    pairs = {(site, value) for play in plays for site, value in play.show_ids}
    named = anime_ids_by_external(pairs) if pairs else {}
    called = _hits(user, {play.title for play in plays}, limit)
    found = {
        play.pk: [
            *(anime_id for site, value in play.show_ids for anime_id in sorted(named.get((site, value), ()))),
            *called.get(play.title, ()),
        ]
        for play in plays
    }
    outlines = _visible_outlines(user, {anime_id for ids in found.values() for anime_id in ids})
    return {play.pk: _ordered(play, found[play.pk], outlines)[:limit] for play in plays}


def candidates_of_one(user: User, play: ScrobblePlay | ScrobbleRule) -> list[int]:
    """Ids of the anime that a play or a rule's title may be, the likeliest first; for a special its franchise's as well."""
    if isinstance(play, ScrobbleRule):
        ids = [*([play.anime_id] if play.anime_id else []), *titles_found(user, play.title, limit=FOUND)]
        return list(dict.fromkeys(ids))
    outlines = candidates_of_plays(user, [play], limit=FOUND)[play.pk]
    if play.season != 0 or not outlines:
        return [outline.id for outline in outlines]
    series = next((outline for outline in outlines if outline.kind in SERIES), outlines[0])
    around = _visible_outlines(user, franchise_ids(series.id))
    extras = sorted(
        (one for one in around.values() if one.kind not in SERIES), key=lambda one: (one.year or 9999, one.id)
    )
    return list(dict.fromkeys([one.id for one in (*extras[:FOUND], *outlines)]))


def titles_found(user: User, title: str, *, limit: int = FOUND) -> list[int]:
    """Ids of the anime whose names are most like `title`, as far as the person sees them."""
    return _hits(user, [title], limit)[title]


def _hits(user: User, titles: Collection[str], limit: int) -> dict[str, list[int]]:
    try:
        hits = titles_search_many(titles, limit=limit, include_adult=sees_adult(user))
    except OSError:  # no index on this host: ids still name some, and an id can be sent by an app
        hits = {}
    return {title: [hit.anime_id for hit in hits.get(title, ())] for title in titles}


def _visible_outlines(user: User, anime_ids: Collection[int]) -> dict[int, AnimeOutline]:
    return anime_outlines(anime_ids_visible(user, anime_ids))


def _ordered(play: ScrobblePlay, ids: Sequence[int], outlines: dict[int, AnimeOutline]) -> list[AnimeOutline]:
    there = [outlines[anime_id] for anime_id in dict.fromkeys(ids) if anime_id in outlines]
    if play.season == 0 or play.is_film:
        there.sort(key=lambda outline: outline.kind in SERIES)
    return there
