"""The rows of the front page, as card documents. All leave out adult, hidden and merged anime."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db.models import F, QuerySet

from catalog.models import Anime, AnimeKind, AnimeStatus, Episode, EpisodeKind, EpisodeSource, SeasonName, SourceHealth

LENGTH = 20
ENOUGH_VOTES = 500
FULL_ROW = 6
SEASONS_BACK = 5
_SEASONS = (SeasonName.WINTER, SeasonName.SPRING, SeasonName.SUMMER, SeasonName.FALL)


@dataclass(frozen=True, slots=True)
class LatestEpisode:
    """The newest aired or added episode of an anime; `kinds` are the translations it can be watched in (sub, dub, raw)."""

    card: dict[str, Any]
    number: int
    kinds: frozenset[str] = field(default_factory=frozenset)


def season_of(day: datetime.date) -> tuple[int, SeasonName]:
    """(year, season) that `day` falls into: winter begins in January."""
    return day.year, _SEASONS[(day.month - 1) // 3]


def listed() -> QuerySet[Anime]:
    """What every visitor may see in rows."""
    return Anime.objects.public().filter(is_adult=False)


def _cards(anime: QuerySet[Anime], limit: int = LENGTH) -> list[dict[str, Any]]:
    return [
        orjson.loads(card)
        for card in anime.filter(document__isnull=False).values_list("document__card", flat=True)[:limit]
    ]


def row_airing(limit: int = LENGTH) -> list[dict[str, Any]]:
    """On the air now, the most followed first."""
    return _cards(listed().filter(status=AnimeStatus.AIRING).order_by("-popularity", "-id"), limit)


def row_season(day: datetime.date, limit: int = LENGTH) -> tuple[int, SeasonName, list[dict[str, Any]]]:
    """(year, season, cards) of the season of `day`, the most followed first.

    A catalogue that ends earlier shows the last season that fills a row: at most five queries, one in a current catalogue.
    """
    year, season = season_of(day)
    best: tuple[int, SeasonName, list[dict[str, Any]]] = (year, season, [])
    for back in range(SEASONS_BACK):
        number = year * 4 + _SEASONS.index(season) - back
        then = number // 4, _SEASONS[number % 4]
        cards = _cards(listed().filter(year=then[0], season=then[1]).order_by("-popularity", "-id"), limit)
        if len(cards) > len(best[2]):
            best = (*then, cards)
        if len(cards) >= FULL_ROW:
            break
    return best


def row_films(day: datetime.date, limit: int = LENGTH) -> list[dict[str, Any]]:
    """Films that have come out, the newest first."""
    out = listed().filter(kind=AnimeKind.MOVIE, start_date__lte=day)
    return _cards(out.order_by("-start_date", "-id"), limit)


def row_top(limit: int = LENGTH) -> list[dict[str, Any]]:
    """The best rated that enough people voted on; the most followed when nothing has votes."""
    best = _cards(listed().filter(votes__gte=ENOUGH_VOTES, score__isnull=False).order_by("-score", "-id"), limit)
    return best or _cards(listed().filter(popularity__gt=0).order_by("-popularity", "-id"), limit)


def row_upcoming(limit: int = LENGTH) -> list[dict[str, Any]]:
    """Announced and not yet on the air, the most followed first."""
    return _cards(listed().filter(status=AnimeStatus.UPCOMING).order_by("-popularity", "-id"), limit)


def row_watchable(limit: int = LENGTH) -> list[dict[str, Any]]:
    """What can be watched here, the newest source first."""
    live = EpisodeSource.objects.filter(is_enabled=True).exclude(health=SourceHealth.DEAD)
    newest = live.order_by("-id").values_list("episode__anime_id", flat=True)[: limit * 20]
    ids = list(dict.fromkeys(newest))[:limit]
    found = {card["id"]: card for card in _cards(listed().filter(id__in=ids))}
    return [found[anime_id] for anime_id in ids if anime_id in found]


def row_latest(day: datetime.date, limit: int = LENGTH) -> list[LatestEpisode]:
    """The newest episode of each anime that aired up to `day`, newest first. Three queries."""
    aired = Episode.objects.filter(kind=EpisodeKind.REGULAR, aired_on__lte=day).order_by("-aired_on", "-id")
    newest: dict[int, tuple[int, int]] = {}
    for anime_id, number, episode_id in aired.values_list("anime_id", "number", "id")[: limit * 6]:
        newest.setdefault(anime_id, (number, episode_id))
    kinds = _kinds_of(episode_id for _number, episode_id in newest.values())
    documents = listed().filter(id__in=newest, document__isnull=False).values_list("id", "document__card")
    cards = {anime_id: orjson.loads(card) for anime_id, card in documents}
    found = [
        LatestEpisode(cards[anime_id], number, kinds.get(episode_id, frozenset()))
        for anime_id, (number, episode_id) in newest.items()
        if anime_id in cards
    ]
    return found[:limit]


def _kinds_of(episode_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """{episode: kinds of translation} of those with a source that works."""
    rows = (
        EpisodeSource.objects.filter(episode_id__in=list(episode_ids), is_enabled=True, translation__isnull=False)
        .exclude(health=SourceHealth.DEAD)
        .values_list("episode_id", F("translation__kind"))
    )
    found: dict[int, set[str]] = {}
    for episode_id, kind in rows:
        found.setdefault(episode_id, set()).add(kind)
    return {episode_id: frozenset(kinds) for episode_id, kinds in found.items()}


def synopsis_of(anime_id: int) -> str:
    """The synopsis of one anime, "" when there is none."""
    return Anime.objects.filter(id=anime_id).values_list("synopsis", flat=True).first() or ""
