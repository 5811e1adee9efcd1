"""Who may see a provider's title: a title that is no anime for certain is as private as the anime that it may be."""

import re
from collections.abc import Collection
from typing import Any

from catalog.facade import Audience, anime_audiences
from providers.matching.decision import QUEUE
from providers.models import MatchState, ProviderTitle

MATCHED = (MatchState.AUTO, MatchState.HUMAN)
ADULT_WORDS = frozenset({"hentai", "erotica", "18+"})
"""Genres by which providers themselves say that a title is for adults; of what is matched the catalogue knows."""
_BETWEEN_WORDS = re.compile(r"[\s,/|]+")


def title_is_shown(title: ProviderTitle, *, adult: bool, shows_hidden: bool) -> bool:
    """Whether somebody may see the title who asked for adult ones (`adult`), who sees hidden anime (`shows_hidden`)."""
    return titles_audience([title])[title.pk].has(adult=adult, shows_hidden=shows_hidden)


def titles_audience(titles: Collection[ProviderTitle]) -> dict[int, Audience]:
    """{title's id: who may see it}; one query, none where no title is or may be an anime.

    A matched title has its anime's audience. Any other only that which all anime have that a person would be asked about, or
    the likeliest where there is none of those, and that its own genres allow; what a person rejected has its genres' alone.
    """
    wanted = {title.pk: _anime_ids(title) for title in titles}
    known = anime_audiences(set().union(*wanted.values()))
    found: dict[int, Audience] = {}
    for title in titles:
        audience = Audience(is_adult=not _is_matched(title) and _says_adult(title))
        for anime_id in wanted[title.pk]:
            audience |= known.get(anime_id, Audience())
        found[title.pk] = audience
    return found


def _is_matched(title: ProviderTitle) -> bool:
    return title.anime_id is not None and title.match_state in MATCHED


def _anime_ids(title: ProviderTitle) -> set[int]:
    """Ids of the anime that the title is, or of those that it may be."""
    if title.match_state == MatchState.REJECTED:
        return set()
    told = {title.anime_id} if title.anime_id is not None else set()
    if _is_matched(title):
        return told
    likely = [row["anime_id"] for row in title.candidates if row["confidence"] >= QUEUE]
    best: list[dict[str, Any]] = title.candidates[:1]
    return told | set(likely or [row["anime_id"] for row in best])


def _says_adult(title: ProviderTitle) -> bool:
    return any(ADULT_WORDS.intersection(_BETWEEN_WORDS.split(str(genre).casefold())) for genre in title.genres)
