"""Who may see a provider's title: a title that is no anime for certain is as private as the anime that it may be."""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from accounts.facade import sees_hidden
from catalog.facade import Audience, anime_adult_check, anime_audiences
from providers.errors import TitleGone
from providers.matching.decision import QUEUE
from providers.models import MatchState, ProviderTitle

if TYPE_CHECKING:
    from accounts.models import User

MATCHED = (MatchState.AUTO, MatchState.HUMAN)
ADULT_WORDS = frozenset({"hentai", "erotica", "18+"})
"""Genres by which providers themselves say that a title is for adults; of what is matched the catalogue knows."""
_BETWEEN_WORDS = re.compile(r"[\s,/|]+")


def title_check(user: "User | None", title: ProviderTitle) -> None:
    """Raises `TitleGone` (404) where `user` may not see a hidden anime that the title may be, `AdultNotAllowed` (403) where
    not an adult one; one query.
    """
    audience = titles_audience([title])[title.pk]
    if audience.is_hidden and not (user is not None and sees_hidden(user)):
        raise TitleGone()
    anime_adult_check(user, audience.is_adult)


def titles_audience(titles: Collection[ProviderTitle]) -> dict[int, Audience]:
    """{title's id: who may see it}; one query, none where no title is or may be an anime.

    A matched title has its anime's audience. Any other only that which all anime have that a person would be asked about, or
    the likeliest where there is none of those, and that its own genres allow; what a person rejected has its genres' alone.
    One that the matcher has not looked at may be anything, and has the smallest.
    """
    wanted = {title.pk: _anime_ids(title) for title in titles}
    known = anime_audiences(set().union(*wanted.values()))
    found: dict[int, Audience] = {}
    for title in titles:
        is_unknown = title.match_state == MatchState.OPEN
        audience = Audience(
            is_hidden=is_unknown, is_adult=not _is_matched(title) and (is_unknown or _says_adult(title))
        )
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
